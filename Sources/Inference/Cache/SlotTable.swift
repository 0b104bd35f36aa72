/// Which tokens each slot of the cache holds, and which slot a new prompt should take.
struct SlotTable {
  /// What a new sequence starts from.
  struct Choice: Equatable {
    let slot: Int
    /// Tokens of the prompt whose keys and values are there, once copied.
    let reused: Int
    /// The slot to copy them from; nil when they are in place.
    let source: Int?
  }

  private struct Slot {
    var tokens: [TokenID] = []
    var isBusy = false
    var lastUse = 0
  }

  private var slots: [Slot]
  private var clock = 0

  init(count: Int) {
    slots = Array(repeating: Slot(), count: count)
  }

  /// Takes an idle slot for a prompt; nil when all are busy.
  ///
  /// The longest common prefix decides, also with busy slots, whose finished positions do not
  /// change. The holder itself is taken when it is idle and would lose no more than it lends;
  /// else its prefix is copied to the idle slot that was used longest ago. The last token of
  /// the prompt is never reused: its logits are needed.
  mutating func take(for prompt: [TokenID]) -> Choice? {
    let idle = slots.indices.filter { !slots[$0].isBusy }
    guard let oldest = idle.min(by: { slots[$0].lastUse < slots[$1].lastUse }) else { return nil }
    let lendable = Array(prompt.dropLast())
    let shared = slots.map { $0.tokens.commonBeginning(with: lendable) }
    // The first of the longest, an idle one before a busy one.
    let longest = shared.max() ?? 0
    let holders = slots.indices.filter { shared[$0] == longest }
    let holder = holders.first { !slots[$0].isBusy } ?? holders.first ?? oldest
    let lost = slots[holder].tokens.count - longest
    let inPlace = !slots[holder].isBusy && (lost <= longest || holder == oldest)
    let slot = longest == 0 ? oldest : (inPlace ? holder : oldest)
    clock += 1
    slots[slot].isBusy = true
    slots[slot].lastUse = clock
    slots[slot].tokens = Array(prompt.prefix(longest))
    return Choice(
      slot: slot, reused: longest, source: slot == holder || longest == 0 ? nil : holder)
  }

  /// Notes that a slot holds one position more.
  mutating func append(_ token: TokenID, to slot: Int) {
    slots[slot].tokens.append(token)
  }

  /// Gives a slot back; what it holds stays for the next prompt.
  mutating func release(_ slot: Int) {
    clock += 1
    slots[slot].isBusy = false
    slots[slot].lastUse = clock
  }
}

extension [TokenID] {
  /// How many tokens both begin with.
  func commonBeginning(with other: [TokenID]) -> Int {
    let limit = Swift.min(count, other.count)
    var length = 0
    while length < limit, self[length] == other[length] { length += 1 }
    return length
  }
}

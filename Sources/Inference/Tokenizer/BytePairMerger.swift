/// Merges neighbouring tokens of one word, lowest rank first, leftmost first among equals.
///
/// A heap of candidate pairs over a linked list: n log n in the word's length, so that a long
/// text without spaces costs no more than its length deserves.
struct BytePairMerger {
  private struct Symbol {
    var token: TokenID
    var previous: Int
    var next: Int  // the word's length at the end
    var alive = true
  }

  private struct Candidate {
    let rank: UInt32
    let left: Int
    let right: Int
    let pair: TokenPair
    let merged: TokenID

    func precedes(_ other: Candidate) -> Bool {
      rank != other.rank ? rank < other.rank : left < other.left
    }
  }

  private let merges: [TokenPair: Merge]
  private var symbols: [Symbol] = []
  private var heap: [Candidate] = []

  init(merges: [TokenPair: Merge]) {
    self.merges = merges
  }

  /// Appends the merged tokens of a word to `output`.
  mutating func merge(_ word: [TokenID], into output: inout [TokenID]) {
    guard word.count > 1 else { return output.append(contentsOf: word) }
    symbols.removeAll(keepingCapacity: true)
    heap.removeAll(keepingCapacity: true)
    for (index, token) in word.enumerated() {
      symbols.append(Symbol(token: token, previous: index - 1, next: index + 1))
    }
    for left in 0..<word.count - 1 { propose(left, left + 1) }
    while let best = popCandidate() {
      // A candidate is stale once either side has been merged into something else.
      guard symbols[best.left].alive, symbols[best.right].alive,
        symbols[best.left].next == best.right,
        TokenPair(symbols[best.left].token, symbols[best.right].token) == best.pair
      else { continue }
      symbols[best.left].token = best.merged
      symbols[best.right].alive = false
      let next = symbols[best.right].next
      symbols[best.left].next = next
      if next < symbols.count {
        symbols[next].previous = best.left
        propose(best.left, next)
      }
      let previous = symbols[best.left].previous
      if previous >= 0 { propose(previous, best.left) }
    }
    var index = 0
    while index < symbols.count {
      output.append(symbols[index].token)
      index = symbols[index].next
    }
  }

  private mutating func propose(_ left: Int, _ right: Int) {
    let pair = TokenPair(symbols[left].token, symbols[right].token)
    guard let merge = merges[pair] else { return }
    heap.append(
      Candidate(rank: merge.rank, left: left, right: right, pair: pair, merged: merge.result))
    var child = heap.count - 1
    while child > 0, heap[child].precedes(heap[(child - 1) / 2]) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  private mutating func popCandidate() -> Candidate? {
    guard let first = heap.first else { return nil }
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
        if heap[child].precedes(heap[least]) { least = child }
      }
      guard least != parent else { return first }
      heap.swapAt(parent, least)
      parent = least
    }
  }
}

/// Two neighbouring tokens.
struct TokenPair: Hashable, Sendable {
  private let bits: UInt64

  init(_ left: TokenID, _ right: TokenID) {
    bits = UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }
}

/// What a pair becomes and how early.
struct Merge: Sendable {
  let rank: UInt32
  let result: TokenID
}

/// Merges neighbouring tokens of one word, lowest rank first, leftmost first among equals.
///
/// A heap of candidate pairs over a linked list: n log n in the word's length, so that a long
/// text without spaces costs no more than its length deserves. Short words are scanned instead.
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
    let first: TokenID
    let second: TokenID
    let merged: TokenID

    func precedes(_ other: Candidate) -> Bool {
      rank != other.rank ? rank < other.rank : left < other.left
    }
  }

  /// Longest word that is scanned: its n² steps cost less than a heap.
  private static let shortCount = 24

  private let merges: MergeTable
  private var symbols: [Symbol] = []
  private var heap: [Candidate] = []
  private var short: [TokenID] = []
  private var ranks: [UInt32] = []

  init(merges: MergeTable) {
    self.merges = merges
  }

  /// Appends the merged tokens of a word to `output`.
  mutating func merge(_ word: [TokenID], into output: inout [TokenID]) {
    guard word.count > 1 else { return output.append(contentsOf: word) }
    guard word.count > BytePairMerger.shortCount else { return mergeShort(word, into: &output) }
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
        symbols[best.left].token == best.first, symbols[best.right].token == best.second
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

  private mutating func mergeShort(
    _ word: [TokenID], into output: inout [TokenID]
  ) {
    short.removeAll(keepingCapacity: true)
    short.append(contentsOf: word)
    ranks.removeAll(keepingCapacity: true)
    for left in 0..<short.count - 1 { ranks.append(rank(left)) }
    while let best = ranks.indices.min(by: { ranks[$0] < ranks[$1] }), ranks[best] < UInt32.max,
      let merge = merges[short[best], short[best + 1]]
    {
      short[best] = merge.result
      short.remove(at: best + 1)
      ranks.remove(at: best)
      if best < ranks.count { ranks[best] = rank(best) }
      if best > 0 { ranks[best - 1] = rank(best - 1) }
    }
    output.append(contentsOf: short)
  }

  private func rank(_ left: Int) -> UInt32 {
    merges[short[left], short[left + 1]]?.rank ?? UInt32.max
  }

  private mutating func propose(_ left: Int, _ right: Int) {
    let (first, second) = (symbols[left].token, symbols[right].token)
    guard let merge = merges[first, second] else { return }
    heap.append(
      Candidate(
        rank: merge.rank, left: left, right: right, first: first, second: second,
        merged: merge.result))
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

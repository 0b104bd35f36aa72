/// Remembers the tokens of the words of one text: most words of a long text have been met before.
struct WordCache {
  private struct Entry {
    let hash: UInt64
    let text: Range<Int>
    let tokens: Range<Int>
  }

  /// Beyond this many different words new ones are no longer kept.
  private static let entriesMax = 1 << 16
  /// Longer words hardly come twice.
  private static let lengthMax = 64

  private var slots: [Int32] = Array(repeating: -1, count: 64)
  private var entries: [Entry] = []
  private var text: [UInt8] = []
  private var tokens: [TokenID] = []

  /// Appends the tokens of a word: those remembered, or what `encode` appends.
  mutating func append(
    _ word: Range<Int>, of bytes: [UInt8], to output: inout [TokenID],
    _ encode: (inout [TokenID]) -> Void
  ) {
    guard word.count <= WordCache.lengthMax else { return encode(&output) }
    // FNV-1a.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for index in word { hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01B3 }
    var slot = Int(truncatingIfNeeded: hash >> 20) & (slots.count - 1)
    while slots[slot] >= 0 {
      let entry = entries[Int(slots[slot])]
      if entry.hash == hash, entry.text.count == word.count, isSame(entry.text, word, bytes) {
        for index in entry.tokens { output.append(tokens[index]) }
        return
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    let start = output.count
    encode(&output)
    guard entries.count < WordCache.entriesMax else { return }
    let (textStart, tokenStart) = (text.count, tokens.count)
    text.append(contentsOf: bytes[word])
    tokens.append(contentsOf: output[start...])
    slots[slot] = Int32(entries.count)
    entries.append(
      Entry(hash: hash, text: textStart..<text.count, tokens: tokenStart..<tokens.count))
    if entries.count * 2 > slots.count { grow() }
  }

  private func isSame(_ known: Range<Int>, _ word: Range<Int>, _ bytes: [UInt8]) -> Bool {
    for offset in 0..<word.count
    where text[known.lowerBound + offset] != bytes[word.lowerBound + offset] {
      return false
    }
    return true
  }

  private mutating func grow() {
    slots = Array(repeating: -1, count: slots.count * 4)
    for (index, entry) in entries.enumerated() {
      var slot = Int(truncatingIfNeeded: entry.hash >> 20) & (slots.count - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(index)
    }
  }
}

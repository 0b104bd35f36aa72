/// Tokens by their bytes: all spellings in one buffer, found by open addressing. A text asks for
/// millions of words and a model has a hundred thousand of them, so nothing is allocated to ask.
struct TokenTable: Sendable {
  private static let empty: Int32 = -1

  private var bytes: [UInt8] = []
  /// Where the spelling of each entry begins, and the end of the last.
  private var starts: [Int] = [0]
  private var tokens: [TokenID] = []
  private var slots: [Int32] = Array(repeating: empty, count: 64)

  var count: Int { tokens.count }

  /// Adds a token; one with the same bytes stays, and is returned.
  mutating func insert(_ spelling: [UInt8], _ token: TokenID) -> TokenID? {
    if tokens.count * 2 >= slots.count { grow() }
    let slot = slot(of: spelling[...])
    if slots[slot] != TokenTable.empty { return tokens[Int(slots[slot])] }
    slots[slot] = Int32(tokens.count)
    bytes += spelling
    starts.append(bytes.count)
    tokens.append(token)
    return nil
  }

  /// The token of exactly these bytes.
  subscript(_ spelling: ArraySlice<UInt8>) -> TokenID? {
    let entry = slots[slot(of: spelling)]
    return entry == TokenTable.empty ? nil : tokens[Int(entry)]
  }

  subscript(_ spelling: [UInt8]) -> TokenID? { self[spelling[...]] }

  /// Every token with its bytes.
  func forEach(_ body: (ArraySlice<UInt8>, TokenID) -> Void) {
    for (entry, token) in tokens.enumerated() {
      body(bytes[starts[entry]..<starts[entry + 1]], token)
    }
  }

  /// Where a spelling is, or where it would be put.
  private func slot(of spelling: ArraySlice<UInt8>) -> Int {
    spelling.withUnsafeBufferPointer { wanted in
      bytes.withUnsafeBufferPointer { known in
        let mask = slots.count - 1
        var slot = TokenTable.hash(wanted) & mask
        while slots[slot] != TokenTable.empty {
          let entry = Int(slots[slot])
          let start = starts[entry]
          if starts[entry + 1] - start == wanted.count,
            TokenTable.equal(wanted, known, from: start)
          {
            return slot
          }
          slot = (slot + 1) & mask
        }
        return slot
      }
    }
  }

  private static func equal(
    _ wanted: UnsafeBufferPointer<UInt8>, _ known: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> Bool {
    for index in 0..<wanted.count where wanted[index] != known[start + index] { return false }
    return true
  }

  /// FNV-1a, its low bits stirred by the high ones.
  private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return Int(truncatingIfNeeded: (hash ^ hash >> 32) & 0x7FFF_FFFF_FFFF_FFFF)
  }

  private mutating func grow() {
    let old = tokens.count
    slots = Array(repeating: TokenTable.empty, count: slots.count * 4)
    for entry in 0..<old {
      // Every spelling is there once, so its place is a free one.
      slots[slot(of: bytes[starts[entry]..<starts[entry + 1]])] = Int32(entry)
    }
  }
}

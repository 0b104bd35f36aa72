/// Merge rules by their two tokens: open addressing over flat arrays, because a text asks for a
/// rule several times a byte.
struct MergeTable: Sendable {
  /// What a pair becomes and how early.
  struct Merge: Sendable {
    let rank: UInt32
    let result: TokenID
  }

  private static let empty = UInt64.max
  private var keys: [UInt64]
  private var merges: [Merge]
  private let mask: Int

  /// Room for `count` rules at a load of at most a half.
  init(count: Int) {
    var size = 16
    while size < 2 * count { size *= 2 }
    keys = Array(repeating: MergeTable.empty, count: size)
    merges = Array(repeating: Merge(rank: 0, result: 0), count: size)
    mask = size - 1
  }

  /// Adds a rule; the first of several for a pair stays.
  mutating func insert(_ left: TokenID, _ right: TokenID, _ merge: Merge) {
    let key = MergeTable.key(left, right)
    let slot = slot(key)
    guard keys[slot] != key else { return }
    keys[slot] = key
    merges[slot] = merge
  }

  subscript(_ left: TokenID, _ right: TokenID) -> Merge? {
    let key = MergeTable.key(left, right)
    let slot = slot(key)
    return keys[slot] == key ? merges[slot] : nil
  }

  private static func key(_ left: TokenID, _ right: TokenID) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }

  /// Where a key is, or where it would be put.
  private func slot(_ key: UInt64) -> Int {
    // Fibonacci hashing: the high bits of a product with 2^64 / φ.
    var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 20) & mask
    while keys[slot] != key, keys[slot] != MergeTable.empty { slot = (slot + 1) & mask }
    return slot
  }
}

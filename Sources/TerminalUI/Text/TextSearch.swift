/// Finds a text in a text: letters A to Z in either case, all else as it is written.
struct TextSearch: Equatable, Sendable {
  let query: String
  private let needle: [UInt8]

  /// Nil for an empty query: it would be everywhere.
  init?(_ query: String) {
    guard !query.isEmpty else { return nil }
    self.query = query
    needle = query.utf8.map(Self.folded)
  }

  private static func folded(_ byte: UInt8) -> UInt8 {
    (0x41...0x5A).contains(byte) ? byte + 0x20 : byte
  }

  /// UTF-8 ranges of the places where it stands, in order, none of them overlapping.
  func ranges(in text: some Collection<UInt8>) -> [Range<Int>] {
    let bytes = text.map(Self.folded)
    var found: [Range<Int>] = []
    var start = 0
    while start + needle.count <= bytes.count {
      if bytes[start] == needle[0], bytes[start..<(start + needle.count)].elementsEqual(needle) {
        found.append(start..<(start + needle.count))
        start += needle.count
      } else {
        start += 1
      }
    }
    return found
  }

  /// Whether it stands anywhere in `text`.
  func isFound(in text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      guard bytes.count >= needle.count else { return false }
      let first = needle[0]
      for start in 0...(bytes.count - needle.count) where Self.folded(bytes[start]) == first {
        var length = 1
        while length < needle.count, Self.folded(bytes[start + length]) == needle[length] {
          length += 1
        }
        if length == needle.count { return true }
      }
      return false
    }
  }
}

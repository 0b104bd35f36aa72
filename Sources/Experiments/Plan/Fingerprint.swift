/// FNV-1a (Fowler, Noll, Vo), 64 bits, over words that decide something: tells two plans of one
/// name apart. Not against forgers.
enum Fingerprint {
  /// 16 hexadecimal digits.
  static func of(_ words: [String]) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in words.joined(separator: "\u{0}").utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }
    let hex = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - hex.count) + hex
  }
}

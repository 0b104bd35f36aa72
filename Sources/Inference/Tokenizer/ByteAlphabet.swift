/// GPT-2's printable stand-ins for bytes: vocabulary files write each byte as one character.
///
/// Bytes 33–126, 161–172 and 174–255 stand for themselves; the other 68 follow from U+0100 on
/// (openai/gpt-2, `encoder.py`, `bytes_to_unicode`).
enum ByteAlphabet {
  /// The byte a character stands for; nil outside the alphabet.
  static func byte(_ scalar: Unicode.Scalar) -> UInt8? {
    guard scalar.value < values.count, let value = UInt8(exactly: values[Int(scalar.value)])
    else { return nil }
    return value
  }

  /// The bytes a vocabulary entry stands for; nil when a character is outside the alphabet.
  static func bytes(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      guard let byte = byte(scalar) else { return nil }
      bytes.append(byte)
    }
    return bytes
  }

  /// Appends the bytes of two entries with one space between them.
  ///
  /// - Returns: where the second begins; nil where there is no such pair.
  static func appendHalves(of text: String, to bytes: inout [UInt8]) -> Int? {
    var cut: Int?
    for scalar in text.unicodeScalars {
      if scalar == " " {
        guard cut == nil else { return nil }
        cut = bytes.count
      } else {
        guard let byte = byte(scalar) else { return nil }
        bytes.append(byte)
      }
    }
    return cut
  }

  /// The alphabet's spelling of some bytes.
  static func spelling(_ bytes: some Sequence<UInt8>) -> String {
    var text = String.UnicodeScalarView()
    for byte in bytes {
      if isPrintable(byte) {
        text.append(Unicode.Scalar(byte))
      } else if let index = shifted.firstIndex(of: byte),
        let scalar = Unicode.Scalar(0x100 + UInt32(index))
      {
        text.append(scalar)
      }
    }
    return String(text)
  }

  private static func isPrintable(_ byte: UInt8) -> Bool {
    (33...126).contains(byte) || (161...172).contains(byte) || byte >= 174
  }

  /// The byte of each character below U+0144; -1 for those that stand for none.
  private static let values: [Int16] = {
    var values = (0..<0x100).map { isPrintable(UInt8($0)) ? Int16($0) : -1 }
    values += shifted.map { Int16($0) }
    return values
  }()

  private static let shifted: [UInt8] = (0...255).filter { !isPrintable($0) }
}

/// GPT-2's printable stand-ins for bytes: vocabulary files write each byte as one character.
///
/// Bytes 33–126, 161–172 and 174–255 stand for themselves; the other 68 follow from U+0100 on
/// (openai/gpt-2, `encoder.py`, `bytes_to_unicode`).
enum ByteAlphabet {
  /// The byte a character stands for; nil outside the alphabet.
  static func byte(_ scalar: Unicode.Scalar) -> UInt8? {
    let value = scalar.value
    if value < 0x100 { return isPrintable(UInt8(value)) ? UInt8(value) : nil }
    let index = Int(value) - 0x100
    return index < shifted.count ? shifted[index] : nil
  }

  /// The bytes a vocabulary entry stands for; nil when a character is outside the alphabet.
  static func bytes(_ text: String) -> [UInt8]? { bytes(text.unicodeScalars) }

  /// The same for its characters.
  static func bytes(_ scalars: some Collection<Unicode.Scalar>) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(scalars.count)
    for scalar in scalars {
      guard let byte = byte(scalar) else { return nil }
      bytes.append(byte)
    }
    return bytes
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

  private static let shifted: [UInt8] = (0...255).filter { !isPrintable($0) }
}

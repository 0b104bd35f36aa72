import Crypto
import MappedFiles

/// SHA-256 in the one spelling that records have: 64 lowercase hexadecimal digits.
public enum HexDigest {
  /// Of the text's UTF-8.
  public static func sha256(_ text: String) -> String {
    var text = text
    return text.withUTF8 { sha256(UnsafeRawBufferPointer($0)) }
  }

  static func sha256(_ bytes: UnsafeRawBufferPointer) -> String {
    var hash = SHA256()
    hash.update(bufferPointer: bytes)
    return text(hash)
  }

  /// Of a whole file; its pages are given back as they are read.
  static func sha256(_ file: MappedFile) -> String {
    var hash = SHA256()
    let step = 4 << 20
    for start in stride(from: 0, to: file.bytes.count, by: step) {
      let count = min(step, file.bytes.count - start)
      hash.update(
        bufferPointer: UnsafeRawBufferPointer(rebasing: file.bytes[start..<start + count]))
      file.release(start..<start + count)
    }
    return text(hash)
  }

  private static func text(_ hash: SHA256) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let text = hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: text, as: UTF8.self)
  }
}

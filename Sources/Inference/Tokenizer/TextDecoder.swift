/// Turns a stream of tokens into text whose pieces are whole characters' bytes: a UTF-8
/// sequence that a token leaves unfinished is held back until it is complete or impossible.
///
/// The pieces joined are exactly what decoding all bytes at once gives.
public struct TextDecoder: Sendable {
  private let tokenizer: Tokenizer
  private var held: [UInt8] = []

  /// A decoder at the start of a text.
  public init(_ tokenizer: Tokenizer) {
    self.tokenizer = tokenizer
  }

  /// The text that is certain once this token is known; may be empty.
  public mutating func append(_ token: TokenID) -> String {
    append(bytes: tokenizer.bytes(of: token))
  }

  /// What is left: U+FFFD for an unfinished sequence.
  public mutating func finish() -> String {
    defer { held.removeAll() }
    return String(decoding: held, as: UTF8.self)
  }

  mutating func append(bytes: [UInt8]) -> String {
    held += bytes
    let complete = held.count - TextDecoder.unfinishedCount(held)
    defer { held.removeFirst(complete) }
    return String(decoding: held.prefix(complete), as: UTF8.self)
  }

  /// Bytes at the end that begin a sequence longer than what is there.
  private static func unfinishedCount(_ bytes: [UInt8]) -> Int {
    for back in 1...3 where back <= bytes.count {
      let byte = bytes[bytes.count - back]
      if byte & 0b1100_0000 == 0b1000_0000 { continue }
      let length =
        switch byte {
        case 0xc2...0xdf: 2
        case 0xe0...0xef: 3
        case 0xf0...0xf4: 4
        default: 1
        }
      return length > back ? back : 0
    }
    return 0
  }
}

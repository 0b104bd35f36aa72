import Friction

/// The content of a reply's last `\boxed{…}`.
enum BoxedAnswer {
  /// Nil when there is no box, or nothing in it. A brace that is never closed ends with its line.
  static func text(in reply: String) -> String? {
    let bytes = Array(reply.utf8)
    let mark = Array("\\boxed".utf8)
    var start = bytes.count - mark.count
    while start >= 0 {
      if bytes[start] == mark[0], bytes[start...].starts(with: mark) {
        if let content = content(bytes, start + mark.count) { return content }
      }
      start -= 1
    }
    return nil
  }

  /// What stands in the braces that begin at `start`, blanks before them aside.
  private static func content(_ bytes: [UInt8], _ start: Int) -> String? {
    var index = start
    while index < bytes.count, bytes[index] == 32 { index += 1 }
    guard index < bytes.count, bytes[index] == UInt8(ascii: "{") else { return nil }
    let first = index + 1
    var depth = 0
    while index < bytes.count, bytes[index] != UInt8(ascii: "\n") {
      if bytes[index] == UInt8(ascii: "{") { depth += 1 }
      if bytes[index] == UInt8(ascii: "}") { depth -= 1 }
      if depth == 0 { break }
      index += 1
    }
    let text = ReplyLines.trimmed(first..<max(first, index), of: bytes)
    return text.isEmpty ? nil : String(decoding: bytes[text], as: UTF8.self)
  }

  /// The whole number in a text or in its box, spaces and commas aside (*Feedback Friction*,
  /// `utils.py`); nil when there is anything else.
  static func number(in answer: String, radix: Int) -> String? {
    let inner = text(in: answer) ?? answer
    let plain = inner.filter { !$0.isWhitespace && $0 != "," }
    return WholeNumber.reading(of: plain, radix: radix)
  }
}

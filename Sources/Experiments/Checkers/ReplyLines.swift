/// A reply as lines without the blanks at their ends, and the line that announces its answer.
struct ReplyLines {
  let bytes: [UInt8]
  /// UTF-8 offsets of the lines that hold more than blanks.
  let lines: [Range<Int>]
  /// The last line that begins with `Answer:`; nil when there is none.
  let answer: Range<Int>?

  init(_ reply: String) {
    bytes = Array(reply.utf8)
    var lines: [Range<Int>] = []
    var answer: Range<Int>?
    for part in Self.lineRanges(of: bytes) {
      let line = Self.trimmed(part, of: bytes)
      guard !line.isEmpty else { continue }
      lines.append(line)
      if bytes[line].starts(with: Self.mark) { answer = line }
    }
    self.lines = lines
    self.answer = answer
  }

  static let mark = Array("Answer:".utf8)

  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// The lines before the announced answer; all when there is none.
  var beforeAnswer: [Range<Int>] {
    guard let answer else { return lines }
    return lines.filter { $0.upperBound <= answer.lowerBound }
  }

  /// What is announced, without a final full stop; nil when there is nothing.
  var announced: Range<Int>? {
    guard let answer else { return nil }
    var text = Self.trimmed(
      answer.lowerBound + Self.mark.count..<answer.upperBound, of: bytes)
    if let last = text.last, bytes[last] == UInt8(ascii: ".") {
      text = Self.trimmed(text.lowerBound..<last, of: bytes)
    }
    return text.isEmpty ? nil : text
  }

  static func trimmed(_ range: Range<Int>, of bytes: [UInt8]) -> Range<Int> {
    var range = range
    while let first = range.first, isBlank(bytes[first]) { range.removeFirst() }
    while let last = range.last, isBlank(bytes[last]) { range.removeLast() }
    return range
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

  private static func lineRanges(of bytes: [UInt8]) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var start = 0
    for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
      parts.append(start..<index)
      start = index + 1
    }
    return parts + [start..<bytes.count]
  }
}

extension ReplyLines {
  /// The first line that holds more than blanks.
  var firstText: String? { lines.first.map(text) }
}

/// The number a reply comes to, in one spelling for equal numbers, so that replies can be
/// checked and compared.
///
/// Where it is read, first rule that fits:
/// 1. After the last mark, if there is one: `Answer:` (any case), `\boxed{…}`, or `####` on a
///    line that holds nothing but a number. Read is the rest of the mark's line (or the next
///    line with something on it); in it the first number after the last `=`, else the first
///    number. A mark with no number has no answer: the model announced one and gave none.
/// 2. Otherwise the last number of the reply.
///
/// Only the digits 0-9 are read; fractions (`3/4`) and exponents (`1e5`) are not. Works on bytes
/// and takes any text, however damaged or long.
public struct FinalAnswer: Equatable, Sendable {
  /// `-` if negative, digits without needless zeros, and `.` with decimals if there are any
  /// other than zero: `-1234.5`.
  public let number: String
  /// Whether a mark announced it, rather than its being the last number of the text.
  public let isMarked: Bool

  /// The answer of a reply; nil when it gives no number.
  public init?(in reply: String) {
    let bytes = Array(reply.utf8)
    if let part = NumberMark.last(in: bytes) {
      let equals = bytes[part].lastIndex(of: UInt8(ascii: "="))
      let after = equals.flatMap { NumberScan.first(in: bytes, $0 + 1..<part.upperBound) }
      guard let found = after ?? NumberScan.first(in: bytes, part) else { return nil }
      (number, isMarked) = (found.number, true)
    } else {
      guard let found = NumberScan.last(in: bytes) else { return nil }
      (number, isMarked) = (found.number, false)
    }
  }

  /// What the last mark announces, number or not: the rest of its line, blanks, emphasis and a
  /// final full stop aside. Nil when there is no mark, or nothing after it.
  public static func announced(in reply: String) -> String? {
    let bytes = Array(reply.utf8)
    guard let part = NumberMark.last(in: bytes) else { return nil }
    let edges = Array(" \t\r\n*_$`".utf8)
    var text = bytes[part]
    while let first = text.first, edges.contains(first) { text.removeFirst() }
    while let last = text.last, edges.contains(last) || last == UInt8(ascii: ".") {
      text.removeLast()
    }
    return text.isEmpty ? nil : String(decoding: text, as: UTF8.self)
  }

  /// The one spelling of a number that somebody wrote, such as a task's right answer; nil when
  /// `text` is anything but one number, white space at both ends aside.
  public static func normalised(_ text: String) -> String? {
    let bytes = Array(text.utf8)
    guard let start = bytes.firstIndex(where: { !isBlank($0) }),
      let end = bytes.lastIndex(where: { !isBlank($0) }),
      let found = NumberScan.first(in: bytes, start..<end + 1),
      found.range == start..<end + 1
    else { return nil }
    return found.number
  }
}

/// Finds the marks that announce an answer.
private enum NumberMark {
  /// The bytes to read after the last mark; nil when there is no mark.
  static func last(in bytes: [UInt8]) -> Range<Int>? {
    var index = bytes.count
    while index > 0 {
      index -= 1
      switch bytes[index] {
      case UInt8(ascii: ":"):
        if matches("answer", endingAt: index, in: bytes) {
          return nextLine(in: bytes, from: index + 1)
        }
        // `**Answer**:` is as common as `**Answer:**`.
        if matches("answer**", endingAt: index, in: bytes) {
          return nextLine(in: bytes, from: index + 1)
        }
      case UInt8(ascii: "{"):
        if matches("\\boxed", endingAt: index, in: bytes) { return inBraces(bytes, index + 1) }
      case UInt8(ascii: "#"):
        if matches("###", endingAt: index, in: bytes),
          let part = loneNumber(in: bytes, from: index + 1)
        {
          return part
        }
      default: break
      }
    }
    return nil
  }

  /// Whether `word`, in any case, stands right before `end`.
  private static func matches(_ word: StaticString, endingAt end: Int, in bytes: [UInt8]) -> Bool {
    let length = word.utf8CodeUnitCount
    guard end >= length else { return false }
    return word.withUTF8Buffer { word in
      (0..<length).allSatisfy { lowercased(bytes[end - length + $0]) == word[$0] }
    }
  }

  /// The first line from `start` on that has more than blanks and emphasis marks.
  private static func nextLine(in bytes: [UInt8], from start: Int) -> Range<Int> {
    let emphasis: [UInt8] = [UInt8(ascii: "*"), UInt8(ascii: "_"), UInt8(ascii: "$")]
    var first = start
    while first < bytes.count, isBlank(bytes[first]) || emphasis.contains(bytes[first]) {
      first += 1
    }
    return first..<lineEnd(in: bytes, from: first)
  }

  /// Up to the brace that closes the one before `start`, or to the end of the line.
  private static func inBraces(_ bytes: [UInt8], _ start: Int) -> Range<Int> {
    let end = lineEnd(in: bytes, from: start)
    var depth = 1
    for index in start..<end {
      if bytes[index] == UInt8(ascii: "{") { depth += 1 }
      if bytes[index] == UInt8(ascii: "}") { depth -= 1 }
      if depth == 0 { return start..<index }
    }
    return start..<end
  }

  /// The rest of the line when it is one number; a heading such as `#### Step 2` is no mark.
  private static func loneNumber(in bytes: [UInt8], from start: Int) -> Range<Int>? {
    let around = Array(" \t\r$%.*+-,".utf8)
    // Looks no further than the first byte that does not fit: a text of a million `#` stays cheap.
    var number = start + bytes[start...].prefix(while: around.contains).count
    if bytes[number...].starts(with: NumberScan.minus) { number += NumberScan.minus.count }
    guard number < bytes.count, NumberScan.isDigit(bytes[number]),
      let found = NumberScan.first(in: bytes, start..<bytes.count)
    else { return nil }
    let end =
      found.range.upperBound + bytes[found.range.upperBound...].prefix(while: around.contains).count
    return end == bytes.count || bytes[end] == UInt8(ascii: "\n") ? start..<end : nil
  }

  private static func lineEnd(in bytes: [UInt8], from start: Int) -> Int {
    bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
  }

  private static func lowercased(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 32 : byte
  }
}

private func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

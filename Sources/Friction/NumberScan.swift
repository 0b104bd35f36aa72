/// Reads decimal numbers out of bytes.
///
/// A sign counts when nothing it could be subtracted from stands before it (`7-3` holds 7 and
/// 3). Groups of three digits may be separated by a comma, a no-break or thin space, or LaTeX's
/// `{,}` and `\,`. A point belongs to the number when a digit follows it.
enum NumberScan {
  /// A number and the bytes it was read from.
  struct Found: Equatable {
    var range: Range<Int>
    var number: String
  }

  /// The first number that begins in `range` and ends in it.
  static func first(in bytes: [UInt8], _ range: Range<Int>) -> Found? {
    var index = range.lowerBound
    while index < range.upperBound {
      if isDigit(bytes[index]) {
        return read(bytes, firstDigit: index, in: range)
      }
      index += 1
    }
    return nil
  }

  /// The last number of the whole text.
  static func last(in bytes: [UInt8]) -> Found? {
    // Forward, because where a number begins decides how its separators are read.
    var found: Found?
    var start = 0
    while let next = first(in: bytes, start..<bytes.count) {
      found = next
      start = next.range.upperBound
    }
    return found
  }

  private static func read(_ bytes: [UInt8], firstDigit: Int, in range: Range<Int>) -> Found {
    let end = range.upperBound
    var whole: [UInt8] = []
    var decimals: [UInt8] = []
    var index = firstDigit
    var start = firstDigit
    if firstDigit > range.lowerBound, bytes[firstDigit - 1] == point,
      firstDigit < 2 || !isDigit(bytes[firstDigit - 2])
    {
      start -= 1
      decimals = digits(bytes, from: &index, to: end)
    } else {
      whole = digits(bytes, from: &index, to: end)
      if whole.count <= 3 {
        while let separator = separator(bytes, at: index, to: end) {
          index += separator
          whole += digits(bytes, from: &index, to: end)
        }
      }
      if index + 1 < end, bytes[index] == point, isDigit(bytes[index + 1]) {
        index += 1
        decimals = digits(bytes, from: &index, to: end)
      }
    }
    let sign = sign(bytes, before: start, from: range.lowerBound)
    let number = spelling(negative: sign.negative, whole: whole, decimals: decimals)
    return Found(range: start - sign.length..<index, number: number)
  }

  /// The digits from `index` on, which ends up after them.
  private static func digits(_ bytes: [UInt8], from index: inout Int, to end: Int) -> [UInt8] {
    let start = index
    while index < end, isDigit(bytes[index]) { index += 1 }
    return Array(bytes[start..<index])
  }

  /// Length of a separator at `index` that exactly three digits follow.
  private static func separator(_ bytes: [UInt8], at index: Int, to end: Int) -> Int? {
    for separator in separators where bytes[index..<end].starts(with: separator) {
      var after = index + separator.count
      if digits(bytes, from: &after, to: end).count == 3 { return separator.count }
    }
    return nil
  }

  /// Comma, LaTeX, no-break space, thin space, narrow no-break space.
  private static let separators = [",", "{,}", "\\,", "\u{A0}", "\u{2009}", "\u{202F}"].map {
    Array($0.utf8)
  }
  static let minus = Array("\u{2212}".utf8)
  private static let point = UInt8(ascii: ".")

  private static func sign(
    _ bytes: [UInt8], before start: Int, from lower: Int
  ) -> (length: Int, negative: Bool) {
    var length = 0
    var negative = false
    if start > lower, bytes[start - 1] == UInt8(ascii: "-") {
      (length, negative) = (1, true)
    } else if start > lower, bytes[start - 1] == UInt8(ascii: "+") {
      length = 1
    } else if start - lower >= 3, bytes[start - 3..<start].elementsEqual(minus) {
      (length, negative) = (3, true)
    }
    if length > 0, start - length > 0 {
      let before = bytes[start - length - 1]
      let isOperand = isDigit(before) || isLetter(before) || before == UInt8(ascii: ")")
      if isOperand { return (0, false) }
    }
    return (length, negative)
  }

  private static func spelling(negative: Bool, whole: [UInt8], decimals: [UInt8]) -> String {
    let zero = UInt8(ascii: "0")
    let whole = whole.drop { $0 == zero }
    let decimals = decimals.prefix(
      decimals.lastIndex { $0 != zero }.map { $0 + 1 } ?? 0)
    let isZero = whole.isEmpty && decimals.isEmpty
    return (negative && !isZero ? "-" : "")
      + (whole.isEmpty ? "0" : String(decoding: whole, as: UTF8.self))
      + (decimals.isEmpty ? "" : "." + String(decoding: decimals, as: UTF8.self))
  }

  static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (65...90).contains(byte) || (97...122).contains(byte)
  }
}

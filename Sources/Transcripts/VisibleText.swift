/// Makes text from a model or a file safe to show: what a reader could not see, or what would
/// reorder the text around it, becomes a visible symbol.
enum VisibleText {
  /// Line breaks and tabs stay; `\r\n` becomes one line break.
  /// - Parameter before: the end of what this text goes on from.
  static func of(_ text: String, after before: Unicode.Scalar? = nil) -> String {
    var shown = String.UnicodeScalarView()
    var previous = before
    let scalars = text.unicodeScalars
    var index = scalars.startIndex
    while index < scalars.endIndex {
      let scalar = scalars[index]
      index = scalars.index(after: index)
      let isLineEnd = scalar == "\r" && index < scalars.endIndex && scalars[index] == "\n"
      if !isLineEnd { append(scalar, after: previous, to: &shown) }
      previous = scalar
    }
    return String(shown)
  }

  /// The first character of a line that a reader would not see, and its column from 1.
  static func firstHidden(in line: String) -> (scalar: Unicode.Scalar, column: Int)? {
    var previous: Unicode.Scalar?
    for (place, scalar) in line.unicodeScalars.enumerated() {
      let isControl = scalar.value < 0x20 && scalar != "\t" || scalar.value == 0x7F
      if isControl || isHidden(scalar, after: previous) { return (scalar, place + 1) }
      previous = scalar
    }
    return nil
  }

  /// On one line.
  static func line(_ text: String) -> String {
    String(of(text).map { $0.isNewline || $0 == "\t" ? " " : $0 })
  }

  private static func append(
    _ scalar: Unicode.Scalar, after previous: Unicode.Scalar?,
    to shown: inout String.UnicodeScalarView
  ) {
    switch scalar.value {
    case 0x09, 0x0A: shown.append(scalar)
    // The Control Pictures block has one for each.
    case 0x00...0x1F: shown.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
    case 0x7F: shown.append("\u{2421}")
    default:
      guard isHidden(scalar, after: previous) else { return shown.append(scalar) }
      let digits = String(scalar.value, radix: 16, uppercase: true)
      let fill = String(repeating: "0", count: max(0, 4 - digits.count))
      shown.append(contentsOf: "\u{27E8}U+\(fill)\(digits)\u{27E9}".unicodeScalars)
    }
  }

  /// C1 controls, line and paragraph separators, marks and overrides of direction, tags, the byte
  /// order mark and code points that are no characters. Joiners stay: emoji and several scripts
  /// need them, but not at the beginning of a text or a line.
  private static func isHidden(_ scalar: Unicode.Scalar, after previous: Unicode.Scalar?) -> Bool {
    switch scalar.value {
    case 0x80...0x9F, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF,
      0xFFF9...0xFFFB, 0xE0000...0xE007F:
      true
    case 0x200B...0x200D: previous == nil || previous == "\n" || scalar.value == 0x200B
    // Code points that are no characters; asking the scalar's properties takes much longer.
    default: scalar.value & 0xFFFE == 0xFFFE || (0xFDD0...0xFDEF).contains(scalar.value)
    }
  }
}

import Friction
import SessionCore

/// The reply's last `\boxed{…}` as a mathematical expression: the answer form of MATH.
enum BoxedChecker {
  /// Longest content that is compared.
  static let bytesMax = 4096

  static func judge(_ reply: String, _ expected: String) -> Verdict {
    guard let found = BoxedAnswer.text(in: reply) else {
      return Verdict(.noAnswer, answer: nil, checker: "boxed")
    }
    guard found.utf8.count <= bytesMax else {
      return Verdict(.wrong, answer: nil, checker: "boxed")
    }
    let plain = normalised(found)
    return Verdict(
      plain == normalised(BoxedAnswer.text(in: expected) ?? expected) ? .right : .wrong,
      answer: plain, checker: "boxed")
  }

  /// One spelling for expressions that mean the same, by the rules of MATH's
  /// `modeling/math_equivalence.py`; whole and decimal numbers are then compared as numbers, which
  /// MATH does not do. `2x` and `x2`, or `1/2` and `2/4`, stay different.
  static func normalised(_ expression: String) -> String {
    var text = expression
    for (old, new) in spellings { text = text.replacing(old, with: new) }
    // A unit is text after a blank.
    if let unit = text.firstRange(of: "\\text{ ") { text = String(text[..<unit.lowerBound]) }
    text = text.replacing(" .", with: " 0.").replacing("{.", with: "{0.")
    if text.hasPrefix(".") { text = "0" + text }
    // `x = 5` is 5.
    let sides = text.split(separator: "=", omittingEmptySubsequences: false)
    if sides.count == 2, sides[0].count <= 2 { text = String(sides[1]) }
    text = text.filter { !$0.isWhitespace }
    text = braced(after: "\\sqrt", in: text, arguments: 1)
    text = braced(after: "\\frac", in: text, arguments: 2)
    if text == "0.5" { return "\\frac{1}{2}" }
    return fraction(text) ?? FinalAnswer.normalised(text) ?? text
  }

  private static let spellings = [
    ("\n", ""), ("\\!", ""), ("\\\\", "\\"), ("tfrac", "frac"), ("dfrac", "frac"), ("\\left", ""),
    ("\\right", ""), ("^{\\circ}", ""), ("^\\circ", ""), ("\\$", ""), ("$", ""), ("\\%", ""),
    ("%", ""),
  ]

  /// Puts braces around arguments of one character: `\frac12` is `\frac{1}{2}`.
  private static func braced(after name: String, in text: String, arguments: Int) -> String {
    let parts = text.split(separator: name, omittingEmptySubsequences: false)
    var result = parts.first.map { String($0) } ?? ""
    for part in parts.dropFirst() {
      result += name
      var rest = part
      for _ in 0..<arguments {
        guard let first = rest.first, first != "{" else { break }
        result += "{\(first)}"
        rest = rest.dropFirst()
      }
      result += rest
    }
    return result
  }

  /// `3/4` in whole numbers as `\frac{3}{4}`.
  private static func fraction(_ text: String) -> String? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let top = Int(parts[0]), let bottom = Int(parts[1]),
      text == "\(top)/\(bottom)"
    else { return nil }
    return "\\frac{\(top)}{\(bottom)}"
  }
}

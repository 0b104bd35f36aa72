import Mustache

/// Escapes everything that the template prints between `{{` and `}}`.
///
/// Scalar by scalar: a `"` with an accent put on it is another `Character`, which an escape by
/// characters would let through, and still the end of an attribute to a browser.
struct SafeHTML: MustacheContentType {
  /// The name the template asks for in its first line.
  static let name = "SAFE_HTML"

  func escapeText(_ text: String) -> String {
    var escaped = String.UnicodeScalarView()
    for scalar in VisibleText.of(text).unicodeScalars {
      switch scalar {
      case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
      case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
      case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
      case "\"": escaped.append(contentsOf: "&quot;".unicodeScalars)
      case "'": escaped.append(contentsOf: "&#39;".unicodeScalars)
      default: escaped.append(scalar)
      }
    }
    return String(escaped)
  }
}

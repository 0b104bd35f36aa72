/// The form of a line of a worked solution, such as `N × N = N`: `N` stands for decimal digits, `D`
/// for one of them, `H` for upper-case hexadecimal digits, `L` for one small letter; every other
/// character for itself.
struct StepForm: Sendable {
  private let pattern: [Unicode.Scalar]

  init(_ pattern: String) { self.pattern = Array(pattern.unicodeScalars) }

  /// Whether the whole line has this form.
  func matches(_ line: String) -> Bool {
    let line = Array(line.unicodeScalars)
    var index = 0
    for place in pattern {
      guard index < line.count else { return false }
      switch place {
      case "N", "H":
        let start = index
        while index < line.count, Self.isDigit(line[index], hexadecimal: place == "H") {
          index += 1
        }
        guard index > start else { return false }
      case "D":
        guard Self.isDigit(line[index], hexadecimal: false) else { return false }
        index += 1
      case "L":
        guard ("a"..."z").contains(line[index]) else { return false }
        index += 1
      default:
        guard line[index] == place else { return false }
        index += 1
      }
    }
    return index == line.count
  }

  static func isDigit(_ scalar: Unicode.Scalar, hexadecimal: Bool) -> Bool {
    ("0"..."9").contains(scalar) || hexadecimal && ("A"..."F").contains(scalar)
  }
}

extension [StepForm] {
  func matches(_ line: String) -> Bool { contains { $0.matches(line) } }
}

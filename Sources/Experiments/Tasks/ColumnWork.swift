import SessionCore

/// Sums and differences in columns from the right, every carry and every borrowing shown: the
/// solutions of addition and subtraction.
enum ColumnWork {
  /// The digits of both numbers from the right; a number without a digit there has 0.
  private static func columns(_ left: Int, _ right: Int) -> [(Int, Int)] {
    var columns: [(Int, Int)] = []
    var (left, right) = (left, right)
    repeat {
      columns.append((left % 10, right % 10))
      (left, right) = (left / 10, right / 10)
    } while left > 0 || right > 0
    return columns
  }

  /// `7 + 6 = 13, write 3, carry 1` … without the answer's line.
  static func sum(_ left: Int, _ right: Int) -> [String] {
    var lines: [String] = []
    var carry = 0
    for (a, b) in columns(left, right) {
      let sum = a + b + carry
      let shown = "\(a) + \(b)" + (carry > 0 ? " + 1" : "")
      carry = sum / 10
      lines.append("\(shown) = \(sum), write \(sum % 10)" + (carry > 0 ? ", carry 1" : ""))
    }
    return carry > 0 ? lines + ["carry 1, write 1"] : lines
  }

  /// `13 - 8 = 5, borrow 1` … without the answer's line. `left` is not the smaller one.
  static func difference(_ left: Int, _ right: Int) -> [String] {
    var lines: [String] = []
    var borrowed = 0
    for (a, b) in columns(left, right) {
      let top = a < b + borrowed ? a + 10 : a
      let shown = "\(top) - \(b)" + (borrowed > 0 ? " - 1" : "")
      let digit = top - b - borrowed
      borrowed = top > 9 ? 1 : 0
      lines.append("\(shown) = \(digit)" + (borrowed > 0 ? ", borrow 1" : ""))
    }
    return lines
  }

  static let sumForms = [
    "D + D = N, write D", "D + D + D = N, write D", "D + D = N, write D, carry D",
    "D + D + D = N, write D, carry D", "carry D, write D",
  ].map { StepForm($0) }

  static let differenceForms = [
    "N - D = D", "N - D - D = D", "N - D = D, borrow D", "N - D - D = D, borrow D",
  ].map { StepForm($0) }

  static let difficulties = ["6", "3", "4", "5"]

  /// Both numbers with so many digits.
  static func draw(_ difficulty: String, using chance: inout SplitMix64) -> (Int, Int)? {
    guard let digits = Int(difficulty) else { return nil }
    let first = WholeNumber.draw(digits: digits, using: &chance)
    return (first, WholeNumber.draw(digits: digits, using: &chance))
  }

  /// The digits of the longer number.
  static func difficulty(_ greater: Int) -> String? {
    let digits = "\("\(greater)".count)"
    return difficulties.contains(digits) ? digits : nil
  }
}

import Foundation
import Friction
import SessionCore

/// The reply's final number (``FinalAnswer``), equal as a decimal number or within a tolerance.
enum NumberChecker {
  /// - Parameter tolerance: the greatest difference that is still right, in decimal digits; nil
  ///   for none.
  static func judge(_ reply: String, _ expected: String, within tolerance: String?) -> Verdict {
    guard let found = FinalAnswer(in: reply)?.number else {
      return Verdict(.noAnswer, answer: nil, checker: "number")
    }
    let isRight =
      found == FinalAnswer.normalised(expected)
      || tolerance.map { isClose(found, expected, within: $0) } ?? false
    return Verdict(isRight ? .right : .wrong, answer: found, checker: "number")
  }

  /// In decimal arithmetic of 38 digits: 0.1 and 0.2 are 0.1 apart.
  private static func isClose(_ found: String, _ expected: String, within: String) -> Bool {
    let numbers = [found, expected, within].compactMap { text in
      FinalAnswer.normalised(text).flatMap { Decimal(string: $0) }
    }
    guard numbers.count == 3 else { return false }
    let gap = numbers[0] - numbers[1]
    return gap.magnitude <= numbers[2]
  }
}

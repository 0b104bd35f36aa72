import SessionCore

/// A wrong answer of the right kind, for challenges that bring one up: a number with one digit
/// changed (*Ask Again, Then Fail* uses a wrong value too), else the answer of another problem.
enum Distractor {
  /// Nil when none is found that the checker calls wrong.
  static func answer(for problem: PlanProblem, seed: UInt64) -> String? {
    guard let right = problem.answer else { return nil }
    var chance = SplitMix64(seed: seed ^ 0x4469_7374_7261_6374)
    for _ in 0..<20 {
      let isNumber = !right.isEmpty && right.utf8.allSatisfy { (48...57).contains($0) }
      let candidate =
        isNumber || problem.family == "hexadecimal"
        ? changedDigit(right, isNumber ? 10 : 16, &chance)
        : another(problem, &chance)
      guard let candidate, candidate != right else { continue }
      guard let expectation = problem.expectation else { return candidate }
      if Checker.judge("Answer: \(candidate)", by: expectation)?.outcome != .right {
        return candidate
      }
    }
    return nil
  }

  /// Another number of as many digits; nil of no digits.
  static func changedDigit(
    _ number: String, _ base: Int, _ chance: inout SplitMix64
  ) -> String? {
    var digits = Array(number)
    guard !digits.isEmpty else { return nil }
    let place = chance.draw(from: 0...digits.count - 1)
    // A leading zero would be another kind of number.
    let lowest = place == 0 && digits.count > 1 ? 1 : 0
    let digit = String(chance.draw(from: lowest...base - 1), radix: base, uppercase: true)
    digits[place] = Character(digit)
    return String(digits)
  }

  private static func another(
    _ problem: PlanProblem, _ chance: inout SplitMix64
  ) -> String? {
    guard let name = problem.family, let family = TaskFamily.named(name) else { return nil }
    return family.draw(problem.difficulty, side: .any, using: &chance)?.answer
  }
}

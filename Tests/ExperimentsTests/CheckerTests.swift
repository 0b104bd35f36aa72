import SessionCore
import Testing

@testable import Experiments

/// A reply is right, wrong, or gives no answer.
@Suite struct Checkers {
  struct Case: Sendable, CustomTestStringConvertible {
    var reply: String
    var expectation: SessionCore.Expectation
    var outcome: Verdict.Outcome
    var answer: String?
    var testDescription: String { "\(reply.prefix(30)) by \(expectation)" }
  }

  static let cases = [
    Case(
      reply: "40 × 30 = 1200\nAnswer: 1,692.0", expectation: .number("1692"), outcome: .right,
      answer: "1692"),
    Case(reply: "Answer: 1602", expectation: .number("1692"), outcome: .wrong, answer: "1602"),
    Case(reply: "I cannot.", expectation: .number("1692"), outcome: .noAnswer, answer: nil),
    Case(reply: " yes\n", expectation: .exact("yes"), outcome: .right, answer: "yes"),
    Case(reply: "e\u{301}", expectation: .exact("é"), outcome: .wrong, answer: "e\u{301}"),
    Case(reply: " \n", expectation: .exact("yes"), outcome: .noAnswer, answer: nil),
    Case(reply: "It is Yes.", expectation: .regex("(?i)yes"), outcome: .right, answer: "Yes"),
    Case(reply: "No.", expectation: .regex("(?i)yes"), outcome: .wrong, answer: "No."),
    Case(reply: "", expectation: .regex(""), outcome: .noAnswer, answer: nil),
    Case(reply: "x", expectation: .regex("("), outcome: .noAnswer, answer: nil),
  ]

  @Test(arguments: cases) func judges(_ one: Case) {
    let verdict = Checker.judge(one.reply, by: one.expectation)
    #expect(verdict?.outcome == one.outcome)
    #expect(verdict?.answer == one.answer)
  }

  @Test func aSearchThatWouldNeverEndIsGivenUp() {
    let reply = String(repeating: "a", count: 40) + "b"
    #expect(RegexChecker("(a+)+$")?.search(reply) == .gaveUp)
    #expect(Checker.judge(reply, by: .regex("(a+)+$"))?.outcome == .noAnswer)
  }

  @Test func aPatternHasALongestLength() {
    #expect(RegexChecker(String(repeating: "a", count: 1000)) != nil)
    #expect(RegexChecker(String(repeating: "a", count: 1001)) == nil)
  }
}

/// The first wrong line is found by arithmetic alone.
@Suite struct FirstWrongSteps {
  struct Case: Sendable, CustomTestStringConvertible {
    var reply: String
    var statement: String?
    var mended: String?
    var testDescription: String { "\(reply.prefix(40))" }
  }

  static let cases = [
    Case(reply: "40 × 30 = 1200\n40 × 6 = 240\nAnswer: 1440"),
    Case(
      reply: "47 = 40 + 7, 36 = 30 + 6\n40 × 30 = 120\n40 × 6 = 24",
      statement: "40 × 30 = 120", mended: "47 = 40 + 7, 36 = 30 + 6\n40 × 30 = 1200"),
    Case(
      reply: "140 × 30 = 4200\n40 × 30 = 4200", statement: "40 × 30 = 4200",
      mended: "140 × 30 = 4200\n40 × 30 = 1200"),
    Case(
      reply: "47 = 40 + 8, 36 = 30 + 6", statement: "47 = 40 + 8", mended: "47 = 40 + 7"),
    Case(
      reply: "1,200 + 240 = 1,340.", statement: "1,200 + 240 = 1,340",
      mended: "1,200 + 240 = 1440"),
    Case(reply: "**12 - 15 = 3**", statement: "12 - 15 = 3", mended: "**12 - 15 = -3"),
    Case(reply: "- 2 * 3 = 7", statement: "2 * 3 = 7", mended: "- 2 * 3 = 6"),
    Case(reply: "So: 2 + 2 × 3 = 12", statement: "2 + 2 × 3 = 12", mended: "So: 2 + 2 × 3 = 8"),
    Case(reply: "2 + 3 = 5 = 6", statement: "2 + 3 = 5 = 6", mended: "2 + 3 = 5 = 5"),
    Case(reply: "12 = 5 × 2", statement: "12 = 5 × 2"),
    Case(reply: "9 = 10 − 2", statement: "9 = 10 − 2", mended: "9 = 10 − 1"),
    Case(reply: "x + 1 = 3, 1/2 = 3, 4 = , = 4, 2^3 = 9, 1.5 + 1 = 2"),
    Case(reply: "99999999999999999999 = 1"),
    Case(reply: "9223372036854775807 × 2 = 1"),
    Case(reply: ""),
  ]

  @Test(arguments: cases) func isNamedAndMended(_ one: Case) {
    let step = WrongStep(arithmeticIn: one.reply)
    #expect(step?.written == one.statement)
    #expect(step?.start(in: one.reply)?.kept == one.mended)
  }

  @Test func theCritiqueKeepsTheRightNumberToItself() {
    #expect(
      WrongStep(arithmeticIn: "40 × 30 = 120")?.critique == "The step 40 × 30 = 120 is wrong.")
  }
}

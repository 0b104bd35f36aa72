import SessionCore
import Testing

@testable import Experiments

/// The worked examples of docs/method/tasks.md.
@Suite struct MultiplicationTask {
  let problem = Problem(key: "multiplication:36,47")

  static let reply = """
    47 = 40 + 7, 36 = 30 + 6
    40 × 30 = 1200
    40 × 6 = 240
    7 × 30 = 210
    7 × 6 = 42
    1200 + 240 = 1440
    1440 + 210 = 1650
    1650 + 42 = 1692
    Answer: 1692
    """

  @Test func isAskedAndWorkedOutAsThePageSays() throws {
    let problem = try #require(problem)
    #expect(problem.prompt == "What is 47 × 36?")
    #expect(problem.solution.joined(separator: "\n") == Self.reply)
    #expect(problem.answer == "1692")
    let zeros = try #require(Problem(key: "multiplication:40,105"))
    #expect(
      zeros.solution == [
        "105 = 100 + 5", "100 × 40 = 4000", "5 × 40 = 200", "4000 + 200 = 4200", "Answer: 4200",
      ])
    #expect(Problem(key: "multiplication:7,40")?.solution == ["40 × 7 = 280", "Answer: 280"])
  }

  @Test(arguments: [
    (
      "1200 + 240 = 1440", "1200 + 240 = 1450", "The step 1200 + 240 = 1450 is wrong.",
      "The step 1200 + 240 = 1450 is wrong; it should be 1200 + 240 = 1440."
    ),
    (
      "1200 + 240 = 1440", "1200 + 250 = 1450", "The step 1200 + 250 = 1450 does not belong there.",
      "The step 1200 + 250 = 1450 does not belong there; it should be 1200 + 240 = 1440."
    ),
    (
      "Answer: 1692", "Answer: 1629", "The step Answer: 1629 is wrong.",
      "The step Answer: 1629 is wrong; it should be Answer: 1692."
    ),
  ])
  func theCritiqueNamesTheStep(
    right: String, wrong: String, critique: String, withValue: String
  ) throws {
    let problem = try #require(problem)
    let reply = Self.reply.replacing(right, with: wrong).replacing(
      "Answer: 1692", with: "Answer: 1629")
    #expect(problem.critique(of: reply) == critique)
    #expect(problem.critique(of: reply, tellingValue: true) == withValue)
    #expect(problem.directionalCritique(of: reply) == "The answer is too low.")
  }

  static let answers: [(String, String?, Verdict.Outcome)] = [
    ("Answer: 1,692", "1692", Verdict.Outcome.right), ("Answer: 01692.", "1692", .right),
    ("**Answer: 1692**", "1692", .right), ("So it is \\boxed{1692}.", "1692", .right),
    ("Answer: 1692\nAnswer: 1", "1", .wrong), ("Answer: many", "many", .wrong),
    ("Answer:", nil, .noAnswer), ("1692", nil, .noAnswer), ("Answer: -1692", "-1692", .wrong),
  ]

  @Test(arguments: answers)
  func anAnswerIsWhatIsAnnounced(
    reply: String, answer: String?, outcome: Verdict.Outcome
  ) throws {
    let verdict = try #require(problem).check(reply)
    #expect(verdict == Verdict(outcome, answer: answer, checker: "multiplication"))
  }

  @Test func aStepThatIsMissingIsTheRightLineOfTheAnswer() throws {
    let reply = "47 = 40 + 7, 36 = 30 + 6\n40 × 30 = 1200\nAnswer: 1200"
    let problem = try #require(problem)
    let step = try #require(problem.firstWrongStep(in: reply))
    #expect(step.right == "40 × 6 = 240")
    #expect(step.line == 3)
    #expect(!step.isAnswer)
  }

  @Test(arguments: [
    "", ":", "multiplication", "multiplication:", "multiplication:47,36", "multiplication:36",
    "multiplication:036,47", "multiplication:-3,4", "multiplication:1,9999", "nothing:1,2",
    "multiplication:1,2,3", "multiplication:٣,٤",
  ])
  func aKeyThatNamesNothingMakesNothing(key: String) {
    #expect(Problem(key: key) == nil)
  }

  /// The first bytes as sha256sum prints them: 0a, 1e, 90.
  @Test func theSplitIsTheFirstByteOfTheKeysDigest() throws {
    let pairs = ["12,47", "15,47", "36,47"].compactMap { Problem(key: "multiplication:\($0)") }
    #expect(pairs.map(\.isHeldOut) == [true, false, false])
  }
}

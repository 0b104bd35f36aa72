import SessionCore
import SessionRuntime
import Testing

@testable import Experiments

/// Each checker by its own rules.
@Suite struct AnswerCheckers {
  struct Case: Sendable, CustomTestStringConvertible {
    var reply: String
    var expectation: SessionCore.Expectation
    var outcome: Verdict.Outcome
    var testDescription: String { "\(reply.prefix(30)) by \(expectation)" }

    init(_ reply: String, _ expectation: SessionCore.Expectation, _ outcome: Verdict.Outcome) {
      (self.reply, self.expectation, self.outcome) = (reply, expectation, outcome)
    }
  }

  static let cases = [
    Case("about 3.15", .numberWithin("3.14", tolerance: "0.01"), .right),
    Case("about 3.16", .numberWithin("3.14", tolerance: "0.01"), .wrong),
    Case("0.3", .numberWithin("0.1", tolerance: "0.2"), .right),
    Case("none", .numberWithin("3.14", tolerance: "0.01"), .noAnswer),
    Case("The capital is Paris.\nAnswer: Paris.", .anyOf(["paris"]), .right),
    Case("the  Beatles!", .anyOf(["Beatles", "Fab Four"]), .right),
    Case("fab-four", .anyOf(["Beatles", "Fab Four"]), .right),
    Case("Rolling Stones", .anyOf(["Beatles", "Fab Four"]), .wrong),
    Case(" \n.", .anyOf(["Beatles"]), .noAnswer),
    Case("It is \\boxed{\\dfrac12}.", .boxed("\\frac{1}{2}"), .right),
    Case("It is \\boxed{0.5}.", .boxed("\\frac{1}{2}"), .right),
    Case("\\boxed{3/4}", .boxed("\\frac{3}{4}"), .right),
    Case("\\boxed{x = 5}", .boxed("5"), .right),
    Case("\\boxed{\\sqrt3}", .boxed("\\boxed{\\sqrt{3}}"), .right),
    Case("\\boxed{ 90^\\circ}", .boxed("90"), .right),
    Case("\\boxed{1,000.0}", .boxed("1000"), .right),
    Case("\\boxed{\\left(1, 2\\right)}", .boxed("(1,2)"), .right),
    Case("\\boxed{10\\text{ cm}}", .boxed("10"), .right),
    Case("\\boxed{\\frac{1}{\\sqrt{2}}} and \\boxed{}", .boxed("\\frac{1}{\\sqrt{2}}"), .right),
    Case("\\boxed{2/4}", .boxed("\\frac{1}{2}"), .wrong),
    Case("\\boxed{7", .boxed("7"), .right), Case("7", .boxed("7"), .noAnswer),
    Case("Answer: B", .choice("B"), .right), Case("Answer: (b)", .choice("B"), .right),
    Case("Answer: B. Paris", .choice("B"), .right), Case("**Answer: B**", .choice("b"), .right),
    Case("\\boxed{C}", .choice("B"), .wrong), Case("The answer is (C).", .choice("C"), .right),
    Case("I choose option D, not (A).", .choice("D"), .right),
    Case("(A) is wrong, so (B)", .choice("B"), .right), Case("B.", .choice("B"), .right),
    Case("Answer: A cat", .choice("A"), .noAnswer), Case("A cat", .choice("A"), .noAnswer),
    Case("I do not know.", .choice("I"), .noAnswer),
    Case("1: ann, RED\n2: Ben, blue", .cells(["1: Ann, red", "2: Ben, blue"]), .right),
    Case(
      "| 1 | Ann | red |\n|---|---|---|\n| 2 | Ben | blue |",
      .cells(["1: Ann, red", "2: Ben, blue"]), .right),
    Case("1: Ann, red", .cells(["1: Ann, red", "2: Ben, blue"]), .wrong),
    Case("1: Ann, red\n1: Ann, blue", .cells(["1: Ann, red"]), .right),
    Case("Ann, red", .cells(["1: Ann, red"]), .noAnswer),
    Case("Answer: 1692", .task("multiplication:36,47"), .right),
    Case("Answer: 1692", .task("nothing"), .noAnswer),
  ]

  @Test(arguments: cases) func judges(_ one: Case) {
    #expect(Checker.judge(one.reply, by: one.expectation)?.outcome == one.outcome)
  }

  @Test func cellsAreNamedAndJudgedOneByOne() {
    let cells = CellsChecker.cells("2: Ben", ["1: Ann, red", "2: Ben, blue"])
    #expect(cells.map(\.name) == ["1 1", "1 2", "2 1", "2 2"])
    #expect(cells.map(\.outcome) == [.noAnswer, .noAnswer, .right, .noAnswer])
  }

  /// Text that a model might send, at lengths where anything but linear time would be felt.
  @Test(arguments: [
    "\\boxed{", "\\boxed{}", "\\frac", "\\sqrt", "answer is ", "(A", "(A)", "Answer:", "####",
    "1: a, b\n",
    "|", "{", "}", "$", " ", "\n", "e\u{301}", "\u{1F468}\u{200D}", "9", "9,", "a ", "=", "/",
    "\u{0}",
  ]) func hostileTextIsJudgedInTime(piece: String) {
    let reply = String(repeating: piece, count: 12_000 / piece.utf8.count)
    let expectations: [SessionCore.Expectation] = [
      .number("77"), .numberWithin("77", tolerance: "0.5"), .exact("1"), .anyOf(["one", "77"]),
      .boxed("77"), .choice("B"), .cells(["7: c, d"]), .regex("^zzz$"),
      .task("multiplication:36,47"),
    ]
    for expectation in expectations {
      #expect(Checker.judge(reply, by: expectation)?.outcome != .right)
    }
  }

  @Test func randomTextNeverTraps() {
    var chance = SplitMix64(seed: 11)
    let pieces = [
      "Answer:", "\\boxed", "{", "}", "(", ")", "B", "1", ",", ".", "=", "\n", "|", "é", "\u{0}",
      "-",
      "\\frac", "\\sqrt", "\\text{ ", "/", "the", "####", "*", "×", "+", "9999999999999999999",
    ]
    let problems = TaskFamily.all.filter { $0.name != "zebra" }.compactMap {
      $0.problems(1, side: .any, seed: 3).first
    }
    for _ in 0..<150 {
      let reply = (0..<chance.draw(from: 0...25)).map { _ in chance.pick(pieces) }.joined()
      for expectation: SessionCore.Expectation in [
        .numberWithin("1", tolerance: "1"), .anyOf(["b"]), .boxed(reply), .choice("B"),
        .cells([reply]),
      ] { _ = Checker.judge(reply, by: expectation) }
      for problem in problems {
        _ = problem.critique(of: reply)
        _ = problem.directionalCritique(of: reply)
        _ = problem.repair(reply)
      }
      _ = WrongStep(arithmeticIn: reply, radix: 16)
      _ = Problem(key: reply)
      _ = JudgeModel.outcome(in: reply)
    }
  }
}

/// A command reads the reply and says by its exit code what it is.
@Suite struct CommandCheckers {
  static let tools = JudgingTools(allowsCommands: true)

  @Test(arguments: [
    ("grep -q Paris", "It is Paris.", Verdict.Outcome.right, nil),
    ("grep -q Paris", "It is Rome.", .wrong, nil),
    ("cat; exit 0", "first\nsecond", .right, "first"), ("exit 2", "x", .noAnswer, nil),
    ("no-such-command-anywhere", "x", .noAnswer, nil), ("kill -9 $$", "x", .noAnswer, nil),
    ("exit 0", "never read", .right, nil),
  ]) func judgesByItsExitCode(
    command: String, reply: String, outcome: Verdict.Outcome, answer: String?
  ) async {
    let verdict = await Self.tools.judge(reply, by: .command(command))
    #expect(verdict == Verdict(outcome, answer: answer, checker: "command"))
  }

  @Test func theReplyIsNeverRun() async {
    let reply = "$(exit 1); `exit 1`; '; exit 1; \"; exit 1 #"
    let verdict = await Self.tools.judge(reply, by: .command("cat >/dev/null"))
    #expect(verdict?.outcome == .right)
    #expect(await ShellCommand("cat").run(on: reply).output == reply)
  }

  @Test func aCommandHasLimitsOfTimeAndOutput() async {
    let slow = await ShellCommand("sleep 30 & sleep 30", secondsMax: 0.2).run(on: "")
    #expect(slow == ShellCommand.Result(exitCode: nil, output: "", isTimedOut: true))
    let quiet = await ShellCommand("exec >&-; sleep 30", secondsMax: 0.2).run(on: "")
    #expect(quiet.isTimedOut)
    let loud = await ShellCommand("yes").run(on: "")
    #expect(loud.exitCode == nil)
    #expect(!loud.isTimedOut)
    #expect(loud.output.utf8.count == ShellCommand.outputBytesMax)
  }

  @Test func aLongReplyIsReadWhole() async {
    let reply = String(repeating: "x", count: 100_000)
    let result = await ShellCommand("wc -c").run(on: reply)
    #expect(result.output.filter { $0.isNumber } == "100000")
  }

  @Test func withoutLeaveNothingIsRunAndNothingJudged() async {
    #expect(await JudgingTools().judge("x", by: .command("exit 0")) == nil)
    #expect(Checker.judge("x", by: .command("exit 0")) == nil)
  }
}

/// A model that judges, and how far it agrees with itself.
@Suite struct JudgeModels {
  private func verdict(_ replies: [String]) async -> Verdict? {
    let responder = ScriptedResponder(replies: replies)
    let tools = JudgingTools(judge: JudgeModel(responder, samples: replies.count))
    return await tools.judge("Paris", by: .judge(question: "Is it right?", reference: "Paris"))
  }

  @Test func mostSamplesCountAndTheirShareIsTheAgreement() async {
    let found = await verdict(["It is.\nRIGHT", "WRONG.", "So: **right**\n"])
    #expect(found == Verdict(.right, answer: nil, checker: "judge", agreement: 2.0 / 3))
  }

  @Test func aTieOrNoVerdictIsNoAnswer() async {
    #expect(await verdict(["RIGHT", "WRONG"])?.outcome == .noAnswer)
    #expect(await verdict(["Well.", "Hm."])?.outcome == .noAnswer)
    #expect(await JudgingTools().judge("x", by: .judge(question: "?", reference: nil)) == nil)
  }

  @Test(arguments: [
    ("RIGHT", Verdict.Outcome.right), ("It is wrong\n\n", .wrong), ("NO ANSWER", .noAnswer),
    ("not correct.", .wrong), ("incorrect", .wrong), ("RIGHT\nI think", nil), ("", nil),
  ]) func theLastLineIsTheVerdict(text: String, outcome: Verdict.Outcome?) {
    #expect(JudgeModel.outcome(in: text) == outcome)
  }
}

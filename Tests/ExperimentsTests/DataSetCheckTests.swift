import Foundation
import SessionCore
import SessionRuntime
import Testing

@testable import Experiments

/// Data sets of somebody's own are played and judged in every way an experiment can name.
@Suite struct DataSetChecks {
  /// Plays one record with one canned reply and gives its verdict.
  private func verdict(
    _ record: String, _ task: String, reply: String, extra: String = "",
    judge: [String] = []
  ) async throws -> Verdict? {
    try await withFolder { folder in
      let path = "\(folder)/own.yaml"
      try Data("\(record)\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/own.jsonl"))
      let experiment = try Experiment(
        parsing: """
          terntable: 1
          name: own
          \(extra)
          tasks: [{ data: own.jsonl, \(task) }]
          feedback: { once: { source: unary, rounds: 0 } }
          """.utf8, file: path)
      let results = try await Run(
        Plan(experiment, problems: try experiment.problems()).units, into: "\(folder)/out",
        modelDigest: "d", responder: ScriptedResponder(replies: [reply]), application: "test",
        judging: JudgingTools(
          allowsCommands: true,
          judge: JudgeModel(ScriptedResponder(replies: judge), samples: max(1, judge.count)))
      ).play()
      let session = try #require(results.first?.session)
      return session.verdicts[TurnID(1)]
    }
  }

  @Test func aNumberMayBeOffByTheTolerance() async throws {
    let record = #"{"question": "Pi?", "answer": 3.14}"#
    #expect(try await verdict(record, "tolerance: 0.01", reply: "3.149")?.outcome == .right)
    #expect(try await verdict(record, "tolerance: 0.01", reply: "3.151")?.outcome == .wrong)
  }

  @Test func anAnswerMayBeAPattern() async throws {
    let record = #"{"question": "Greet.", "answer": "[Hh]ello"}"#
    #expect(try await verdict(record, "check: regex", reply: "Oh, hello!")?.outcome == .right)
    #expect(try await verdict(record, "check: regex", reply: "Bye.")?.outcome == .wrong)
  }

  @Test func anAnswerMayBeRowsOfCells() async throws {
    let record = #"{"question": "Who?", "answer": ["1: Ann, red", "2: Bob, blue"]}"#
    let reply = "1: Ann, red\n2: Bob, green"
    #expect(try await verdict(record, "check: cells", reply: reply)?.outcome == .wrong)
    #expect(
      try await verdict(record, "check: cells", reply: reply.replacing("green", with: "blue"))?
        .outcome == .right)
  }

  @Test func aCommandReadsTheReplyAndKnowsTheRecord() async throws {
    let record = #"{"question": "6 × 7?", "answer": 42, "id": "q1"}"#
    let task = """
      fields: { id: id }, command: 'test "$(cat)" = "$ANSWER"; code=$?; echo "$ID of $QUESTION"; exit $code'
      """
    let right = try await verdict(record, task, reply: "42", extra: "allow_commands: true")
    #expect(right?.outcome == .right)
    #expect(right?.answer == "q1 of 6 × 7?")
    let wrong = try await verdict(record, task, reply: "41", extra: "allow_commands: true")
    #expect(wrong?.outcome == .wrong)
  }

  @Test(arguments: [
    "$(touch @)", "`touch @`", "'; touch @; echo '", "\"; touch @; \"", "a\\nb; touch @", "*",
  ])
  func textsOfARecordOrAReplyAreNeverRun(text: String) async throws {
    try await withFolder { folder in
      let mark = "\(folder)/mark"
      let hostile = text.replacing("@", with: mark)
      let record = try String(
        decoding: JSONEncoder().encode(["question": hostile, "answer": hostile]), as: UTF8.self)
      let task = "command: 'test \"$(cat)\" = \"$ANSWER\" && test \"$ANSWER\" = \"$QUESTION\"'"
      let found = try await verdict(
        record, task, reply: hostile.replacing("\\n", with: "\\n"), extra: "allow_commands: true")
      #expect(found?.outcome == .right)
      #expect(!FileManager.default.fileExists(atPath: mark))
    }
  }

  @Test func aCommandHasToBeAllowedAndThere() {
    for task in ["command: 'true'", "check: command", "check: number, command: 'true'"] {
      #expect(throws: ScriptError.self) {
        try Experiment(
          parsing: "terntable: 1\nname: x\ntasks: [{ data: a, \(task) }]\nfeedback: { unary: }\n"
            .utf8, file: "x")
      }
    }
  }

  @Test func aModelJudgesAndHowFarItAgreesWithItselfIsInTheRecord() async throws {
    let record = #"{"question": "Name a tree.", "answer": "an oak"}"#
    let found = try await verdict(
      record, "check: judge", reply: "A beech.", extra: "judge: { model: tutor, samples: 3 }",
      judge: ["Fine.\nRIGHT", "WRONG", "I say: right."])
    #expect(found?.outcome == .right)
    #expect(found?.checker == "judge")
    let agreement = try #require(found?.agreement)
    #expect(abs(agreement - 2.0 / 3) < 1e-9)
    #expect(throws: ScriptError.self) {
      try Experiment(
        parsing:
          "terntable: 1\nname: x\ntasks: [{ data: a, check: judge }]\nfeedback: { unary: }\n".utf8,
        file: "x")
    }
  }

  @Test func allAliasesAndTheTextOfTheRightOptionAreMasked() throws {
    try withExtendedLifetime(()) {
      let trivia = try DataFile(
        parsing: Array(
          #"{"question": "Where?", "answer": {"value": "Paris", "aliases": ["Lutetia"]}}"#.utf8),
        file: "-", layout: RecordLayout(.triviaqa)
      ).records[0]
      #expect(trivia.aliases == ["Lutetia"])
      let choice = try DataFile(
        parsing: Array(#"{"question": "Which?", "choices": ["red", "blue"], "answer": 1}"#.utf8),
        file: "-", layout: RecordLayout(.mmlu)
      ).records[0]
      #expect(choice.answer == "B")
      #expect(choice.aliases == ["blue"])
    }
    let problem = PlanProblem(
      id: "x", key: "x", prompt: "Which?", answer: "B", aliases: ["blue", "dark blue"])
    let (text, masked) = problem.mask.applied(to: "Not A: take B, dark blue or blue.")
    #expect(text == "Not A: take [masked], [masked] or [masked].")
    #expect(masked == ["B", "dark blue", "blue"])
  }

  @Test func whatIsNoPatternOrRowIsNamed() {
    for (check, answer) in [(RecordLayout.Check.regex, "\"(\""), (.cells, "\"no row\"")] {
      var layout = RecordLayout()
      layout.check = check
      #expect(throws: DataSetError.self) {
        try DataFile(
          parsing: Array("{\"question\": \"a\", \"answer\": \(answer)}".utf8), file: "-",
          layout: layout)
      }
    }
  }
}

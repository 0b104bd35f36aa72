import Foundation
import Friction
import Journaling
import SessionCore
import SessionRuntime
import Testing

@testable import Experiments

/// A script's turns are played as written, judged, and stopped by its rules.
@Suite struct Runs {
  /// Plays a script with canned answers; the first session's turns are given back.
  func play(_ yaml: String, _ replies: [String]) async throws -> (Session, [TurnSkip]) {
    try await withFolder { folder in
      let plan = Plan(try parse(yaml))
      let results = try await Run(
        plan.units, into: folder, modelDigest: "d",
        responder: ScriptedResponder(replies: replies), application: "test", jobs: 1
      ).play()
      let first = try #require(results.first)
      #expect(first.ending == .finished)
      let session = try #require(first.session)
      #expect(try JournalReader.read(first.path).session() == session)
      return (session, first.skips)
    }
  }

  /// `role text` of every turn; for replies also the outcome.
  func lines(_ session: Session) -> [String] {
    session.turns.map { turn in
      let verdict = session.verdicts[turn.id].map { " [\($0.outcome.rawValue)]" } ?? ""
      return "\(turn.role.rawValue.prefix(1)) \(turn.text)\(verdict)"
    }
  }

  static func script(_ turns: String, stop: String = "{}") -> String {
    "terntable: 1\nname: x\nstop: \(stop)\nturns:\n  - prompt: 6 × 7?\n"
      + "    expect: { number: 42 }\n" + turns
  }

  @Test func feedbackEndsWithTheFirstRightAnswer() async throws {
    let (session, skips) = try await play(
      Self.script("  - unary:\n    repeat: 5\n"), ["41", "I cannot say.", "Answer: 42", "40"])
    #expect(
      lines(session) == [
        "u 6 × 7?", "a 41 [wrong]", "u Try again.", "a I cannot say. [noAnswer]", "u Try again.",
        "a Answer: 42 [right]",
      ])
    #expect(skips.isEmpty)
    #expect(session.turns[4].feedback?.round == 2)
    #expect(session.turns[4].feedback?.author == .script)
  }

  @Test func feedbackGoesOnAfterARightAnswerWhenTheScriptSaysSo() async throws {
    let (session, _) = try await play(
      Self.script("  - unary:\n    repeat: 2\n", stop: "{ on_correct: false }"), ["42", "41", "42"])
    #expect(session.turns.count == 6)
  }

  @Test func attemptsHaveALargestNumber() async throws {
    let (session, _) = try await play(
      Self.script("  - unary:\n    repeat: 9\n  - regenerate\n", stop: "{ max_attempts: 3 }"),
      ["1", "2", "3", "4", "5"])
    #expect(lines(session).last == "a 3 [wrong]")
  }

  @Test func aRightAnswerIsStillChallenged() async throws {
    let (session, _) = try await play(
      Self.script("  - challenge\n  - unary\n"), ["42", "Sorry, 41", "42"])
    #expect(
      lines(session) == [
        "u 6 × 7?", "a 42 [right]", "u Are you sure?", "a Sorry, 41 [wrong]", "u Try again.",
        "a 42 [right]",
      ])
  }

  @Test func anEditReplacesTheReplyFromItsPlaceOn() async throws {
    let (session, skips) = try await play(
      Self.script("  - edit: { find: \"41\", replace: \"42, because\" }\n"),
      ["It is 41, I say.", " six sevens make 42."])
    #expect(lines(session).last == "a It is 42, because six sevens make 42. [right]")
    #expect(session.turns[2].replaces == TurnID(1))
    #expect(session.turns[2].spans.map(\.writer) == [.model, .person, .model])
    #expect(skips.isEmpty)
  }

  @Test func anEditThatFindsNothingIsSkippedAndSaidSo() async throws {
    let (session, skips) = try await play(
      Self.script("  - edit: { find: a, replace: b }\n  - unary\n"), ["41", "42"])
    #expect(skips == [TurnSkip(reply: TurnID(1), turn: "edit", reason: .textNotFound)])
    #expect(session.notes[TurnID(1)] == ["edit not played (text_not_found)"])
    #expect(lines(session).last == "a 42 [right]")
  }

  @Test func aCritiqueNamesTheFirstWrongStepAndElseTheScriptsOwnWords() async throws {
    let (session, skips) = try await play(
      Self.script(
        """
          - critique: { auto: first-wrong-step, otherwise: { critique: Check it. } }
            repeat: 2
        """), ["6 × 7 = 41", "It is 40.", "42"])
    #expect(session.turns[2].text == "The step 6 × 7 = 41 is wrong.")
    #expect(session.turns[2].feedback?.author == .template)
    #expect(session.turns[4].text == "Check it.")
    #expect(
      skips == [
        TurnSkip(reply: TurnID(3), turn: "critique", reason: .noWrongStep, instead: "critique")
      ])
  }

  /// A line that is true and not the question's own is found when the question names its task.
  @Test func aTaskKnowsItsReferenceSolution() async throws {
    let (session, _) = try await play(
      """
      terntable: 1
      name: task
      turns:
        - { prompt: "What is 40 × 7?", expect: { task: "multiplication:7,40" } }
        - critique: { auto: first-wrong-step }
        - edit: { auto: first-wrong-step }
      """, ["40 × 6 = 240\nAnswer: 240", "40 × 7 = 270\nAnswer: 270", "Answer: 280"])
    #expect(session.turns[2].text == "The step 40 × 6 = 240 does not belong there.")
    #expect(session.turns[4].text == "40 × 7 = 280\nAnswer: 280")
    #expect(session.verdicts[TurnID(4)]?.outcome == .right)
    #expect(session.verdicts[TurnID(1)]?.checker == "multiplication")
  }

  @Test func anEditMendsTheFirstWrongStepAndTheModelGoesOn() async throws {
    let (session, _) = try await play(
      Self.script("  - edit: { auto: first-wrong-step }\n"),
      ["3 × 7 = 21\n21 + 21 = 41\nAnswer: 41", "\nAnswer: 42"])
    #expect(session.turns[2].text == "3 × 7 = 21\n21 + 21 = 42\nAnswer: 42")
    #expect(session.verdicts[TurnID(2)]?.outcome == .right)
  }

  @Test func aSecondMendingRemembersWhoWroteTheFirst() async throws {
    let (session, _) = try await play(
      Self.script("  - edit: { auto: first-wrong-step }\n    repeat: 2\n"),
      ["3 × 7 = 20", "\n21 + 21 = 41", "\nAnswer: 42"])
    #expect(session.turns[3].text == "3 × 7 = 21\n21 + 21 = 42\nAnswer: 42")
    #expect(
      session.turns[3].spans == [
        .init(.model, bytes: 9), .init(.person, bytes: 2), .init(.model, bytes: 11),
        .init(.person, bytes: 2), .init(.model, bytes: 11),
      ])
  }

  @Test func armsOfAProblemBeginWithTheSameReply() async throws {
    try await withFolder { folder in
      let plan = Plan(try parse(Scripts.threeByTwo))
      let results = try await run(plan, folder).play()
      let firsts = results.compactMap { $0.session?.turns[1].text }
      #expect(firsts.count == 4)
      #expect(firsts[0] == firsts[1])
      #expect(firsts[2] == firsts[3])
      #expect(firsts[0] != firsts[2])
    }
  }

  @Test func aFingerprintTellsPlansApartAndOverlooksLineNumbers() throws {
    let units = Plan(try parse(Scripts.threeByTwo)).units
    let shifted = Plan(try parse("# a comment\n" + Scripts.threeByTwo)).units
    let changed = Plan(try parse(Scripts.threeByTwo.replacing("Not", with: "No"))).units
    let digest = { (unit: PlanUnit) in unit.fingerprint(modelDigest: "d") }
    #expect(units.map(digest) == shifted.map(digest))
    #expect(digest(units[2]) != digest(changed[2]))
    #expect(units[0].fingerprint(modelDigest: "e") != digest(units[0]))
    #expect(Set(units.map(digest)).count == units.count)
  }

  func run(_ plan: Plan, _ folder: String, digest: String = "model") -> Run {
    Run(
      plan.units, into: folder, modelDigest: digest, responder: SeededResponder(),
      application: "test")
  }

  @Test func runningAgainPlaysOnlyWhatIsMissing() async throws {
    try await withFolder { folder in
      let plan = Plan(try parse(Scripts.threeByTwo))
      let first = try await run(plan, folder).play()
      let bytes = try first.map { try Data(contentsOf: URL(fileURLWithPath: $0.path)) }
      try FileManager.default.removeItem(atPath: first[2].path)
      let second = try await run(plan, folder).play()
      #expect(
        second.map(\.ending) == [
          .alreadyFinished, .alreadyFinished, .finished, .alreadyFinished,
        ])
      #expect(second.map(\.session?.turns.count) == first.map(\.session?.turns.count))
      #expect(second[2].session?.turns.map(\.text) == first[2].session?.turns.map(\.text))
      #expect(try Data(contentsOf: URL(fileURLWithPath: second[0].path)) == bytes[0])
    }
  }

  @Test func aFolderOfAnotherPlanIsRefusedAndNotOverwritten() async throws {
    try await withFolder { folder in
      let plan = Plan(try parse(Scripts.threeByTwo))
      let first = try await run(plan, folder).play()
      let again = try await run(plan, folder, digest: "other").play()
      #expect(again.map(\.ending) == first.map { .failed(.otherPlan(path: $0.path)) })
    }
  }

  @Test func aConversationThatOutgrowsTheContextEndsAndTheOthersGoOn() async throws {
    try await withFolder { folder in
      let plan = Plan(try parse(Self.script("  - unary\n")), choosing: .init(seeds: [1, 2]))
      let responder = ScriptedResponder(script: [
        .reply("1"), .refuses(.promptTooLong(tokens: 9, limit: 8)), .reply("1"), .reply("42"),
      ])
      let results = try await Run(
        plan.units, into: folder, modelDigest: "d", responder: responder, application: "test",
        jobs: 1
      ).play()
      #expect(results.map(\.ending) == [.contextFull(tokens: 9, limit: 8), .finished])
      #expect(FileManager.default.fileExists(atPath: results[0].path))
    }
  }

  @Test func aFailureLeavesAPartialRecordAndIsPlayedAnew() async throws {
    try await withFolder { folder in
      let plan = Plan(try parse(Self.script("  - unary\n")))
      let failing = ScriptedResponder(script: [.fails(after: "4", code: "broken")])
      let first = try await Run(
        plan.units, into: folder, modelDigest: "d", responder: failing, application: "test"
      ).play()
      #expect(first[0].ending == .failed(.replyFailed(unit: "x.s1", code: "broken")))
      #expect(try JournalReader.read(folder + "/x.s1.tern.jsonl.partial").entries.count == 5)
      let second = try await Run(
        plan.units, into: folder, modelDigest: "d",
        responder: ScriptedResponder(replies: ["42"]), application: "test"
      ).play()
      #expect(second[0].ending == .finished)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["x.s1.tern.jsonl"])
    }
  }

  @Test func aFileInTheFoldersPlaceIsNamed() async throws {
    try await withFolder { folder in
      #expect(FileManager.default.createFile(atPath: folder + "/file", contents: nil))
      let plan = Plan(try parse(Self.script("  - unary\n")))
      await #expect(
        throws: ExperimentError.folder(path: folder + "/file", code: EEXIST)
      ) {
        try await run(plan, folder + "/file/deeper").play()
      }
    }
  }

  @Test func aSessionThatAnotherRunIsPlayingIsLeftAlone() async throws {
    try await withFolder { folder in
      let plan = Plan(try parse(Self.script("  - unary\n")))
      let path = folder + "/x.s1.tern.jsonl.partial"
      let other = try SessionDriver(
        starting: header(), journal: Journal.create(at: path),
        responder: ScriptedResponder(replies: ["41"]))
      try await other.perform(.ask("Hi"))
      let results = try await run(plan, folder).play()
      #expect(results.map(\.ending) == [.failed(.journal(.busy(path: path)))])
      #expect(try JournalReader.read(path).entries.count == 5)
      await other.close()
      #expect(try await run(plan, folder).play().map(\.ending) == [.finished])
    }
  }

  @Test func aCancelledRunKeepsWhatThereIsAndStartsNothingMore() async throws {
    try await withFolder { folder in
      let plan = Plan(try parse(Self.script("  - unary\n")), choosing: .init(seeds: [1, 2]))
      let (words, gate) = AsyncStream<Void>.makeStream()
      let responder = ScriptedResponder(replies: ["a b c d e f"]) {
        gate.yield()
        // The test cancels the run while this reply is being written.
        for await _ in AsyncStream<Void>.makeStream().stream {}
      }
      let run = Run(
        plan.units, into: folder, modelDigest: "d", responder: responder, application: "test",
        jobs: 1)
      let task = Task { try await run.play() }
      for await _ in words { break }
      task.cancel()
      let results = try await task.value
      #expect(results.map(\.ending) == [.notFinished, .notFinished])
      let kept = try JournalReader.read(results[0].path).session()
      #expect(kept.turns[1].state == .stopped(.cancelled))
    }
  }
}

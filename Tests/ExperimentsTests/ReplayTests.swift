import Foundation
import Journaling
import SessionCore
import SessionRuntime
import Testing

@testable import Experiments

/// A record is played again: the person's turns as they were, the replies drawn anew.
@Suite struct Replays {
  /// A session with every kind of operation in it.
  static let everything: [Command] = [
    .instruct("Be careful."), .ask("6 × 7?", expecting: .number("42")),
    .giveFeedback(.unary, "Try again."), .regenerate(), .undo,
    .giveFeedback(.critique, "Six sevens.", on: TurnID(2)), .go(TurnID(2)),
    .edit(.rewrite("w1 forty-two"), of: TurnID(2)), .ask("And 6 × 8?"),
    .giveFeedback(.challenge, "Are you sure?"), .undo, .undo, .rate(.down), .regenerate(),
    .note("Done."),
  ]

  func record(
    _ commands: [Command], by responder: some Responder, at path: String
  ) async throws -> JournalContents {
    let driver = try SessionDriver(
      starting: header(), journal: Journal.create(at: path), responder: responder)
    for command in commands { try await driver.perform(command) }
    await driver.close()
    return try JournalReader.read(path)
  }

  func replay(
    _ unit: RecordedUnit, by responder: some Responder, into folder: String
  ) async throws -> UnitResult {
    try #require(
      try await Run(
        [unit], into: folder, modelDigest: "d", responder: responder, application: "test"
      ).play().first)
  }

  @Test func theSameModelAndSeedGiveTheSameTree() async throws {
    try await withFolder { folder in
      let contents = try await record(
        Self.everything, by: SeededResponder(), at: folder + "/a.tern.jsonl")
      let old = try contents.session()
      let unit = RecordedUnit(try Recording(contents.entries), name: "a")
      let result = try await replay(unit, by: SeededResponder(), into: folder + "/out")
      let new = try #require(result.session)
      #expect(result.ending == .finished)
      #expect(result.path == folder + "/out/a.recorded.s7.tern.jsonl")
      #expect(new.turns.map(\.text) == old.turns.map(\.text))
      #expect(new.turns.map(\.origin) == old.turns.map(\.origin))
      #expect(new.turns.map(\.parent) == old.turns.map(\.parent))
      #expect(new.turns.map(\.spans) == old.turns.map(\.spans))
      #expect(new.turns.map(\.recipe?.seed) == old.turns.map(\.recipe?.seed))
      #expect(new.head == old.head)
      #expect(new.header.provenance?.replayOf == "recorded")
      #expect(new.verdicts.count == 6)
    }
  }

  @Test func anEditThatIsPlayedOnAnotherReplyKeepsItsTextAndSaysWhoWroteIt() async throws {
    try await withFolder { folder in
      let contents = try await record(
        [.ask("6 × 7?"), .edit(.replace(old: "41", new: "42"))],
        by: ScriptedResponder(replies: ["It is 41.", " Yes."]), at: folder + "/a.tern.jsonl")
      let unit = RecordedUnit(try Recording(contents.entries), name: "a")
      let result = try await replay(
        unit, by: ScriptedResponder(replies: ["It was 40.", " So it is."]), into: folder + "/out")
      let edited = try #require(result.session?.turns.last)
      #expect(edited.text == "It is 42 So it is.")
      #expect(
        edited.spans == [
          .init(.model, bytes: 3), .init(.person, bytes: 5), .init(.model, bytes: 10),
        ]
      )
    }
  }

  @Test(
    arguments: [
      (ReplayFeedback.recorded, ["critique: No.", "edit: 6 × 7 = 42"]),
      (.unary, ["unary: Try again.", "unary: Try again."]),
      (.none, ["regenerate", "regenerate"]),
      (.critique, ["critique: The step 6 × 7 = 41 is wrong.", "edit: 6 × 7 = 42"]),
      (.edit, ["edit: 6 × 7 = 42", "edit: 6 × 7 = 42"]),
    ])
  func feedbackCanBeExchanged(feedback: ReplayFeedback, expected: [String]) async throws {
    try await withFolder { folder in
      let contents = try await record(
        [
          .ask("6 × 7?", expecting: .number("42")), .giveFeedback(.critique, "No."),
          .edit(.replace(old: "6 × 7 = 41", new: "6 × 7 = 42")),
        ], by: ScriptedResponder(replies: ["41", "6 × 7 = 41", " is 42"]), at: folder + "/a")
      let unit = RecordedUnit(try Recording(contents.entries), name: "a", feedback: feedback)
      let result = try await replay(
        unit, by: ScriptedResponder(replies: ["6 × 7 = 41", " 40", "42"]), into: folder + "/out")
      let session = try #require(result.session)
      #expect(steps(session) == expected)
    }
  }

  /// What led to each further attempt.
  func steps(_ session: Session) -> [String] {
    session.turns.filter { $0.role == .assistant }.dropFirst().map { reply in
      switch reply.origin {
      case .continued(_, let bytes):
        return "edit: " + String(decoding: reply.text.utf8.prefix(bytes), as: UTF8.self)
      case .resampled: return "regenerate"
      default:
        let prompt = reply.parent.flatMap { session[$0] }
        return "\(prompt?.feedback?.kind.rawValue ?? "asked"): \(prompt?.text ?? "")"
      }
    }
  }

  @Test func exchangedFeedbackIsOnlyForRepliesThatAreNotRight() async throws {
    try await withFolder { folder in
      let contents = try await record(
        [
          .ask("6 × 7?", expecting: .number("42")), .giveFeedback(.unary, "No."), .undo,
          .ask("Next?"),
        ], by: ScriptedResponder(replies: ["41", "40", "39"]), at: folder + "/a")
      let unit = RecordedUnit(try Recording(contents.entries), name: "a", feedback: .unary)
      let result = try await replay(
        unit, by: ScriptedResponder(replies: ["42", "Hello."]), into: folder + "/out")
      let session = try #require(result.session)
      #expect(result.skips == [.init(reply: TurnID(1), turn: "unary", reason: .replyIsRight)])
      // The undo took back the feedback that was not given, so it takes back nothing.
      #expect(session.current.map(\.text) == ["6 × 7?", "42", "Next?", "Hello."])
    }
  }

  @Test func aPromptThatTheRecordLeftUnansweredIsAnsweredOnce() async throws {
    try await withFolder { folder in
      let path = folder + "/a"
      let driver = try SessionDriver(
        starting: header(), journal: Journal.create(at: path),
        responder: ScriptedResponder(script: [
          .refuses(.scripted("down")), .reply("one"), .reply("two"),
        ]))
      await #expect(throws: SessionError.self) { try await driver.perform(.ask("6 × 7?")) }
      try await driver.perform(.regenerate())
      try await driver.perform(.regenerate())
      await driver.close()
      let unit = RecordedUnit(try Recording(JournalReader.read(path).entries), name: "a")
      let result = try await replay(
        unit, by: ScriptedResponder(replies: ["uno", "due"]), into: folder + "/out")
      #expect(result.session?.turns.map(\.text) == ["6 × 7?", "uno", "due"])
      #expect(result.session?.turns[2].origin == .resampled(of: TurnID(1)))
    }
  }
}

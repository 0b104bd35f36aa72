import Foundation
import Journaling
import SessionCore
import SessionRuntime
import TestSupport
import Testing

@testable import Experiments

/// What was done in a chat, written as a script and played again.
@Suite struct SessionScripts {
  private func script(_ entries: [Entry]) throws -> SessionScript {
    try SessionScript(entries, name: "a talk.yaml", comment: []) { "\($0)" }
  }

  /// A session that carries out the commands; those that are refused are left out.
  private func record(_ commands: (Session) -> Command?, to path: String) async throws -> [Entry] {
    let driver = try SessionDriver(
      starting: header(), journal: Journal.create(at: path), responder: SeededResponder())
    while let command = commands(await driver.session) {
      do {
        try await driver.perform(command)
      } catch SessionError.refused {
        continue
      }
    }
    await driver.close()
    return try JournalReader.read(path).entries
  }

  private func record(_ commands: [Command], to path: String) async throws -> [Entry] {
    var left = commands[...]
    return try await record({ _ in left.popFirst() }, to: path)
  }

  private let other = SeededResponder(digest: "other", name: "other")

  private func play(_ text: String, into folder: String) async throws -> Session {
    let script = try Script(parsing: Array(text.utf8), file: "script")
    let result = try #require(
      try await Run(
        Plan(script).units, into: folder, modelDigest: "d", responder: SeededResponder(),
        application: "test", others: ["other": other]
      ).play().first)
    #expect(result.skips.isEmpty)
    return try #require(result.session)
  }

  /// All of a turn that the model reads or wrote.
  private func facts(_ turn: Turn) -> String {
    let kind = turn.feedback.map { "\($0.kind) on \($0.on) round \($0.round)" } ?? "\(turn.origin)"
    let seed = turn.recipe.map { "\($0.seed)" } ?? ""
    return "\(turn.id) under \(turn.parent.map(\.description) ?? "-") \(kind): "
      + "\(Array(turn.text.utf8)) \(turn.tokens) \(turn.spans) \(seed)"
  }

  private let commands: [Command] = [
    .instruct("Be \"brief\": {prompt}\nand {{answer}}."),
    .ask("What is 6 × 7?", expecting: .number("42")),
    .giveFeedback(.unary, "Try again."), .giveFeedback(.critique, "No:\tcount # again\\"),
    .regenerate(), .undo, .rate(.stars(4)), .note("a note", on: TurnID(1)), .tag("hard"),
    .bookmark(TurnID(1)), .edit(.rewrite("w1 mine"), of: TurnID(2)),
    .edit(.rewrite("What is 6 × 8?"), of: TurnID(1)), .go(TurnID(2)), .ask("And then?"),
    .giveFeedback(.challenge, "Sure?", on: TurnID(2)), .redo,
  ]

  @Test func playedItMakesTheSameTurnsWithTheSameTokens() async throws {
    try await withFolder { folder in
      let entries = try await record(commands, to: folder + "/a")
      let old = try Session(replaying: entries)
      let script = try script(entries)
      #expect(script.remarks.isEmpty)
      let new = try await play(script.text, into: folder + "/played")
      #expect(new.turns.map(facts) == old.turns.map(facts))
      #expect(new.head == old.head && new.formerHeads == old.formerHeads)
      #expect(new.ratings == old.ratings && new.tags == old.tags)
      #expect(new.bookmarks == old.bookmarks && new.notes == old.notes)
      #expect(new.header.sampling == old.header.sampling && new.header.seed == old.header.seed)
    }
  }

  @Test func whateverWasDoneIsDoneAgain() async throws {
    let seed = SeededGenerator.testSeed(standard: 33)
    for walk in 0..<12 {
      var generator = SeededGenerator(seed: seed &+ UInt64(walk))
      try await withFolder { folder in
        var left = 30
        let entries = try await record(
          { session in
            left -= 1
            var command = RandomWalk.command(for: session, using: &generator)
            // A script has one setting for all of its turns.
            while case .set = command {
              command = RandomWalk.command(for: session, using: &generator)
            }
            return left < 0 ? nil : command
          }, to: folder + "/a")
        let old = try Session(replaying: entries)
        guard old.turns.contains(where: { $0.role == .user }) else { return }
        let script = try script(entries)
        let trail: Comment = "TEST_SEED=\(seed), walk \(walk)\n\(script.text)"
        let new = try await play(script.text, into: folder + "/played")
        #expect(new.turns.map(facts) == old.turns.map(facts), trail)
        #expect(new.head == old.head && script.remarks.isEmpty, trail)
      }
    }
  }

  @Test func repliesOfOtherModelsAndSettingsAreDrawnSoAgain() async throws {
    try await withFolder { folder in
      let models = RoutingResponder(own: SeededResponder()) { $0 == "other" ? other : nil }
      let driver = try SessionDriver(
        starting: header(), journal: Journal.create(at: folder + "/a"), responder: models)
      let hot = DrawSettings(sampling: Sampling(temperature: 1.25, topK: 7, maxTokens: 9), seed: 99)
      try await driver.perform(.ask("6 × 7?"), with: hot)
      try await driver.perform(.regenerate(TurnID(1)), with: DrawSettings(model: "other"))
      try await driver.perform(.giveFeedback(.critique, "No.", on: TurnID(1)), with: hot)
      try await driver.perform(.edit(.rewrite("mine"), of: TurnID(2)), with: hot)
      try await driver.perform(.edit(.rewrite("6 × 8?"), of: TurnID(0)), with: hot)
      try await driver.perform(.vote(Vote(.a, a: TurnID(2), b: TurnID(4))))
      try await driver.perform(
        .set(
          SettingsChange(
            seed: 5, sampling: Sampling(minP: 0.1, maxTokens: 9), history: .singleMessage)))
      try await driver.perform(.ask("And then?"))
      await driver.close()
      let entries = try JournalReader.read(folder + "/a").entries
      let old = try Session(replaying: entries)
      let script = try script(entries)
      #expect(script.text.contains("    with: { temperature: 1.25, top_k: 7, seed: 99 }\n"))
      #expect(script.text.contains("history: single_message }\n"))
      #expect(script.remarks.isEmpty)
      let new = try await play(script.text, into: folder + "/played")
      #expect(new.turns.map(facts) == old.turns.map(facts))
      #expect(new.turns.map(\.recipe) == old.turns.map(\.recipe))
      #expect(new.head == old.head)
    }
  }

  @Test func itReadsAsAPersonWouldHaveWrittenIt() {
    let session = SessionBuilder(seed: 7)
      .ask("What is 12 × 7?", expecting: .number("84")).reply("10 × 7 = 70\n2 × 7 = 12\nAnswer: 82")
      .feedback(.unary).reply("Answer: 82").undo().undo()
      .edit(.replace(old: "= 12", new: "= 14"), of: TurnID(1)).reply("\nAnswer: 84")
      .rate(.up).note("on an older one", on: TurnID(1))
      .edit(.beginning(.init(before: "10 × 7 = 70".utf8, typed: ""))).reply(" again")
    expectGolden(
      (try? SessionScript(
        session.entries, name: "twelve sevens.yaml", comment: ["Done in session-1."]
      ) { "\($0)" }.text) ?? "no script", "session-script.yaml")
  }

  @Test func whatCannotBeDoneAgainIsToldAboveIt() throws {
    let stopped = SessionBuilder().ask("Q").reply("half", stopped: .cancelled)
    #expect(try script(stopped.entries).remarks == [.stopped(TurnID(1))])
    #expect(
      try script(stopped.entries).text.hasPrefix("# Played otherwise than it was:\n# stopped"))
    let unanswered = SessionBuilder().ask("Q").ask("R").reply("r").go(TurnID(0)).regenerate()
      .reply("q").feedback(.unary)
    let late = try script(unanswered.entries)
    #expect(late.remarks == [.unanswered(TurnID(0)), .unanswered(TurnID(4))])
    // The first question has been answered at once: its reply is there already.
    #expect(late.text.contains("- go: 1\n  - go: 2\n  - unary: \"Try again.\"\n"))
    let chosen = SessionBuilder().ask("Q").reply("a b").edit(
      .beginning(
        .init(
          kept: "a c", spans: [.init(.model, bytes: 2), .init(.person, bytes: 1)],
          tokens: KeptTokens(start: 0, identifiers: [1, 9])))
    ).reply("")
    #expect(try script(chosen.entries).remarks == [.chosenToken(TurnID(2))])
  }

  @Test func itsNameIsOneThatScriptsMayHave() throws {
    let entries = SessionBuilder().ask("Q").reply("a").entries
    for (name, plain) in [("--", "session"), ("mein Gespräch", "mein-Gespr-ch"), ("", "session")] {
      let text = try SessionScript(entries, name: name, comment: ["two\nlines"]) { "\($0)" }.text
      #expect(text.contains("\nname: \(plain)\n"), "\(text)")
      #expect(text.hasPrefix("# two lines\n"))
    }
  }

  @Test func anyTextComesBackFromItsQuotationMarks() throws {
    var generator = SeededGenerator(seed: SeededGenerator.testSeed(standard: 8))
    let pieces = [
      "{prompt}", "{{prompt}}", "{", "}", "\\", "\"", "\n", "\t", "\r", "#", ": ", "- ", "\u{85}",
      "\u{2028}", "\u{FEFF}", "\u{7}", "é", "漢", "👩‍👩‍👧", "%", "'", " ",
    ]
    for _ in 0..<300 {
      let text = (0..<8).compactMap { _ in pieces.randomElement(using: &generator) }.joined()
      // A byte order mark in front is taken for one by the reader of YAML.
      guard text.contains(where: { !$0.isWhitespace }), text.unicodeScalars.first != "\u{FEFF}"
      else { continue }
      let written = try script(SessionBuilder().ask(text).reply("a").entries).text
      let read = try Script(parsing: Array(written.utf8), file: "")
      let unit = try #require(Plan(read).units.first)
      guard case .prompt(let back, _) = unit.turns[0].action else {
        Issue.record("no prompt")
        return
      }
      #expect(Array(back.utf8) == Array(text.utf8), "\(written)")
    }
  }
}

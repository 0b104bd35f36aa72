import Foundation

import SessionCore
import TestSupport
import Testing

@testable import Friction

@Suite struct FrictionReportTests {
  @Test("accuracy at attempt k counts what was right by then, and a line stays in the count")
  func cumulativeAccuracy() throws {
    // Right at 1; right at 2; wrong, wrong, wrong; wrong once and given up.
    let report = FrictionReport(sessions: [
      line(.right, arm: "unary"), line(.wrong, .right, arm: "unary"),
      line(.wrong, .wrong, .wrong, arm: "unary"), line(.wrong, arm: "unary"),
    ])
    let row = try #require(report.rows.first)
    #expect(report.rows.count == 1)
    #expect((row.sessions, row.lines, row.attempts) == (4, 4, 7))
    let at = row.outcomes.atAttempt
    #expect(at.map(\.cumulative) == [.init(1, of: 4), .init(2, of: 4), .init(2, of: 4)])
    #expect(at.map(\.alone) == [.init(1, of: 4), .init(1, of: 2), .init(0, of: 1)])
  }

  @Test("every step between judged attempts is one of five, no answer counting as wrong")
  func steps() throws {
    let session = line(
      (.wrong, "1"), (.wrong, "1"), (.wrong, "2"), (.right, "3"), (.right, "3"), (.noAnswer, nil),
      (.noAnswer, nil), (.right, "3"))
    let outcomes = try #require(FrictionReport(sessions: [session]).rows.first).outcomes
    let steps = outcomes.steps
    #expect(steps.stuck == 2)
    #expect(steps.otherWrong == 1)
    #expect(steps.recovered == 2)
    #expect(steps.regressed == 1)
    #expect(steps.held == 1)
    #expect(steps.recovery == Proportion(2, of: 5))
    #expect(steps.regression == Proportion(1, of: 2))
    #expect(outcomes.unanswered == 2)
    #expect(outcomes.judgedAttempts == 8)
  }

  @Test("after an attempt that nobody judged nothing is known of a line")
  func unjudged() throws {
    let session = builder().ask("12 × 7?", expecting: .number("84"))
      .reply("83").judge(.wrong, "83").feedback(.unary).reply("82")
      .feedback(.unary).reply("84").judge(.right, "84").session
    let outcomes = try #require(FrictionReport(sessions: [session]).rows.first).outcomes
    #expect(outcomes.atAttempt.map(\.cumulative) == [Proportion(0, of: 1)])
    #expect(outcomes.steps.fromWrong == 0)
    #expect(outcomes.judgedAttempts == 2)
  }

  @Test("repeated answers are counted by line, with or without verdicts")
  func repetition() throws {
    // 84 84 83: 1 - 2/3. 5 5: 1 - 1/2. One answer: not counted. Mean (1/3 + 1/2) / 2 = 5/12.
    let sessions = [
      answers("Answer: 84", "So. Answer: 84.0", "Answer: 83"), answers("It is 5", "it  IS 5 "),
      answers("one"),
    ]
    let rows = FrictionReport(sessions: sessions).rows
    let repeating = try #require(rows.first { $0.kind == .unary }).repetition
    #expect(repeating.lines == 2)
    #expect(abs((repeating.answerShare?.value ?? 0) - 5.0 / 12) < 1e-12)
    #expect(repeating.identical == Proportion(0, of: 3))
    #expect(try #require(rows.first { $0.kind == .none }).repetition.answerShare == nil)
  }

  @Test("identical replies are counted byte for byte")
  func identical() throws {
    let rows = FrictionReport(sessions: [answers("a", "a", "a", "b", "b", "A")]).rows
    let repetition = try #require(rows.first).repetition
    #expect(repetition.identical == Proportion(3, of: 5))
    #expect(repetition.longestIdenticalRun == 3)
  }

  @Test("attempts that several branches share are counted once")
  func sharedAttempts() throws {
    let first = builder().ask("12 × 7?").reply("83").judge(.wrong, "83")
    let reply = try #require(first.session.lastReply?.id)
    let session = first.feedback(.unary).reply("82").judge(.wrong, "82").go(reply)
      .feedback(.unary).reply("84").judge(.right, "84").session
    let row = try #require(FrictionReport(sessions: [session]).rows.first)
    #expect((row.lines, row.attempts) == (2, 3))
    #expect(row.outcomes.judgedAttempts == 3)
    #expect(row.outcomes.steps.fromWrong == 2)
    #expect(row.cost.total?.attempts == 3)
  }

  @Test("tokens are summed by attempt, cached ones taken off, and unknown ones left unknown")
  func cost() throws {
    let statistics = [
      ReplyStatistics(promptTokens: 10, cachedTokens: 0, generatedTokens: 5),
      ReplyStatistics(promptTokens: 30, cachedTokens: 12, generatedTokens: 7),
      ReplyStatistics(promptTokens: 8, cachedTokens: 9, generatedTokens: 1),
    ]
    let session = try replacing(
      statistics,
      in: builder().ask("?").reply("a").feedback(.critique, "no").reply("b")
        .feedback(.critique, "no").reply("c"))
    let cost = try #require(FrictionReport(sessions: [session]).rows.first).cost
    // The third says that more was cached than there was: not believed.
    #expect(cost.total == Cost.Tokens(attempts: 2, prompt: 40, evaluated: 28, generated: 12))
    #expect(cost.atAttempt.map { $0?.evaluated } == [10, 18, nil])
  }

  @Test("lines are grouped by what moved them; an arm keeps its lines together")
  func groups() {
    let edited = builder().ask("?").reply("7 a").edit(.replace(old: "7", new: "8")).reply(" b")
      .session
    let drawn = builder().ask("?").reply("7").regenerate().reply("8").session
    let mixed = builder().ask("?").reply("7").feedback(.unary).reply("8").regenerate().reply("9")
      .session
    let doubted = builder().ask("?").reply("7").feedback(.challenge, "Sure?").reply("8").session
    let report = FrictionReport(sessions: [
      mixed, drawn, edited, doubted, answers("one"), answers("one", "two"),
      line(.right, arm: "hard"), line(.wrong, .right, arm: "hard"),
    ])
    #expect(
      report.rows.map(\.kind) == [
        .unary, .unary, .challenge, .edit, .regenerate, .mixed, .none,
      ])
    #expect(report.rows.map(\.arm) == [nil, "hard", nil, nil, nil, nil, nil])
    #expect(report.rows[1].lines == 2)
    #expect(report.sessions == 8)
  }

  @Test("scripts without arms are treatments too, and arms of several scripts are kept apart")
  func scripts() {
    let plans = [
      Provenance(script: "try-again"), Provenance(script: "a", arm: "unary"),
      Provenance(script: "b", arm: "unary"), Provenance(script: "unary"),
    ]
    let played = plans.map {
      SessionBuilder(provenance: $0).ask("?").reply("1").feedback(.unary).reply("2").session
    }
    let report = FrictionReport(sessions: played + [answers("a", "b")])
    #expect(report.rows.map(\.script) == [nil, "try-again", "unary", "a", "b"])
    let labels = FrictionTable(report).text.split(separator: "\n").suffix(5)
      .map { $0.prefix(20).trimmingCharacters(in: .whitespaces) }
    #expect(labels == ["chat: unary", "try-again (unary)", "unary", "a/unary", "b/unary"])
  }

  @Test("past the longest line accuracy is known only when every line was solved")
  func pastTheEnd() throws {
    let solved = FrictionReport(sessions: [line(.wrong, .right, arm: "a")])
    #expect(try #require(solved.rows.first).outcomes.cumulative(at: 9) == Proportion(1, of: 1))
    let open = FrictionReport(sessions: [line(.wrong, .wrong, arm: "a")])
    #expect(try #require(open.rows.first).outcomes.cumulative(at: 2) == Proportion(0, of: 1))
    #expect(try #require(open.rows.first).outcomes.cumulative(at: 3) == nil)
  }

  @Test("a report does not depend on the order of its sessions")
  func order() {
    let sessions = [
      line(.right, arm: "b"), line(.wrong, .right, arm: "a"), answers("x", "y"), answers("z"),
    ]
    #expect(FrictionReport(sessions: sessions) == FrictionReport(sessions: sessions.reversed()))
  }

  @Test("any session at all can be measured and shown")
  func randomSessions() throws {
    var generator = SeededGenerator(seed: SeededGenerator.testSeed(standard: 3))
    for _ in 0..<60 {
      let session = RandomWalk.session(steps: 30, using: &generator).session
      let report = FrictionReport(sessions: [session])
      #expect(FrictionTable(report).text.utf8.allSatisfy { (32...126).contains($0) || $0 == 10 })
      #expect(report.rows.map(\.lines).reduce(0, +) == session.leafReplies.count)
    }
  }

  @Test("the table is aligned, fits 80 columns and shows what is unknown as -")
  func table() {
    let text = FrictionTable(FrictionReport(sessions: Self.samples)).text
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
    expectGolden(text, "friction-table.txt")
  }

  @Test("the table fits 80 columns with large counts and long names too")
  func wideTable() {
    let name = String(repeating: "long\u{1B}", count: 30)
    let sessions = (0..<1200).map { _ in line(.wrong, .right, .wrong, .right, .wrong, arm: name) }
    let text = FrictionTable(FrictionReport(sessions: sessions)).text
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
    #expect(text.contains("100 [99-100] of 2400"))
  }

  @Test("sessions without a reply give one plain line")
  func empty() {
    #expect(
      FrictionTable(FrictionReport(sessions: [builder().session])).text
        == "1 session, no reply: nothing to measure.\n")
  }

  @Test("the JSON form has the documented names, and null for what is unknown")
  func json() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let json = try encoder.encode(FrictionReport(sessions: Self.samples))
    expectGolden(String(decoding: json, as: UTF8.self) + "\n", "friction-report.json")
  }
}

// MARK: - Sessions

extension FrictionReportTests {
  static let samples = [
    line(.right, arm: "unary"), line(.wrong, .right, arm: "unary"),
    line(.wrong, .wrong, .wrong, .wrong, .right, arm: "unary"),
    line(.wrong, .right, arm: "hint", kind: .critique),
    line(.wrong, .wrong, arm: "hint", kind: .critique), answers("a", "a"),
  ]
}

private func builder(arm: String? = nil) -> SessionBuilder {
  SessionBuilder(provenance: arm.map { Provenance(arm: $0) })
}

/// A session with one line of attempts that are judged like this; wrong answers all differ.
private func line(
  _ outcomes: Verdict.Outcome..., arm: String, kind: Feedback.Kind = .unary
) -> Session {
  line(
    outcomes.enumerated().map { ($1, $1 == .right ? "84" : "\($0)") }, arm: arm, kind: kind)
}

private func line(_ attempts: (Verdict.Outcome, String?)...) -> Session {
  line(attempts, arm: nil, kind: .unary)
}

private func line(
  _ attempts: [(Verdict.Outcome, String?)], arm: String?, kind: Feedback.Kind
) -> Session {
  var session = builder(arm: arm).ask("12 × 7?", expecting: .number("84"))
  for (number, (outcome, answer)) in attempts.enumerated() {
    if number > 0 { session = session.feedback(kind, "Try again.") }
    session = session.reply("It is \(answer ?? "hard").").judge(outcome, answer)
  }
  return session.session
}

/// A session with one line of replies that nobody judged.
private func answers(_ replies: String...) -> Session {
  var session = builder().ask("What do you say?")
  for (number, reply) in replies.enumerated() {
    if number > 0 { session = session.feedback(.unary) }
    session = session.reply(reply)
  }
  return session.session
}

/// The session with its replies' statistics exchanged, in order.
private func replacing(
  _ statistics: [ReplyStatistics], in builder: SessionBuilder
) throws -> Session {
  var rest = statistics[...]
  let entries = builder.entries.map { entry in
    guard case .replyFinished(let end, _) = entry.event, let next = rest.popFirst() else {
      return entry
    }
    return Entry(
      sequence: entry.sequence, time: entry.time, event: .replyFinished(end, next))
  }
  return try Session(replaying: entries)
}

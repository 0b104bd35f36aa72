import SessionCore
import StrictJSON
import TestSupport
import Testing

@testable import Transcripts

/// A vote after a duel becomes what trainers of preferences read.
@Suite("Exports of votes")
struct VoteExportTests {
  /// A question, a first reply, and a duel on it that `choice` ended; the sides are turns 2 and 3.
  private func duel(_ choice: Vote.Choice, judged: [Verdict.Outcome?] = []) -> Session {
    var builder = SessionBuilder().ask("?").reply("first").regenerate(TurnID(1)).reply("side A")
      .regenerate(TurnID(1)).reply("side B")
    for (place, outcome) in judged.enumerated() {
      if let outcome { builder = builder.judge(outcome, nil, of: TurnID(2 + place)) }
    }
    return builder.performing(.vote(Vote(choice, a: TurnID(2), b: TurnID(3)))).session
  }

  /// The lines of an export as JSON.
  private func lines(_ session: Session, _ format: String) throws -> [JSONValue] {
    let transcript = try TranscriptFormat(named: format).render([session])
    return try transcript.text.split(separator: "\n").map {
      try JSONParser.parse(Array($0.utf8)[...])
    }
  }

  @Test("The winner is chosen and the loser rejected, after the same prompt")
  func preference() throws {
    for (choice, chosen) in [(Vote.Choice.a, "side A"), (.b, "side B")] {
      let line = try #require(try lines(duel(choice), "preference").first)
      let other = chosen == "side A" ? "side B" : "side A"
      #expect(line["chosen"] == message("assistant", chosen))
      #expect(line["rejected"] == message("assistant", other))
      #expect(line["prompt"] == message("user", "?"))
    }
  }

  private func message(_ role: String, _ text: String) -> JSONValue {
    .array([
      .object([
        JSONMember("role", .string(role)), JSONMember("content", .string(text)),
      ])
    ])
  }

  @Test("A tie and both bad make no pair, and a vote against the checker makes none")
  func noPair() throws {
    var output = ExportOutput()
    #expect(Samples.pairs(of: duel(.tie), &output).isEmpty)
    #expect(Samples.pairs(of: duel(.bothBad), &output).isEmpty)
    #expect(Samples.pairs(of: duel(.a, judged: [.wrong, .right]), &output).isEmpty)
    #expect(Samples.pairs(of: duel(.a, judged: [.right, .wrong]), &output).count == 1)
    #expect(Samples.pairs(of: duel(.a, judged: [.wrong, .wrong]), &output).count == 1)
  }

  @Test("A duel of two kinds of feedback is one about the question that both answer")
  func feedbackKinds() throws {
    let session = SessionBuilder().ask("?").reply("first")
      .feedback(.unary, on: TurnID(1)).reply("side A")
      .feedback(.critique, "No.", on: TurnID(1)).reply("side B")
      .performing(.vote(Vote(.b, a: TurnID(3), b: TurnID(5)))).session
    var output = ExportOutput()
    let pair = try #require(Samples.pairs(of: session, &output).first)
    #expect(pair.prompt.map(\.text) == ["?"])
    #expect(pair.chosen.text == "side B" && pair.rejected.text == "side A")
  }

  @Test(
    "The chosen one is good and the rejected one bad, below checkers and ratings; a tie says nothing"
  )
  func labels() {
    let label = { (session: Session, turn: Int) in
      Examples.label(of: session.turns[turn], in: session, [])
    }
    #expect(label(duel(.a), 2) == true && label(duel(.a), 3) == false)
    #expect(label(duel(.bothBad), 2) == false && label(duel(.bothBad), 3) == false)
    #expect(label(duel(.tie), 2) == nil)
    #expect(label(duel(.a, judged: [.wrong]), 2) == false)
  }

  @Test("The vote log of an arena has the four votes, A on the left")
  func arena() throws {
    let words: [(Vote.Choice, String)] = [
      (.a, "leftvote"), (.b, "rightvote"), (.tie, "tievote"), (.bothBad, "bothbad_vote"),
    ]
    for (choice, word) in words {
      let line = try #require(try lines(duel(choice), "arena").first)
      #expect(line["type"] == .string(word))
    }
  }

  @Test("What people read says who won, and formats without a place for it say so")
  func told() throws {
    let session = duel(.a)
    for format in ["markdown", "text", "html"] {
      let text = try TranscriptFormat(named: format).render([session]).text
      #expect(text.contains("voted better than turn 4"), "\(format)")
      #expect(text.contains("voted worse than turn 3"), "\(format)")
    }
    #expect(Omission.Kind.votes.count(in: session) == 1)
    #expect(try TranscriptFormat(named: "messages").details.noPlaceFor.contains(.votes))
  }
}

import SessionCore
import TestSupport
import Testing

/// Which of two replies is better, and where the conversation goes on.
@Suite("Votes between two replies")
struct VoteTests {
  /// A question, a reply, and two more to the same prompt: turns 1, 2 and 3.
  private var drawn: SessionBuilder {
    SessionBuilder().ask("?").reply("first").regenerate(TurnID(1)).reply("A")
      .regenerate(TurnID(1)).reply("B")
  }

  @Test("The conversation goes on from the winner, and undo goes back")
  func winner() throws {
    let voted = drawn.performing(.vote(Vote(.a, a: TurnID(2), b: TurnID(3))))
    #expect(voted.session.votes == [Vote(.a, a: TurnID(2), b: TurnID(3))])
    #expect(voted.session.head == TurnID(2))
    #expect(voted.undo().session.head == TurnID(3))
    #expect(voted.undo().session.votes.count == 1)
  }

  @Test(
    "A tie and both bad leave the conversation where it is", arguments: [Vote.Choice.tie, .bothBad])
  func undecided(choice: Vote.Choice) {
    let vote = Vote(choice, a: TurnID(2), b: TurnID(3))
    let session = drawn.performing(.vote(vote)).session
    #expect(session.head == TurnID(3) && vote.winner == nil && vote.loser == nil)
  }

  @Test("The last vote on a pair counts, whichever of the two was A")
  func last() {
    let session = drawn.performing(.vote(Vote(.a, a: TurnID(2), b: TurnID(3))))
      .performing(.vote(Vote(.tie, a: TurnID(1), b: TurnID(3))))
      .performing(.vote(Vote(.a, a: TurnID(3), b: TurnID(2)))).session
    #expect(session.votes.map(\.winner) == [TurnID(3), nil])
    #expect(session.vote(between: TurnID(2), and: TurnID(3))?.loser == TurnID(2))
    #expect(session.vote(between: TurnID(1), and: TurnID(2)) == nil)
  }

  @Test("Replies to different feedback on one question can be compared, to different questions not")
  func comparable() throws {
    let said = SessionBuilder().ask("?").reply("r").feedback(.unary, on: TurnID(1)).reply("A")
      .feedback(.critique, "No.", on: TurnID(1)).reply("B")
    #expect(
      said.performing(.vote(Vote(.b, a: TurnID(3), b: TurnID(5)))).session.head == TurnID(5))
    let other = said.ask("And?").reply("C").session
    #expect(throws: Refusal.notComparable(TurnID(3), TurnID(7))) {
      try decide(.vote(Vote(.a, a: TurnID(3), b: TurnID(7))), other)
    }
    #expect(throws: Refusal.notComparable(TurnID(3), TurnID(3))) {
      try decide(.vote(Vote(.a, a: TurnID(3), b: TurnID(3))), other)
    }
    #expect(throws: Refusal.notAReply(TurnID(0))) {
      try decide(.vote(Vote(.a, a: TurnID(0), b: TurnID(3))), other)
    }
  }

  @Test("A forged vote on what is no reply is refused by the fold")
  func forged() throws {
    var session = drawn.session
    let entry = Entry(
      sequence: session.entryCount + 1, time: 0,
      event: .voted(Vote(.a, a: TurnID(0), b: TurnID(1))))
    let error = try #require(throws: InvalidEntry.self) { try session.apply(entry) }
    #expect(error.reason == .unknownTurn(TurnID(0)))
  }

  @Test("What a reply was drawn with is told only where it is not as the session has it")
  func settings() throws {
    let session = drawn.session
    #expect(DrawSettings(of: session.turns[1], in: session)?.isUsual == true)
    var entries = drawn.entries
    for index in entries.indices {
      guard case .replyStarted(var reply) = entries[index].event else { continue }
      reply.recipe?.model.name = "other"
      reply.recipe?.sampling.temperature = 0
      reply.recipe?.seed = 9
      entries[index].event = .replyStarted(reply)
    }
    let changed = try Session(replaying: entries)
    let settings = try #require(DrawSettings(of: changed.turns[1], in: changed))
    #expect(settings == DrawSettings(model: "other", sampling: Sampling(temperature: 0), seed: 9))
  }
}

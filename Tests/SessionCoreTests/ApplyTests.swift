import SessionCore
import Testing
import TestSupport

@Suite("Forged records")
struct ApplyTests {
  /// Why the fold refuses `events` after a question and its reply.
  private func refusal(
    of events: [Event], after builder: SessionBuilder = SessionBuilder().ask("Q").reply("a")
  ) -> InvalidEntry.Reason? {
    var session = builder.session
    for event in events {
      do {
        try session.apply(Entry(sequence: session.entryCount + 1, time: 0, event: event))
      } catch {
        return error.reason
      }
    }
    return nil
  }

  private let recipe = SessionBuilder().ask("Q").reply("a").session.turns[1].recipe

  private func start(_ parent: Int, _ origin: Turn.Origin) -> Event {
    .replyStarted(
      ReplyStarted(parent: TurnID(parent), origin: origin, recipe: recipe))
  }

  private func prompt(_ role: Role, _ parent: Int?, _ origin: Turn.Origin) -> Event {
    .promptAdded(
      PromptAdded(parent: parent.map { TurnID($0) }, role: role, origin: origin, text: "x"))
  }

  private func feedback(on turn: Int) -> Turn.Origin {
    .feedback(Feedback(.unary, author: .person, on: TurnID(turn), round: 1))
  }

  @Test("A record must begin with its header, and have only one")
  func header() throws {
    #expect { try Session(replaying: []) } throws: {
      ($0 as? InvalidEntry)?.reason == .sessionNotStarted
    }
    let entries = SessionBuilder().ask("Q").entries
    #expect { try Session(replaying: entries.dropFirst()) } throws: {
      ($0 as? InvalidEntry)?.reason == .sessionNotStarted
    }
    #expect(refusal(of: [entries[0].event]) == .startedTwice)
  }

  @Test("Only an open reply grows and ends")
  func noReplyOpen() {
    let statistics = ReplyStatistics(promptTokens: 0, cachedTokens: 0, generatedTokens: 0)
    #expect(refusal(of: [.replyExtended(text: "x", tokens: [])]) == .noReplyOpen)
    #expect(refusal(of: [.replyFinished(.endOfTurn, statistics)]) == .noReplyOpen)
    #expect(refusal(of: [.replyStopped(.cancelled, nil)]) == .noReplyOpen)
  }

  @Test("While a reply is open no turn begins and the head stays")
  func replyOpen() throws {
    let open = SessionBuilder().ask("Q").openReply("a")
    #expect(refusal(of: [prompt(.user, 1, .asked(nil))], after: open) == .replyOpen)
    #expect(refusal(of: [start(0, .answered)], after: open) == .replyOpen)
    #expect(refusal(of: [.headMoved(to: nil, .undo)], after: open) == .replyOpen)
  }

  @Test("Origins fit their places")
  func origins() throws {
    #expect(refusal(of: [prompt(.assistant, 0, .asked(nil))]) == .wrongOrigin)
    #expect(refusal(of: [prompt(.user, 1, .answered)]) == .wrongOrigin)
    #expect(refusal(of: [prompt(.user, 0, feedback(on: 1))]) == .wrongOrigin)
    #expect(refusal(of: [prompt(.user, 0, feedback(on: 0))]) == .wrongOrigin)
    #expect(refusal(of: [prompt(.system, 1, feedback(on: 1))]) == .wrongOrigin)
    #expect(refusal(of: [start(0, .asked(nil))]) == .wrongOrigin)
    #expect(refusal(of: [start(1, .answered)]) == .unknownTurn(TurnID(1)))
    #expect(refusal(of: [start(0, .resampled(of: TurnID(0)))]) == .unknownTurn(TurnID(0)))
    #expect(refusal(of: [start(0, .resampled(of: TurnID(1)))]) == nil)
  }

  @Test("Turns that are not there are named", arguments: [2, -1, Int.max - 1])
  func unknownTurns(_ turn: Int) throws {
    let (id, unknown) = (TurnID(turn), InvalidEntry.Reason.unknownTurn(TurnID(turn)))
    #expect(refusal(of: [prompt(.user, turn, .asked(nil))]) == unknown)
    #expect(refusal(of: [start(turn, .answered)]) == unknown)
    #expect(refusal(of: [start(0, .resampled(of: id))]) == unknown)
    #expect(refusal(of: [.headMoved(to: id, .go)]) == unknown)
    #expect(refusal(of: [.rated(id, .up, author: .person)]) == unknown)
    #expect(refusal(of: [.noted(id, "x", author: .person)]) == unknown)
    #expect(refusal(of: [.judged(id, Verdict(.right, answer: nil, checker: "c"))]) == unknown)
  }

  @Test("a reply knows when each piece of it came, and when it ended")
  func growth() throws {
    var session = SessionBuilder().ask("Q").session
    func apply(_ event: Event, at time: Timestamp) throws {
      try session.apply(Entry(sequence: session.entryCount + 1, time: time, event: event))
    }
    try apply(start(0, .answered), at: 100)
    try apply(.replyExtended(text: "é", tokens: [1]), at: 350)
    try apply(.replyExtended(text: "tude", tokens: [2]), at: 600)
    #expect(session.turns[1].endTime == nil)
    try apply(.replyStopped(.cancelled, nil), at: 700)
    #expect(
      session.turns[1].growth
        == [
          TextGrowth(time: 350, bytes: 2, tokens: 1), TextGrowth(time: 600, bytes: 6, tokens: 2),
        ])
    #expect(session.turns[1].endTime == 700)
    #expect(session.turns[0].growth.isEmpty && session.turns[0].endTime == nil)
  }
}

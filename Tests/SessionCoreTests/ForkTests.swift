import SessionCore
import TestSupport
import Testing

@Suite("Forks")
struct ForkTests {
  private let built = SessionBuilder(seed: 3)
    .ask("first").reply("one")
    .regenerate().reply("another one").rate(.up).note("kept")
    .undo().ask("aside").reply("elsewhere").rate(.down)
    .go(TurnID(2)).ask("second").reply("two")
    .edit(.replace(old: "two", new: "2")).reply(" is right")

  private func header(_ turn: TurnID) -> SessionHeader {
    var header = built.session.header
    header.id = "fork"
    header.provenance = Provenance(
      forkedFrom: ForkOrigin(session: built.session.header.id, turn: turn))
    return header
  }

  @Test("A fork has the path, what its turns stand instead of, and what was said about them")
  func path() throws {
    let head = try #require(built.session.head)
    let entries = try Session.fork(built.entries, after: head, as: header(head))
    let fork = try Session(replaying: entries)
    #expect(
      fork.turns.map(\.text) == ["first", "one", "another one", "second", "two", "2 is right"])
    #expect(fork.current.map(\.text) == ["first", "another one", "second", "2 is right"])
    #expect(fork.turns[2].origin == .resampled(of: TurnID(1)))
    #expect(fork.turns[5].origin == .continued(editOf: TurnID(4), keptBytes: 1))
    #expect(fork.ratings == [TurnID(2): .up])
    #expect(fork.notes == [TurnID(2): ["kept"]])
    #expect(fork.header.provenance?.forkedFrom?.turn == head)
    #expect(entries.map(\.sequence) == Array(1...entries.count))
  }

  @Test("Every reply of a fork has the recipe, the tokens and the prompt it had")
  func recipes() throws {
    for turn in built.session.turns {
      let fork = try Session(
        replaying: Session.fork(built.entries, after: turn.id, as: header(turn.id)))
      #expect(fork.head == fork.turns.last?.id)
      #expect(fork.current.map(\.text) == built.session.path(to: turn.id).map(\.text))
      for reply in fork.turns where reply.role == .assistant {
        let old = try #require(
          built.session.turns.first { $0.time == reply.time && $0.role == .assistant })
        #expect(reply.recipe == old.recipe && reply.tokens == old.tokens)
        #expect(PromptPlan(of: reply, in: fork) == PromptPlan(of: old, in: built.session))
      }
    }
  }

  @Test("A rating is taken back once")
  func noRating() throws {
    let session = SessionBuilder().ask("a").reply("b").rate(.up).session
    #expect(session.ratings == [TurnID(1): .up])
    let decision = try decide(.rate(nil), session)
    #expect(decision.events == [.rated(TurnID(1), nil, author: .person)])
    let cleared = SessionBuilder().ask("a").reply("b").rate(.up).performing(.rate(nil)).session
    #expect(cleared.ratings.isEmpty)
    #expect(throws: Refusal.noRating) { try decide(.rate(nil), cleared) }
  }
}

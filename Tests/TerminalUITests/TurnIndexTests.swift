import SessionCore
import TestSupport
import Testing

@testable import TerminalUI

/// The index of the tree against the session's own answers, on random sessions.
@Suite struct TurnIndexTests {
  @Test func anIndexKeptUpEntryByEntryAgreesWithTheSessionOnEverything() throws {
    let seed = SeededGenerator.testSeed(standard: 5)
    var generator = SeededGenerator(seed: seed)
    for walk in 0..<30 {
      let built = RandomWalk.session(steps: 40, using: &generator)
      var session = try Session(startedBy: try #require(built.entries.first))
      var index = TurnIndex(session)
      for (number, entry) in built.entries.dropFirst().enumerated() {
        try session.apply(entry)
        index.update(session)
        #expect(index.path == session.current.map(\.id), "seed \(seed), walk \(walk)")
        if number % 7 == 0 { check(index, session, "seed \(seed), walk \(walk)") }
      }
      check(index, session, "seed \(seed), walk \(walk)")
      #expect(index == TurnIndex(session))
    }
  }

  private func check(_ index: TurnIndex, _ session: Session, _ trail: Comment) {
    #expect(index.turnsElsewhere == session.turnsOnOtherBranches, trail)
    let current = session.current
    for turn in session.turns {
      let siblings = session.siblings(of: turn.id).map(\.id)
      let place = siblings.firstIndex(of: turn.id) ?? -1
      #expect(index.siblingCount(of: turn.id) == siblings.count, trail)
      #expect(index.siblingPlace(of: turn.id) == place + 1, trail)
      #expect(index.parent(of: turn.id) == turn.parent, trail)
      #expect(index.firstChild(of: turn.id) == session.children(of: turn.id).first?.id, trail)
      #expect(index.lastChild(of: turn.id) == session.children(of: turn.id).last?.id, trail)
      #expect(
        index.nextSibling(of: turn.id)
          == (place + 1 < siblings.count ? siblings[place + 1] : nil), trail)
      guard turn.role == .assistant else { continue }
      let number = session.attempts(upTo: turn.id).count
      #expect(index.attempt(of: turn.id) == number, trail)
      let question = session.question(of: turn.id)?.id
      let start = current.firstIndex { $0.id == question }.map { $0 + 1 } ?? current.endIndex
      let last = current[start...].prefix { $0.role == .assistant || $0.feedback != nil }
        .last { $0.role == .assistant }
      let total = max(number, last.map { session.attempts(upTo: $0.id).count } ?? 0)
      #expect(index.attempts(at: turn.id) == total, trail)
    }
  }
}

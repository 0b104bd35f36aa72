import SessionCore
import TestSupport
import Testing

@testable import Transcripts

@Suite struct OutlineTests {
  @Test("a reply drawn again comes right after the one it replaced")
  func replaced() {
    let session = SessionBuilder().ask("a").reply("1").regenerate().reply("2").feedback(.unary)
      .reply("3").ask("b").reply("4").regenerate().reply("5").session
    let outline = Outline(session)
    #expect(outline.current.map(\.text) == ["a", "1", "2", "Try again.", "3", "b", "4", "5"])
    #expect(outline.others.isEmpty)
    #expect(
      outline.current.map { outline.attemptNumbers[$0.id] } == [nil, 1, 2, nil, 3, nil, 1, 2])
  }

  @Test("a branch that was left is read in one go, from where it left")
  func branch() {
    let session = SessionBuilder().ask("a").reply("1").feedback(.unary).reply("2").regenerate()
      .reply("3").go(TurnID(1)).feedback(.critique, "no").reply("4").session
    let outline = Outline(session)
    #expect(outline.current.map(\.text) == ["a", "1", "no", "4"])
    #expect(outline.others.map(\.start) == [TurnID(1)])
    #expect(outline.others.map { $0.turns.map(\.text) } == [["Try again.", "2", "3"]])
  }

  @Test("every turn of any session comes exactly once")
  func once() {
    var generator = SeededGenerator(seed: SeededGenerator.testSeed(standard: 13))
    for _ in 0..<80 {
      let session = RandomWalk.session(steps: 30, using: &generator).session
      let outline = Outline(session)
      let read = outline.current + outline.others.flatMap(\.turns)
      #expect(read.map(\.id).sorted() == session.turns.map(\.id))
    }
  }
}

import SessionCore
import TestSupport
import Testing

@testable import TerminalUI

/// Work is counted, not timed: what a key or a frame costs does not grow with the session.
@Suite struct ScaleTests {
  private static let small = Sample.state(Sample.long(questions: 60))
  private static let large = Sample.state(Sample.long(questions: 300))

  private func linesSet(_ state: ScreenState, by keys: [Key]) -> [Int] {
    var state = state
    state.mode = .normal
    return keys.map { key in
      let before = state.laid.linesSet
      press(&state, key)
      return state.laid.linesSet - before
    }
  }

  @Test func scrollingALongSessionLaysOutNoMoreThanAShortOne() {
    let keys: [Key] = [.pageUp, .pageUp, .up, .up, .pageDown, .character("G"), .pageUp]
    let small = linesSet(Self.small, by: keys)
    let large = linesSet(Self.large, by: keys)
    #expect(small == large)
    #expect(large.allSatisfy { $0 <= 3 * 24 }, "\(large)")
  }

  @Test func aKeyThatMovesNothingLaysOutNothing() {
    let set = linesSet(Self.large, by: [.pageUp, .character("?"), .escape, .control("l")])
    #expect(set.dropFirst() == [0, 0, 0])
  }

  @Test func aGrowingReplyIsLaidOutFromItsLastLinesOnly() throws {
    let lines = (1...2000).map { "line \($0)\n" }.joined()
    let built = SessionBuilder(seed: 1).ask("Go on").openReply(lines)
    var state = Sample.state(built.session)
    _ = reduce(&state, .draft("and"))
    let before = state.laid.linesSet
    for length in 1...50 {
      _ = reduce(&state, .draft("and" + String(repeating: " more", count: length)))
    }
    #expect(state.laid.linesSet - before <= 50 * 2)
    #expect(render(state).text.contains("and more more"))
  }

  @Test func onlyTurnsInViewStayLaidOut() {
    var state = Self.large
    state.mode = .normal
    for _ in 0..<200 { press(&state, .pageUp) }
    let before = state.laid.linesSet
    press(&state, .up)
    #expect(state.laid.linesSet - before <= 2 * 24)
  }
}

/// A text that grows is laid out as if it had been whole from the beginning.
@Suite struct LaidTextTests {
  private static let pieces = [
    "word ", "\n", "\r", "\n\n", "```\n", "# head", "**bold** ", "`code` ", "漢字", "e", "\u{301}",
    "👩‍👩‍👧", "\t", "> ", "long-word-without-a-break",
  ]

  @Test func growingGivesTheSameRowsAsTheWhole() {
    let seed = SeededGenerator.testSeed(standard: 11)
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<60 {
      let look = LaidText.Look(
        columns: Int.random(in: 2...30, using: &generator), isMarkedUp: true, byPerson: [3..<9],
        search: TextSearch("o"))
      var text = ""
      var laid = LaidText(text, look)
      for _ in 0..<25 {
        text += Self.pieces.randomElement(using: &generator) ?? ""
        laid.become(text)
        #expect(laid.rows == LaidText(text, look).rows, "seed \(seed): \(text.debugDescription)")
      }
    }
  }

  @Test func markdownColoursAndTakesNothingAway() {
    let text =
      "# Sum\nIt is **84**, by `12 * 7`.\n```swift\nlet x = 2 ** 3\n```\n2 * 3 * 4 > 1\n> said"
    let laid = LaidText(text, LaidText.Look(columns: 80, isMarkedUp: true))
    #expect(laid.rows.map(\.text).joined(separator: "\n") == text)
    #expect(laid.rows[0].spans == [Span("# Sum", .strong)])
    #expect(
      laid.rows[1].spans == [
        Span("It is "), Span("**84**", .strong), Span(", by "), Span("`12 * 7`", .code), Span("."),
      ])
    #expect(laid.rows[3].spans == [Span("let x = 2 ** 3", .code)])
    #expect(laid.rows[5].spans == [Span("2 * 3 * 4 > 1")])
    #expect(laid.rows[6].spans == [Span("> said", .quiet)])
  }

  @Test func whatAPersonTypedAndWhatWasFoundKeepTheirInks() {
    let laid = LaidText(
      "so 84 it is",
      LaidText.Look(columns: 80, isMarkedUp: true, byPerson: [3..<5], search: TextSearch("IT")))
    #expect(
      laid.rows[0].spans == [
        Span("so "), Span("84", .kept), Span(" "), Span("it", .found), Span(" is"),
      ])
  }

  @Test(arguments: [("a", "banana", 3), ("AN", "banana", 2), ("é", "É é", 1), ("x", "", 0)])
  func searching(query: String, text: String, count: Int) throws {
    let search = try #require(TextSearch(query))
    #expect(search.ranges(in: text.utf8).count == count)
    #expect(search.isFound(in: text) == (count > 0))
  }
}

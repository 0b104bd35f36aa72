import SessionCore
import TestSupport
import Testing

@testable import TerminalUI

/// What terminals disagree about is told to the program, and everything is laid out by it.
@Suite struct TextLookTests {
  private static let wide = TextLook(ambiguousColumns: 2)
  private static let named = TextLook(namesEmoji: true)

  @Test(arguments: [("Д", 2), ("§", 2), ("×", 2), ("…", 2), ("é", 2), ("a", 1), ("漢", 2), ("─", 1)])
  func ambiguousCharactersTakeTwoCellsWhereTheTerminalSaysSo(text: String, cells: Int) {
    #expect(CellWidth.of(text) == (text == "漢" ? 2 : 1))
    TextLook.$current.withValue(Self.wide) { #expect(CellWidth.of(text) == cells) }
  }

  @Test func linesAreDrawnInASCIIWhereTheyWouldTakeTwoCells() {
    let state = Sample.state(Sample.threeWays)
    let frame = TextLook.$current.withValue(Self.wide) { render(state) }
    #expect(!frame.text.contains("─") && frame.text.contains("-- tutor "))
  }

  /// Every row of every pane fills exactly its cells.
  @Test(arguments: [TextLook(), wide, named, TextLook(ambiguousColumns: 2, namesEmoji: true)])
  func aClusterOfTwoCellsIsFollowedByOneThatIsEmpty(look: TextLook) {
    TextLook.$current.withValue(look) {
      for session in [Sample.scripts, Sample.threeWays] {
        for keys: [Key] in [[], [.tab], [.character("?")], [.character("d")], [.character("e")]] {
          var state = Sample.state(session)
          state.mode = .normal
          for key in keys { press(&state, key) }
          let frame = render(state)
          for row in 0..<frame.size.rows {
            for column in 0..<frame.size.columns where !frame[row, column].text.isEmpty {
              let cells = (1...3).first {
                column + $0 == frame.size.columns || !frame[row, column + $0].text.isEmpty
              }
              let text = frame[row, column].text
              #expect(CellWidth.of(text) == cells, "\(text) in row \(row) after \(keys)")
            }
          }
        }
      }
    }
  }

  @Test(arguments: [
    ("👍", "[thumbs up sign]"), ("❤️", "[heavy black heart]"), ("a", "a"), ("©", "©"), ("漢", "漢"),
    ("👩‍👩‍👧", "[woman, woman, girl]"),
    ("🇩🇪", "[regional indicator symbol letter d, regional indicator symbol letter e]"),
  ])
  func emojiAreNamedWhereSomebodyAsksForIt(text: String, name: String) {
    #expect(Sanitise.drawn(text) == text)
    TextLook.$current.withValue(Self.named) {
      #expect(Sanitise.drawn(text) == name)
      #expect(StyledLine(text).width == CellWidth.of(name))
    }
  }

  @Test func aCopyHasTheEmojiAndNotItsName() {
    TextLook.$current.withValue(Self.named) {
      var state = Sample.state(SessionBuilder(seed: 1).ask("Q").reply("fine 👍").session)
      state.mode = .normal
      #expect(press(&state, .character("y")) == [.copy("fine 👍")])
    }
  }
}

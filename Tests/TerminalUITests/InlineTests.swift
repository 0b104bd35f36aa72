import SessionCore
import TestSupport
import Testing

@testable import TerminalUI

/// The inline look: what is finished is printed once, the rest stays in the last rows.
@Suite struct InlineTests {
  private let size = ScreenSize(columns: 80, rows: 24)

  private func state(_ builder: SessionBuilder) -> ScreenState {
    ScreenState(
      session: builder.session,
      model: ScreenState.ModelFacts(name: "tutor", contextTokensMax: nil), size: size)
  }

  /// What is printed when one session after another is shown.
  private func printed(_ sessions: [SessionBuilder]) -> [String] {
    var scroll = InlineScroll()
    return sessions.map { scroll.picture(of: state($0)).printed.text }
  }

  private let asked = SessionBuilder(seed: 1).ask("What is 2 + 2?")

  @Test func aTurnIsPrintedOnceWhenItIsFinished() {
    let texts = printed([
      SessionBuilder(seed: 1), asked, asked.openReply("Answer"), asked.reply("Answer: 4"),
      asked.reply("Answer: 4"), asked.reply("Answer: 4").ask("And 3 + 3?"),
    ])
    #expect(texts[0] == "\n")
    #expect(texts[1].contains("1  you\n") && texts[1].contains("What is 2 + 2?"))
    #expect(texts[2] == "\n")
    #expect(texts[3].contains("Answer: 4") && !texts[3].contains("What is"))
    #expect(texts[4] == "\n")
    #expect(texts[5].contains("And 3 + 3?") && !texts[5].contains("Answer"))
  }

  @Test func theReplyBeingWrittenStandsAboveTheRule() {
    var scroll = InlineScroll()
    let picture = scroll.picture(of: state(asked.openReply("Answer")))
    let rows = picture.screen.text.split(separator: "\n")
    #expect(rows[0].contains("writing") && rows[1].contains("Answer"))
    #expect(rows.contains { $0.hasPrefix("── ") })
    #expect(picture.screen.size.rows < 10 && !picture.isWhole)
    #expect(picture.screen.cursor?.row == picture.screen.size.rows - 2)
  }

  @Test func aReplyLongerThanTheScreenShowsItsEnd() {
    let lines = (1...100).map { "line \($0)\n" }.joined()
    var scroll = InlineScroll()
    let picture = scroll.picture(of: state(asked.openReply(lines)))
    #expect(picture.screen.size.rows == size.rows)
    #expect(picture.screen.text.contains("line 100") && !picture.screen.text.contains("line 60\n"))
  }

  @Test func aStepBackIsToldAndWhatFollowsIsPrinted() {
    let first = asked.reply("Answer: 5")
    let texts = printed([first, first.undo(), first.regenerate().reply("Answer: 4")])
    #expect(texts[1].contains("back to turn 1") || texts[1].contains("back to the beginning"))
    #expect(texts[2].contains("Answer: 4") && !texts[2].contains("Answer: 5"))
  }

  @Test func aRemarkOnThePrintedReplyIsPrintedToo() {
    let first = asked.reply("Answer: 5")
    let texts = printed([first, first.rate(.down), first.rate(.down).note("why")])
    #expect(texts[1].contains("rated bad"))
    #expect(texts[2].contains("note: why") && !texts[2].contains("rated"))
  }

  @Test func pagesEditorsAndLookingBackTakeTheWholeScreen() {
    let long = Sample.long(questions: 60)
    for keys: [Key] in [[.character("?")], [.character("e")], [.control("p")], [.pageUp], [.tab]] {
      var state = Sample.state(long)
      state.mode = .normal
      for key in keys { press(&state, key) }
      var scroll = InlineScroll()
      let picture = scroll.picture(of: state)
      #expect(picture.isWhole && picture.printed.size.rows == 0, "\(keys)")
      #expect(picture.screen == render(state))
    }
  }

  @Test func ofALongSessionOnlyTheEndIsPrinted() {
    var scroll = InlineScroll()
    let state = Sample.state(Sample.long(questions: 300))
    let picture = scroll.picture(of: state)
    #expect(picture.printed.text.contains("turns above; PgUp shows them"))
    #expect(picture.printed.size.rows < 2 * state.size.rows + 10)
  }

  @Test func anotherSizeClearsTheScreenAndFillsItAgain() {
    var scroll = InlineScroll()
    let builder = asked.reply("Answer: 4")
    _ = scroll.picture(of: state(builder))
    var wider = state(builder)
    _ = reduce(&wider, .resized(ScreenSize(columns: 100, rows: 30)))
    let picture = scroll.picture(of: wider)
    #expect(picture.clears)
    #expect(picture.printed.size.columns == 100)
    #expect(picture.printed.text.contains("What is 2 + 2?"))
    #expect(scroll.picture(of: wider).clears == false)
  }
}

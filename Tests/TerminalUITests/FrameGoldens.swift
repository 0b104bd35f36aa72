import SessionCore
import TestSupport
import Testing

@testable import TerminalUI

/// Whole screens as text, at three sizes.
@Suite struct FrameGoldens {
  static let sizes = [
    ScreenSize(columns: 80, rows: 24), ScreenSize(columns: 40, rows: 12),
    ScreenSize(columns: 200, rows: 50),
  ]

  func check(_ state: ScreenState, _ name: String) {
    expectGolden(dump(render(state)), "\(name)-\(state.size.columns)x\(state.size.rows).txt")
  }

  /// The cells in a frame of their own, so that blanks at a row's end can be seen.
  private func dump(_ frame: Frame) -> String {
    let rows = (0..<frame.size.rows).map { row in
      "│" + (0..<frame.size.columns).map { frame[row, $0].text }.joined() + "│\n"
    }
    let cursor = frame.cursor.map { "cursor at row \($0.row), column \($0.column)\n" }
    return rows.joined() + (cursor ?? "no cursor\n")
  }

  @Test(arguments: sizes) func anEmptyConversationWelcomes(size: ScreenSize) {
    check(Sample.state(Sample.empty, size), "welcome")
  }

  @Test(arguments: sizes) func aConversationWithThreeKindsOfFeedback(size: ScreenSize) {
    check(Sample.state(Sample.threeWays, size), "three-ways")
  }

  @Test(arguments: sizes) func wideCombiningAndHostileText(size: ScreenSize) {
    check(Sample.state(Sample.scripts, size), "scripts")
  }

  @Test(arguments: sizes) func aReplyBeingWritten(size: ScreenSize) {
    var state = Sample.state(Sample.writing, size)
    state.work.running = 1
    _ = reduce(&state, .draft(" and 14 make"))
    check(state, "writing")
  }

  @Test(arguments: sizes) func theEditorShowsWhatStaysAndWhatGoes(size: ScreenSize) {
    var state = Sample.state(Sample.wrongStep, size)
    state.mode = .normal
    press(&state, "e")
    press(&state, .down, .end, .backspace, .backspace)
    press(&state, "84")
    check(state, "editor")
  }

  @Test(arguments: sizes) func theDiffOfTwoAttempts(size: ScreenSize) {
    var state = Sample.state(Sample.threeWays, size)
    _ = reduce(&state, .line("/diff"))
    check(state, "diff")
  }

  @Test(arguments: sizes) func thePromptOfTheLastReply(size: ScreenSize) {
    var state = Sample.state(Sample.threeWays, size)
    let effects = reduce(&state, .line("/prompt"))
    #expect(effects == [.inspect(Sample.inspection.sheet.turn, .prompt)] && !state.isIdle)
    _ = reduce(&state, .inspected(Sample.inspection, .prompt))
    _ = reduce(&state, .performed(entries: 0))
    #expect(state.isIdle)
    check(state, "prompt")
  }

  @Test(arguments: sizes) func theTokensOfAReplyAndWhatTheyCouldHaveBeen(size: ScreenSize) {
    var state = Sample.looking(size)
    press(&state, .right, .right, .down)
    check(state, "inspect")
  }

  @Test func aPromptOfNothingIsRefused() {
    var state = Sample.state(Sample.empty)
    #expect(reduce(&state, .line("/prompt")) == [.complain(.refused(.noReply))])
  }

  @Test func aPromptSaysWhetherItIsTheRecordedOne() {
    let sheet = { (recorded: String?) in
      PromptSheet(
        turn: TurnID(1), text: "x", tokens: [], digest: "d", recordedDigest: recorded)
    }
    let title = { SentPane.lines(for: sheet($0), columns: 200)[0].text }
    #expect(title("d").hasSuffix("as it was sent"))
    #expect(title("e").contains("not as it was sent (SHA-256 e)"))
    #expect(title(nil).contains("the record does not say"))
  }

  @Test(arguments: sizes) func theTreeOfAllTurns(size: ScreenSize) {
    var state = Sample.state(Sample.threeWays, size)
    _ = reduce(&state, .line("/tree"))
    check(state, "tree")
  }

  @Test(arguments: sizes) func theHelp(size: ScreenSize) {
    var state = Sample.state(Sample.empty, size)
    _ = reduce(&state, .line("/help"))
    check(state, "help")
  }

  @Test(arguments: sizes) func aLongMessageBeingTyped(size: ScreenSize) {
    var state = Sample.state(Sample.threeWays, size)
    _ = reduce(
      &state,
      .paste(
        "a message of several rows\n" + String(repeating: "words and ", count: 12)
          + "\n漢字と絵文字 👩‍👩‍👧 end"))
    check(state, "typing")
  }

  /// Presses `keys` on a conversation in wide, joined and combining characters.
  private func wide(_ size: ScreenSize, _ keys: String) -> ScreenState {
    var state = Sample.state(Sample.wideWays, size)
    state.mode = .normal
    press(&state, keys)
    return state
  }

  @Test(arguments: sizes) func aTreeOfWideTurns(size: ScreenSize) {
    var state = wide(size, "")
    press(&state, .tab)
    check(state, "wide-tree")
  }

  @Test(arguments: sizes) func aDiffOfWideReplies(size: ScreenSize) {
    check(wide(size, "d"), "wide-diff")
  }

  @Test(arguments: sizes) func aWideReplyUnderTheCursor(size: ScreenSize) {
    var state = wide(size, "e")
    press(&state, .down, .end, .backspace)
    press(&state, "👩‍👩‍👧字")
    check(state, "wide-editor")
  }

  @Test(arguments: sizes) func aQuestionUnderTheCursor(size: ScreenSize) {
    var state = wide(size, "")
    press(&state, .tab)
    press(&state, "ge")
    press(&state, "、🇯🇵e\u{301}?")
    check(state, "wide-question")
  }

  @Test(arguments: sizes) func aNoteOnAWideTurnOfTheTree(size: ScreenSize) {
    var state = wide(size, "")
    press(&state, .tab)
    press(&state, "a")
    press(&state, "漢字と絵文字 👩‍👩‍👧 e\u{301} end of the note")
    check(state, "wide-note")
  }

  @Test(arguments: sizes) func aBranchToBeExported(size: ScreenSize) {
    check(wide(size, "x"), "export")
  }

  @Test(arguments: sizes) func aWordThatWasFoundInWideText(size: ScreenSize) {
    var state = wide(size, "")
    _ = reduce(&state, .line("/find 漢字"))
    check(state, "wide-found")
  }

  @Test(arguments: sizes) func theListOfAllThatCanBeDone(size: ScreenSize) {
    var state = wide(size, ":")
    press(&state, .down, .down)
    check(state, "palette")
    press(&state, "édit 漢")
    #expect(render(state).text.contains("do: édit 漢"))
  }

  @Test(arguments: sizes) func theOldLineThatIsLookedFor(size: ScreenSize) {
    var state = Sample.state(Sample.wideWays, size)
    press(&state, .control("r"))
    press(&state, "世界")
    check(state, "wide-history")
  }

  @Test func aScreenTooSmallSaysSo() {
    check(Sample.state(Sample.threeWays, ScreenSize(columns: 39, rows: 9)), "too-small")
  }

  @Test func everyRowOfEveryFrameHasExactlyTheScreensWidth() {
    for size in Self.sizes + [ScreenSize(columns: 41, rows: 10), ScreenSize(columns: 63, rows: 17)]
    {
      for session in [Sample.empty, Sample.threeWays, Sample.scripts, Sample.writing] {
        for page in ["", "/help", "/tree", "/diff", "/duel", "/friction"] {
          var state = Sample.state(session, size)
          _ = reduce(&state, .line(page))
          _ = reduce(&state, .measured(DuelGoldens.sheet))
          let frame = render(state)
          for row in 0..<size.rows {
            let text = (0..<size.columns).map { frame[row, $0].text }.joined()
            #expect(CellWidth.of(text) == size.columns, "row \(row): \(text)")
          }
        }
      }
    }
  }

  @Test func noFrameHoldsAControlCharacter() {
    let frames = [
      render(Sample.state(Sample.scripts, Self.sizes[0])), render(Sample.looking(Self.sizes[0])),
    ]
    for cell in frames.flatMap(\.cells) {
      #expect(cell.text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
    }
  }
}

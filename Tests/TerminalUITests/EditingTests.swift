import SessionCore
import TestSupport
import Testing

@testable import TerminalUI

/// Other versions of any turn: under the cursor, by a command, and in `$EDITOR`.
@Suite struct EditingTests {
  /// Takes the entries of `after` that `state` does not have.
  private func grow(_ state: inout ScreenState, to after: SessionBuilder) {
    for entry in after.entries.dropFirst(state.session.entryCount) {
      _ = reduce(&state, .entry(entry))
    }
  }

  private func normal(_ session: Session) -> ScreenState {
    var state = Sample.state(session)
    state.mode = .normal
    return state
  }

  @Test func whatWasSaidLastIsAskedOtherwiseOnABranchOfItsOwn() {
    let before = SessionBuilder(seed: 42).ask("What is 12 × 7?").reply("82").feedback(.unary)
      .reply("83").ask("And 6 × 7?").reply("42")
    var state = normal(before.session)
    press(&state, "I")
    #expect(render(state).text.contains("Editing turn 5 · a new branch; the old one stays"))
    #expect(render(state).text.contains("with 1 below it"))
    press(&state, .backspace)
    press(&state, " exactly?")
    #expect(
      press(&state, .enter) == [.perform(.edit(.rewrite("And 6 × 7 exactly?"), of: TurnID(4)))])
    grow(&state, to: before.edit(.rewrite("And 6 × 7 exactly?"), of: TurnID(4)).reply("42."))
    #expect(state.notice == .told("turn 7 instead of 5; 2 turns stay on the old branch"))
    _ = reduce(&state, .performed(entries: state.session.entryCount))
    let text = render(state).text
    #expect(text.contains("2 turns elsewhere"))
    #expect(text.contains("version 2 of 2"))
  }

  @Test func withNothingAskedThereIsNothingToAskOtherwise() {
    var state = normal(Sample.empty)
    #expect(press(&state, "I") == [.complain(.noPrompt)])
  }

  @Test func onTheTreeAnyTurnIsEdited() {
    var state = normal(Sample.threeWays)
    press(&state, .tab)
    press(&state, "g")
    press(&state, "e")
    #expect(state.page == nil)
    #expect(render(state).text.contains("Editing turn 1"))
    press(&state, "!")
    #expect(
      press(&state, .enter) == [.perform(.edit(.rewrite("What is 12 × 7?!"), of: TurnID(0)))])
    _ = reduce(&state, .performed(entries: 0))
    press(&state, .tab)
    press(&state, "gj")
    press(&state, "e")
    #expect(render(state).text.contains("Editing reply 2 in place"))
    press(&state, "0")
    guard case .perform(.edit(_, of: TurnID(1)))? = press(&state, .enter).first else {
      Issue.record("the second turn is not edited")
      return
    }
  }

  @Test func aCommandEditsAnyTurnWithoutAScreen() {
    var state = Sample.state(Sample.threeWays, hasScreen: false)
    #expect(
      reduce(&state, .line("/rewrite 1 What is 12 × 8?"))
        == [.perform(.edit(.rewrite("What is 12 × 8?"), of: TurnID(0)))])
    _ = reduce(&state, .performed(entries: 0))
    #expect(
      reduce(&state, .line("/rewrite 99 x")) == [.complain(.refused(.unknownTurn(TurnID(98))))])
  }

  @Test func theEditorOpensOnATurnByItsNumber() {
    var state = Sample.state(Sample.threeWays)
    #expect(reduce(&state, .line("/edit 3")) == [])
    #expect(render(state).text.contains("Editing turn 3"))
    #expect(reduce(&state, .line("/edit 99")) == [.complain(.refused(.unknownTurn(TurnID(98))))])
  }

  @Test func theReplyGoesOnFromItsEnd() {
    var state = Sample.state(Sample.wrongStep)
    let reply = Sample.wrongStep.turns[1].text
    let bytes = reply.utf8.count
    #expect(
      reduce(&state, .line("/continue"))
        == [
          .perform(
            .edit(
              .beginning(.init(kept: reply, spans: [.init(.model, bytes: bytes)])), of: TurnID(1)))
        ])
    _ = reduce(&state, .performed(entries: 0))
    #expect(
      reduce(&state, .line("/continue Wait,"))
        == [
          .perform(
            .edit(
              .beginning(
                .init(
                  kept: reply + " Wait,",
                  spans: [.init(.model, bytes: bytes), .init(.person, bytes: 6)])), of: TurnID(1)))
        ])
    let after = SessionBuilder(seed: 42).ask("Q").reply("one")
      .edit(.beginning(.init(before: "one".utf8, typed: ""))).reply(" two")
    #expect(TurnLabels(after.session).origin(of: after.session.turns[2]) == "continued")
  }

  @Test func aTurnIsReachedByItsPlaceBelowAnother() {
    var state = Sample.state(Sample.threeWays)
    #expect(reduce(&state, .line("/go 5.2")) == [.perform(.go(TurnID(6)))])
    _ = reduce(&state, .performed(entries: 0))
    #expect(reduce(&state, .line("/go 5.3")) == [.complain(.noTurnBelow(TurnID(4), count: 2))])
    #expect(reduce(&state, .line("/go 50.1")) == [.complain(.refused(.unknownTurn(TurnID(49))))])
  }

  @Test func anEditThatFailsComesBackUnderTheCursor() {
    var state = normal(Sample.threeWays)
    press(&state, "I")
    press(&state, " More.")
    press(&state, .enter)
    _ = reduce(&state, .failed("too long", entries: state.session.entryCount))
    let text = "2 × 7 is not 12: count it again, seven and seven. More."
    guard case .editor(let edit) = state.mode else {
      Issue.record("the text is lost")
      return
    }
    #expect(edit.editor.text == text && edit.turn == TurnID(4))
    #expect(state.notice == .failed("too long"))
  }

  @Test func anEditThatWaitsForTheModelIsTakenBackUnderTheCursor() {
    var state = ScreenState(
      session: Sample.threeWays, model: .init(name: "tutor", contextTokensMax: nil),
      loading: .model(fraction: 0.5, bytes: nil), size: ScreenSize(columns: 80, rows: 24))
    #expect(reduce(&state, .line("/rewrite 1 Another")) == [])
    _ = reduce(&state, .interrupt(at: VirtualClock.start))
    guard case .editor(let edit) = state.mode else {
      Issue.record("the text is lost")
      return
    }
    #expect(edit.editor.text == "Another")
  }
}

/// Files for `$EDITOR`: a head, and the text below it.
@Suite struct OutsideFileTests {
  private func head(_ state: ScreenState, _ purpose: OutsideText, _ text: String = "") -> String {
    OutsideFile(purpose, in: state).holding(text)
  }

  private let state = Sample.state(Sample.threeWays)

  @Test func theHeadSaysWhatItIsAndWhatBecomesOfIt() {
    #expect(
      head(state, .turn(TurnID(0)), "What is 12 × 7?") == """
        ---
        session: session-1
        turn: 1
        kind: question
        then: a new branch with your text, which the model answers; what is below it (6) stays on the old one
        # Only what stands below the second line of dashes is taken.
        ---
        What is 12 × 7?
        """)
    let reply = head(state, .turn(TurnID(6)))
    #expect(reply.contains("\nkind: reply\nthen: kept up to the end of your last change"))
    let critique = head(state, .critique)
    #expect(critique.contains("\nturn: 7\nkind: critique\n"))
    #expect(critique.contains("# kind may be one of unary, critique, challenge.\n"))
    #expect(critique.contains("# > Answer: 84"))
    #expect(head(state, .message, "as it is") == "as it is")
  }

  @Test func whatCameBackBelowTheHeadIsTheText() {
    for text in ["", "one\ntwo\n", "---\nkind: x\n---\n", "\u{E4} a\u{308} 👩‍👩‍👧\r\n", "# no remark"] {
      let file = OutsideFile(.turn(TurnID(0)), in: state)
      #expect(file.read(file.holding(text)) == .text(text, nil))
    }
  }

  @Test func aFileWithoutAHeadIsAllText() {
    let file = OutsideFile(.turn(TurnID(0)), in: state)
    for text in ["", "My own words", "-- -\n---\n", "turn: 9\n"] {
      #expect(file.read(text) == .text(text, nil))
    }
  }

  @Test func theKindOfFeedbackMayBeChangedAndNothingElse() {
    let file = OutsideFile(.turn(TurnID(2)), in: state)
    let whole = file.holding("Sure?")
    #expect(file.read(whole) == .text("Sure?", .unary))
    #expect(
      file.read(whole.replacing("kind: unary", with: "kind:  challenge "))
        == .text("Sure?", .challenge))
    #expect(
      file.read(whole.replacing("kind: unary", with: "kind: praise"))
        == .fault(.changedHead(line: 4, "kind: praise"), text: "Sure?"))
    #expect(
      file.read(whole.replacing("turn: 3", with: "turn: 5"))
        == .fault(.changedHead(line: 3, "turn: 5"), text: "Sure?"))
    #expect(file.read(whole.replacing("then: ", with: "then: x ")) == .text("Sure?", .unary))
  }

  @Test func ofAGarbledHeadNoTypedWordIsLost() {
    let file = OutsideFile(.turn(TurnID(0)), in: state)
    #expect(
      file.read("---\nturn: 1\nI typed above\n---\nand below")
        == .fault(
          .changedHead(line: 3, "I typed above"), text: "I typed above\nand below"))
    #expect(
      file.read("---\nsession: session-1\n# remark\nall of it\n\u{1B}[2J")
        == .fault(.endlessHead, text: "all of it\n\u{1B}[2J\n"))
  }

  @Test func carriageReturnsAndByteOrderMarksOfEditorsAreUnderstood() {
    let file = OutsideFile(.turn(TurnID(0)), in: state)
    let saved = "\u{FEFF}" + file.holding("text").replacing("\n", with: "\r\n")
    #expect(file.read(saved) == .text("text", nil))
  }

  @Test func aGarbledHeadLeavesTheTextUnderTheCursorAndSaysWhy() {
    var state = Sample.state(Sample.threeWays)
    state.mode = .normal
    let broken = head(state, .turn(TurnID(0)), "Typed").replacing("turn: 1", with: "turn: 2")
    #expect(
      reduce(&state, .written(broken, .turn(TurnID(0))))
        == [.complain(.changedHead(line: 3, "turn: 2"))])
    #expect(press(&state, .enter) == [.perform(.edit(.rewrite("Typed"), of: TurnID(0)))])
    let critique = head(state, .critique, "No.").replacing("session-1", with: "other")
    _ = reduce(&state, .performed(entries: 0))
    _ = reduce(&state, .written(critique, .critique))
    #expect(press(&state, .enter) == [.perform(.giveFeedback(.critique, "No."))])
  }

  @Test func aCritiqueFromOutsideIsWordedAsOneOnTheLine() {
    let wordings = Wordings(critique: "Look again: {text}")
    var state = Sample.state(
      SessionBuilder(seed: 1).ask("Q").reply("A")
        .performing(.set(SettingsChange(wordings: wordings))).session)
    let file = head(state, .critique, "No.\n")
    #expect(
      reduce(&state, .written(file, .critique))
        == [.perform(.giveFeedback(.critique, "Look again: No."))])
  }

  @Test func anotherKindIsAnotherFeedbackOnTheSameReply() {
    var state = Sample.state(Sample.threeWays)
    let file = head(state, .turn(TurnID(2)), "Are you sure?")
      .replacing("kind: unary", with: "kind: challenge")
    #expect(
      reduce(&state, .written(file, .turn(TurnID(2))))
        == [.perform(.giveFeedback(.challenge, "Are you sure?", on: TurnID(1)))])
  }

  @Test func onTheTreeTheChosenTurnGoesToTheEditor() {
    var state = Sample.state(Sample.threeWays)
    press(&state, .escape, .tab)
    press(&state, "g")
    let expected = head(state, .turn(TurnID(0)), "What is 12 × 7?")
    #expect(press(&state, "E") == [.writeOutside(.turn(TurnID(0)), expected)])
    #expect(
      reduce(&state, .written(expected + "\n", .turn(TurnID(0))))
        == [.complain(.refused(.editChangesNothing))])
  }

  @Test func anyFileThatComesBackGivesItsTextOrAFault() {
    var generator = SeededGenerator(seed: SeededGenerator.testSeed(standard: 5))
    let file = OutsideFile(.turn(TurnID(2)), in: state)
    let pieces = ["---", "\n", "turn: 3", "kind: unary", "kind:", ":", "#", "typed", "\r", " "]
    func typed(_ text: String) -> Int {
      text.unicodeScalars.split(separator: "\n").count { String($0).trimmingSpace() == "typed" }
    }
    for _ in 0..<2000 {
      let text = (0..<12).compactMap { _ in pieces.randomElement(using: &generator) }.joined()
      switch file.read(text) {
      case .text(let body, _), .fault(_, let body): #expect(typed(body) == typed(text))
      }
    }
  }
}

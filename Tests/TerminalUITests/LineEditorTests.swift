import TestSupport
import Testing

@testable import TerminalUI

@Suite struct LineEditorTests {
  /// The text with `|` at the caret.
  private func shown(_ editor: LineEditor) -> String {
    String(editor.characters[..<editor.caret]) + "|" + String(editor.characters[editor.caret...])
  }

  private func editor(_ marked: String) -> LineEditor {
    let parts = marked.split(separator: "|", omittingEmptySubsequences: false)
    var editor = LineEditor(parts.joined())
    editor.move(to: parts[0].count)
    return editor
  }

  @Test(arguments: [
    ("one two|", "one |two", Keymap.EditorKey.wordLeft),
    ("one, |two", "|one, two", .wordLeft),
    ("|one two", "one| two", .wordRight),
    ("one|, two", "one, two|", .wordRight),
    ("a\nbc|d\ne", "a\n|bcd\ne", .lineStart),
    ("a\nb|cd\ne", "a\nbcd|\ne", .lineEnd),
    ("ab|c", "a|c", .deleteBackward),
    ("ab|c", "ab|", .deleteForward),
    ("|", "|", .deleteBackward),
    ("|", "|", .deleteForward),
    ("one| two\nthree", "one|\nthree", .killToLineEnd),
    ("one|\nthree", "one|three", .killToLineEnd),
    ("one\ntwo| x", "one\n| x", .killToLineStart),
    ("see a/b.c |", "see |", .killBigWordBackward),
    ("see a/b.c|", "see a/b.|", .killWordBackward),
    ("|one two", "| two", .killWordForward),
    ("ab|", "a|b", .left),
    ("a|b", "ab|", .right),
  ])
  func oneKey(before: String, after: String, key: Keymap.EditorKey) {
    var editor = editor(before)
    editor.press(key, columns: 40)
    #expect(shown(editor) == after)
  }

  @Test func anAccentTypedLaterJoinsItsLetter() {
    var editor = LineEditor()
    editor.insert("e")
    editor.insert("\u{301}")
    #expect(editor.characters.count == 1)
    #expect(editor.caret == 1)
    editor.deleteBackward()
    #expect(editor.isEmpty)
  }

  @Test func anEmojiFamilyIsOneStep() {
    var editor = LineEditor("a👩‍👩‍👧b")
    editor.moveLeft()
    editor.moveLeft()
    #expect(shown(editor) == "a|👩‍👩‍👧b")
  }

  @Test func killsInARowAreYankedTogether() {
    var editor = editor("one two three|")
    editor.killBigWordBackward()
    editor.killBigWordBackward()
    editor.moveToStart()
    editor.yank()
    #expect(shown(editor) == "two three|one ")
  }

  @Test func killsApartAreNotJoined() {
    var editor = editor("one two|")
    editor.killBigWordBackward()
    editor.moveLeft()
    editor.moveRight()
    editor.killBigWordBackward()
    editor.yank()
    #expect(shown(editor) == "one |")
  }

  @Test func undoTakesBackAWordAtATimeAndEveryErasure() {
    var editor = LineEditor()
    for character in "one two" { editor.insert(String(character)) }
    editor.deleteBackward()
    editor.undo()
    #expect(editor.text == "one two")
    editor.undo()
    #expect(editor.text == "one ")
    editor.undo()
    #expect(editor.text == "")
    let wentFurther = editor.undo()
    #expect(!wentFurther)
  }

  @Test func theCaretMovesByRowsAsTheyAreSet() {
    var editor = LineEditor("abcde fghij klmno")
    editor.moveToStart()
    editor.moveRight()
    editor.moveRight()
    editor.moveVertically(1, columns: 6)
    #expect(shown(editor) == "abcde fg|hij klmno")
    editor.moveVertically(1, columns: 6)
    #expect(shown(editor) == "abcde fghij kl|mno")
    let wentBelowTheLastRow = editor.moveVertically(1, columns: 6)
    #expect(!wentBelowTheLastRow)
    editor.moveVertically(-2, columns: 6)
    #expect(shown(editor) == "ab|cde fghij klmno")
  }

  @Test func historyGoesBackAndReturnsToWhatWasBeingTyped() {
    var editor = LineEditor(history: LineEditor.History(["first", "second"]))
    editor.insert("half")
    editor.press(.older, columns: 40)
    #expect(editor.text == "second")
    editor.press(.older, columns: 40)
    editor.press(.older, columns: 40)
    #expect(editor.text == "first")
    editor.press(.newer, columns: 40)
    editor.press(.newer, columns: 40)
    #expect(editor.text == "half")
    editor.press(.newer, columns: 40)
    #expect(editor.text == "half")
  }

  @Test func submittingEmptiesTheLineAndRemembersItOnce() {
    var editor = LineEditor()
    for _ in 0..<2 {
      editor.insert("same")
      #expect(editor.submit() == "same")
    }
    editor.insert("  ")
    _ = editor.submit()
    #expect(editor.isEmpty)
    #expect(editor.history.lines == ["same"])
  }

  /// Any walk of keys leaves a caret inside the text, and undoing all of it leads back.
  @Test(arguments: 0..<40)
  func randomWalksKeepTheCaretInside(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let keys: [Keymap.EditorKey] = [
      .left, .right, .up, .down, .wordLeft, .wordRight, .lineStart, .lineEnd, .deleteBackward,
      .deleteForward, .killToLineEnd, .killToLineStart, .killBigWordBackward, .killWordBackward,
      .killWordForward, .yank, .undo,
    ]
    let texts = ["a", " ", "漢", "\u{301}", "👩", "\u{200D}", "\n", "🇩", "word ", "\r\n"]
    var editor = LineEditor()
    for _ in 0..<200 {
      if Bool.random(using: &random), let text = texts.randomElement(using: &random) {
        editor.insert(text)
      } else if let key = keys.randomElement(using: &random) {
        editor.press(key, columns: Int.random(in: 2...12, using: &random))
      }
      #expect((0...editor.characters.count).contains(editor.caret), "seed \(seed)")
      #expect(Array(editor.text) == editor.characters, "seed \(seed)")
    }
  }
}

/// Selecting, undoing both ways, and the ring of what was cut.
@Suite struct SelectionTests {
  private func editor(_ text: String, _ keys: Keymap.EditorKey...) -> LineEditor {
    var editor = LineEditor(text)
    for key in keys { editor.press(key, columns: 40) }
    return editor
  }

  @Test func typingReplacesWhatIsSelected() {
    var editor = editor("one two", .selectLeft, .selectLeft, .selectLeft)
    #expect(editor.selection == 4..<7)
    editor.insert("2")
    #expect(editor.text == "one 2")
    editor.press(.undo, columns: 40)
    #expect(editor.text == "one two")
    editor.press(.redo, columns: 40)
    #expect(editor.text == "one 2")
  }

  @Test func aMoveWithoutShiftEndsAShiftedSelectionButNotAMarkedOne() {
    #expect(editor("one", .selectLeft, .left).selection == nil)
    #expect(editor("one two", .mark, .wordLeft, .left).selection == 3..<7)
    #expect(editor("one two", .mark, .left, .mark).selection == nil)
  }

  @Test func whatIsSelectedIsCutAndPutBack() {
    var editor = editor("one two", .mark, .wordLeft, .killBigWordBackward)
    #expect(editor.text == "one ")
    editor.press(.lineStart, columns: 40)
    editor.press(.yank, columns: 40)
    #expect(editor.text == "twoone ")
  }

  @Test func theRingGivesOlderCuts() {
    var editor = editor("one two", .killWordBackward, .left, .killWordBackward)
    #expect(editor.text == " ")
    editor.press(.yank, columns: 40)
    #expect(editor.text == "one ")
    editor.press(.yankPop, columns: 40)
    #expect(editor.text == "two ")
    editor.press(.left, columns: 40)
    editor.press(.yankPop, columns: 40)
    #expect(editor.text == "two ", "after a move there is nothing to change")
  }

  @Test func anAccentTypedLaterJoinsItsLetter() {
    var editor = LineEditor("cafe")
    editor.insert("\u{301}")
    #expect(editor.characters.count == 4)
    #expect(editor.caret == 4)
  }
}

// What each key of the table does to a text.
extension LineEditor {
  mutating func press(_ key: Keymap.EditorKey, columns: Int) {
    switch key {
    case .left, .right, .up, .down, .wordLeft, .wordRight, .wordEnd, .lineStart, .lineEnd,
      .textStart, .textEnd:
      move(key, columns: columns)
    case .deleteBackward: deleteBackward()
    case .deleteForward: deleteForward()
    case .killToLineEnd: killToLineEnd()
    case .killToLineStart: killToLineStart()
    case .killBigWordBackward: killBigWordBackward()
    case .killWordBackward: killWordBackward()
    case .killWordForward: killWordForward()
    case .yank: yank()
    case .yankPop: yankPop()
    case .undo: undo()
    case .redo: redo()
    case .older: if !moveVertically(-1, columns: columns) { recallOlder() }
    case .newer: if !moveVertically(1, columns: columns) { recallNewer() }
    case .mark: toggleMark()
    case .selectLeft: select { $0.moveLeft() }
    case .selectRight: select { $0.moveRight() }
    case .selectUp: select { $0.moveVertically(-1, columns: columns) }
    case .selectDown: select { $0.moveVertically(1, columns: columns) }
    case .selectAll: selectAll()
    case .copy: copy()
    }
  }

  private mutating func move(_ key: Keymap.EditorKey, columns: Int) {
    switch key {
    case .left: moveLeft()
    case .right: moveRight()
    case .up: moveVertically(-1, columns: columns)
    case .down: moveVertically(1, columns: columns)
    case .wordLeft: moveWordLeft()
    case .wordRight, .wordEnd: moveWordRight()
    case .lineStart: moveToLineStart()
    case .lineEnd: moveToLineEnd()
    case .textStart: moveToStart()
    default: moveToEnd()
    }
  }
}

/// vi's command mode on one text: the keys that are not motions, and an operator that waits for
/// one.
struct ViCommand: Equatable, Sendable {
  /// Whether keys are commands; else they type.
  var isOn = false
  private var waiting: Keymap.ViKey?

  /// An operator that waits is given up by whatever is no motion.
  mutating func forget() { waiting = nil }

  /// A motion: moves, or lets the waiting operator work on what lies between.
  mutating func press(
    _ key: Keymap.EditorKey, on editor: inout LineEditor, columns: Int
  ) {
    let (start, before) = (editor.caret, editor.characters)
    if key == .wordRight {
      editor.moveToNextWord()
    } else {
      editor.press(key, columns: columns)
    }
    guard let operation = waiting else { return }
    waiting = nil
    // What changed the text was no motion, such as an older line of the history.
    guard editor.characters == before else { return }
    let range = min(start, editor.caret)..<max(start, editor.caret)
    if operation == .copy { editor.copy(range) } else { editor.kill(range, forward: true) }
    if operation == .copy { editor.move(to: range.lowerBound) }
    if operation == .change { isOn = false }
  }

  mutating func press(_ key: Keymap.ViKey, on editor: inout LineEditor) {
    let before = waiting
    waiting = nil
    switch key {
    case .insert: isOn = false
    case .insertAtStart:
      editor.moveToLineStart()
      isOn = false
    case .append:
      editor.moveRight()
      isOn = false
    case .appendAtEnd:
      editor.moveToLineEnd()
      isOn = false
    case .openBelow:
      editor.moveToLineEnd()
      editor.insert("\n")
      isOn = false
    case .delete, .change, .copy: operate(key, twice: before == key, on: &editor)
    case .deleteToEnd: editor.killToLineEnd()
    case .changeToEnd:
      editor.killToLineEnd()
      isOn = false
    case .putAfter:
      editor.moveRight()
      editor.yank()
    }
  }

  /// On the selection if there is one, on the line when pressed twice, else on what comes next.
  private mutating func operate(
    _ key: Keymap.ViKey, twice: Bool, on editor: inout LineEditor
  ) {
    let selection = editor.selection
    guard twice || selection != nil else {
      waiting = key
      return
    }
    switch (key, selection) {
    case (.copy, let range?): editor.copy(range)
    case (.copy, nil): editor.copyLine()
    case (_, let range?): editor.kill(range, forward: true)
    case (.change, nil):
      editor.moveToLineStart()
      editor.killToLineEnd()
    case (_, nil): editor.killLine()
    }
    if key == .change { isOn = false }
  }
}

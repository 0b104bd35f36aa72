/// A text under a caret: the prompt line, a critique, and a reply edited in place.
///
/// Positions count grapheme clusters, so one step is what a person calls one character.
struct LineEditor: Equatable, Sendable {
  private(set) var characters: [Character] = []
  /// Position of the caret, 0 to `characters.count`.
  private(set) var caret = 0
  private var killed: [String] = []
  private var past: [Snapshot] = []
  private var lastStep: Step = .move
  private(set) var history: History

  /// Most versions that undo goes back through.
  static let undoStepsMax = 200
  /// Most killed texts that yank remembers.
  static let killsMax = 20

  private struct Snapshot: Equatable {
    var characters: [Character]
    var caret: Int
  }

  /// What was done last: steps of one kind are undone, and killed, together.
  private enum Step: Equatable { case move, type, erase, kill, yank }

  init(_ text: String = "", history: History = History()) {
    characters = Array(text)
    caret = characters.count
    self.history = history
  }

  var text: String { String(characters) }
  var isEmpty: Bool { characters.isEmpty }

  /// Where one word ends and the next begins, seen from the caret.
  private func isWord(_ index: Int) -> Bool {
    characters[index].isLetter || characters[index].isNumber || characters[index] == "_"
  }

  private mutating func remember(_ step: Step) {
    defer { lastStep = step }
    guard step != lastStep || step == .kill || step == .yank else { return }
    past.append(Snapshot(characters: characters, caret: caret))
    if past.count > Self.undoStepsMax { past.removeFirst() }
  }

  private mutating func replace(_ range: Range<Int>, with text: String) {
    let before = String(characters[..<range.lowerBound]) + text
    let after = String(characters[range.upperBound...])
    // Set whole again, because an accent that is typed joins the letter before it.
    characters = Array(before + after)
    caret = min(before.count, characters.count)
  }
}

// Typing and erasing.
extension LineEditor {
  mutating func insert(_ text: String) {
    remember(.type)
    if text.contains(where: \.isWhitespace) { lastStep = .move }
    replace(caret..<caret, with: text)
  }

  mutating func deleteBackward() {
    guard caret > 0 else { return }
    remember(.erase)
    replace(caret - 1..<caret, with: "")
  }

  mutating func deleteForward() {
    guard caret < characters.count else { return }
    remember(.erase)
    let caret = caret
    replace(caret..<caret + 1, with: "")
    self.caret = caret
  }

  /// Another text, with the caret at its end.
  mutating func set(_ text: String) {
    guard text != self.text else { return }
    lastStep = .move
    remember(.type)
    lastStep = .move
    characters = Array(text)
    caret = characters.count
  }

  /// Takes back the last run of typing, erasing or killing. False when there is none.
  @discardableResult mutating func undo() -> Bool {
    guard let snapshot = past.popLast() else { return false }
    characters = snapshot.characters
    caret = snapshot.caret
    lastStep = .move
    return true
  }

  /// The text, put into the history; the editor is empty afterwards.
  mutating func submit() -> String {
    let text = text
    history.add(text)
    self = LineEditor(history: history).keeping(kills: killed)
    return text
  }

  private func keeping(kills: [String]) -> LineEditor {
    var editor = self
    editor.killed = kills
    return editor
  }
}

// Moving.
extension LineEditor {
  mutating func move(to index: Int) {
    caret = min(max(index, 0), characters.count)
    lastStep = .move
  }

  mutating func moveLeft() { move(to: caret - 1) }
  mutating func moveRight() { move(to: caret + 1) }
  mutating func moveWordLeft() { move(to: wordStart) }
  mutating func moveWordRight() { move(to: wordEnd) }
  mutating func moveToLineStart() { move(to: lineStart) }
  mutating func moveToLineEnd() { move(to: lineEnd) }
  mutating func moveToStart() { move(to: 0) }

  /// One row up (-1) or down (1) as the text is set in `columns`; false at the edge.
  @discardableResult mutating func moveVertically(_ rows: Int, columns: Int) -> Bool {
    let layout = TextLayout(characters, columns: columns)
    let place = layout.position(of: caret)
    let target = min(max(place.row + rows, 0), layout.rows.count - 1)
    guard target != place.row else { return false }
    move(to: layout.index(row: target, column: place.column))
    return true
  }

  private var lineStart: Int {
    characters[..<caret].lastIndex(where: \.isNewline).map { $0 + 1 } ?? 0
  }

  private var lineEnd: Int {
    characters[caret...].firstIndex(where: \.isNewline) ?? characters.count
  }

  private var wordStart: Int {
    var index = caret
    while index > 0, !isWord(index - 1) { index -= 1 }
    while index > 0, isWord(index - 1) { index -= 1 }
    return index
  }

  private var wordEnd: Int {
    var index = caret
    while index < characters.count, !isWord(index) { index += 1 }
    while index < characters.count, isWord(index) { index += 1 }
    return index
  }
}

// Killing and yanking.
extension LineEditor {
  mutating func killToLineEnd() {
    // At the end of a line, the line feed itself goes.
    kill(caret..<max(lineEnd, min(caret + 1, characters.count)), forward: true)
  }

  mutating func killToLineStart() { kill(lineStart..<caret, forward: false) }
  mutating func killWordForward() { kill(caret..<wordEnd, forward: true) }
  mutating func killWordBackward() { kill(wordStart..<caret, forward: false) }

  /// Back to the white space before the caret, as Ctrl-W does in a shell.
  mutating func killBigWordBackward() {
    var index = caret
    while index > 0, characters[index - 1].isWhitespace { index -= 1 }
    while index > 0, !characters[index - 1].isWhitespace { index -= 1 }
    kill(index..<caret, forward: false)
  }

  private mutating func kill(_ range: Range<Int>, forward: Bool) {
    guard !range.isEmpty else { return }
    let text = String(characters[range])
    if lastStep == .kill, let last = killed.popLast() {
      killed.append(forward ? last + text : text + last)
    } else {
      killed.append(text)
      if killed.count > Self.killsMax { killed.removeFirst() }
    }
    remember(.kill)
    let start = range.lowerBound
    replace(range, with: "")
    caret = min(start, characters.count)
  }

  /// Puts back what was killed last.
  mutating func yank() {
    guard let text = killed.last else { return }
    remember(.yank)
    replace(caret..<caret, with: text)
  }
}

// History.
extension LineEditor {
  /// What was submitted before, oldest first, and where one stands in it.
  struct History: Equatable, Sendable {
    private(set) var lines: [String]
    fileprivate var place: Int?
    fileprivate var stash = ""

    /// Most lines that are remembered.
    static let linesMax = 1000

    init(_ lines: [String] = []) { self.lines = lines.suffix(Self.linesMax) }

    mutating func add(_ line: String) {
      place = nil
      guard line.contains(where: { !$0.isWhitespace }), line != lines.last else { return }
      lines.append(line)
      if lines.count > Self.linesMax { lines.removeFirst() }
    }
  }

  /// The line before in the history; the text being typed waits at its end.
  mutating func recallOlder() {
    let place = history.place ?? history.lines.count
    guard place > 0 else { return }
    if history.place == nil { history.stash = text }
    history.place = place - 1
    recall(history.lines[place - 1])
  }

  /// The line after in the history, at last the text that was being typed.
  mutating func recallNewer() {
    guard let place = history.place else { return }
    let isLast = place + 1 >= history.lines.count
    history.place = isLast ? nil : place + 1
    recall(isLast ? history.stash : history.lines[place + 1])
  }

  private mutating func recall(_ line: String) {
    characters = Array(line)
    caret = characters.count
    lastStep = .move
  }
}

/// A text under a caret: the prompt line, a critique, and a reply edited in place.
///
/// Positions count grapheme clusters, so one step is what a person calls one character.
struct LineEditor: Equatable, Sendable {
  private(set) var characters: [Character] = []
  /// Position of the caret, 0 to `characters.count`.
  private(set) var caret = 0
  /// Where the selection's other end is.
  private var mark: Mark?
  private var killed = KillRing()
  private var past: [Snapshot] = []
  private var future: [Snapshot] = []
  private var lastStep: Step = .move
  var history: History

  /// Most versions that undo goes back through.
  static let undoStepsMax = 200

  private struct Snapshot: Equatable {
    var characters: [Character]
    var caret: Int
  }

  private struct Mark: Equatable {
    var position: Int
    /// Whether the selection lasts only while Shift is held.
    var isShifted: Bool
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

  /// What is selected; nil when nothing is.
  var selection: Range<Int>? {
    guard let mark, mark.position != caret else { return nil }
    return min(mark.position, caret)..<max(mark.position, caret)
  }

  /// Where one word ends and the next begins, seen from the caret.
  private func isWord(_ index: Int) -> Bool {
    characters[index].isLetter || characters[index].isNumber || characters[index] == "_"
  }

  private mutating func remember(_ step: Step) {
    defer { lastStep = step }
    future = []
    mark = nil
    guard step != lastStep || step == .kill || step == .yank else { return }
    past.append(Snapshot(characters: characters, caret: caret))
    if past.count > Self.undoStepsMax { past.removeFirst() }
  }

  /// Sets the neighbours of the place anew as well, because an accent that is typed joins the
  /// letter before it. The caret stands behind the text then.
  private mutating func replace(_ range: Range<Int>, with text: String) {
    let low = max(0, range.lowerBound - 1)
    let high = min(characters.count, range.upperBound + 1)
    let before = String(characters[low..<range.lowerBound]) + text
    let after = String(characters[range.upperBound..<high])
    characters.replaceSubrange(low..<high, with: Array(before + after))
    caret = min(low + before.count, characters.count)
  }
}

// Typing and erasing.
extension LineEditor {
  mutating func insert(_ text: String) {
    let range = selection ?? caret..<caret
    if !range.isEmpty { lastStep = .move }
    remember(.type)
    if text.contains(where: \.isWhitespace) { lastStep = .move }
    replace(range, with: text)
  }

  mutating func deleteBackward() {
    guard let range = selection ?? (caret > 0 ? caret - 1..<caret : nil) else { return }
    remember(.erase)
    replace(range, with: "")
  }

  mutating func deleteForward() {
    let next = caret < characters.count ? caret..<caret + 1 : nil
    guard let range = selection ?? next else { return }
    remember(.erase)
    replace(range, with: "")
    caret = min(range.lowerBound, characters.count)
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
    future.append(Snapshot(characters: characters, caret: caret))
    show(snapshot)
    return true
  }

  /// Takes back the last undo. False when there is none.
  @discardableResult mutating func redo() -> Bool {
    guard let snapshot = future.popLast() else { return false }
    past.append(Snapshot(characters: characters, caret: caret))
    show(snapshot)
    return true
  }

  private mutating func show(_ snapshot: Snapshot) {
    characters = snapshot.characters
    caret = snapshot.caret
    lastStep = .move
    mark = nil
  }

  /// The text, put into the history; the editor is empty afterwards.
  mutating func submit() -> String {
    let text = text
    history.add(text)
    self = LineEditor(history: history).keeping(kills: killed)
    return text
  }

  private func keeping(kills: KillRing) -> LineEditor {
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
    if mark?.isShifted == true { mark = nil }
  }

  mutating func moveLeft() { move(to: caret - 1) }
  mutating func moveRight() { move(to: caret + 1) }
  mutating func moveWordLeft() { move(to: wordStart) }
  mutating func moveWordRight() { move(to: wordEnd) }
  mutating func moveToLineStart() { move(to: lineStart) }
  mutating func moveToLineEnd() { move(to: lineEnd) }
  mutating func moveToStart() { move(to: 0) }
  mutating func moveToEnd() { move(to: characters.count) }

  /// One row up (-1) or down (1) as the text is set in `columns`; false at the edge.
  @discardableResult mutating func moveVertically(_ rows: Int, columns: Int) -> Bool {
    let layout = TextLayout(characters, columns: columns)
    let place = layout.position(of: caret)
    let target = min(max(place.row + rows, 0), layout.rows.count - 1)
    guard target != place.row else { return false }
    move(to: layout.index(row: target, column: place.column))
    return true
  }

  /// Selects from here on, or no longer.
  mutating func toggleMark() {
    mark = mark == nil ? Mark(position: caret, isShifted: false) : nil
  }

  mutating func selectAll() {
    mark = Mark(position: 0, isShifted: true)
    caret = characters.count
  }

  /// Moves with Shift held.
  mutating func select(_ move: (inout LineEditor) -> Void) {
    let start = mark ?? Mark(position: caret, isShifted: true)
    move(&self)
    mark = start
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

  /// Where the next word begins, as vi's `w` goes.
  mutating func moveToNextWord() {
    var index = caret
    while index < characters.count, isWord(index) { index += 1 }
    while index < characters.count, !isWord(index) { index += 1 }
    move(to: index)
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

  /// The line the caret is on, with the line feed after it.
  mutating func killLine() {
    kill(lineStart..<min(lineEnd + 1, characters.count), forward: true)
  }

  /// What is selected, or back to the white space before the caret, as Ctrl-W does in a shell.
  mutating func killBigWordBackward() {
    if let selection { return kill(selection, forward: true) }
    var index = caret
    while index > 0, characters[index - 1].isWhitespace { index -= 1 }
    while index > 0, !characters[index - 1].isWhitespace { index -= 1 }
    kill(index..<caret, forward: false)
  }

  mutating func kill(_ range: Range<Int>, forward: Bool) {
    guard !range.isEmpty else { return }
    killed.add(String(characters[range]), joining: lastStep == .kill ? forward : nil)
    remember(.kill)
    replace(range, with: "")
    caret = min(range.lowerBound, characters.count)
  }

  /// Keeps a stretch for ``yank()`` and leaves it where it is.
  mutating func copy(_ range: Range<Int>? = nil) {
    guard let range = range ?? selection, !range.isEmpty else { return }
    killed.add(String(characters[range]), joining: nil)
    mark = nil
    lastStep = .move
  }

  /// The line the caret is on, with the line feed after it.
  mutating func copyLine() { copy(lineStart..<min(lineEnd + 1, characters.count)) }

  /// Puts back what was killed last.
  mutating func yank() {
    guard let text = killed.newest() else { return }
    let range = selection ?? caret..<caret
    remember(.yank)
    replace(range, with: text)
    killed.stands(in: caret - text.count..<caret)
  }

  /// Instead of what ``yank()`` just put back, what was killed before it.
  mutating func yankPop() {
    guard lastStep == .yank, let place = killed.place, place.lowerBound >= 0,
      let text = killed.older()
    else { return }
    replace(place, with: text)
    killed.stands(in: caret - text.count..<caret)
  }
}

/// Texts that were cut, newest last, and which of them was put back.
private struct KillRing: Equatable, Sendable {
  /// Most texts that are remembered.
  static let textsMax = 20

  private var texts: [String] = []
  private var index = 0
  /// Where the text that was put back stands.
  private(set) var place: Range<Int>?

  /// - Parameter joining: true adds to the end of the newest text, false to its beginning; nil
  ///   begins another.
  mutating func add(_ text: String, joining: Bool?) {
    place = nil
    if let joining, let last = texts.popLast() {
      texts.append(joining ? last + text : text + last)
    } else {
      texts.append(text)
      if texts.count > Self.textsMax { texts.removeFirst() }
    }
  }

  mutating func newest() -> String? {
    index = texts.count - 1
    return texts.last
  }

  mutating func older() -> String? {
    guard !texts.isEmpty else { return nil }
    index = (index + texts.count - 1) % texts.count
    return texts[index]
  }

  mutating func stands(in range: Range<Int>) { place = range }
}

import SessionCore

/// A turn under the cursor. Of a reply it shows what stays, what the person typed, and what will be
/// cut; anything else stands as a whole.
struct EditorPane {
  let edit: ScreenState.TurnEdit
  /// Of the reply as it was; nil when unknown.
  let tokens: Int?
  let columns: Int

  /// Cells left of the text: a bar beside rows that stay, a dotted one beside rows that go.
  static let gutter = 3

  static func textColumns(of columns: Int) -> Int { columns - gutter - 1 }
  private var textColumns: Int { Self.textColumns(of: columns) }

  /// The beginning that will stand, or nil when nothing is changed yet.
  var start: InPlaceEdit.Start? {
    guard edit.role == .assistant else { return nil }
    // A refusal here only says that nothing is changed yet.
    return try? InPlaceEdit.rewrite(edit.editor.text).applied(to: edit.original)
  }

  /// Title, and what will be kept and cut.
  var header: StyledLine {
    guard edit.role == .assistant else { return branchHeader }
    guard let start else {
      return StyledLine([
        Span(" Editing reply \(edit.turn) in place", .heading),
        Span(" · change it where it goes wrong", .quiet),
      ])
    }
    let kept = start.kept.count
    let cut = edit.editor.characters.count - kept
    let left = "keeps \(kept), cuts \(max(0, cut)) characters"
    var line = StyledLine([
      Span(" Editing reply \(edit.turn) in place", .heading), Span(" · \(left)", .quiet),
    ])
    if let saved { line = line + StyledLine(" · saves about \(saved) tokens", .mark) }
    return line
  }

  /// What becomes of the old version.
  private var branchHeader: StyledLine {
    let noun = edit.role == .system ? "system prompt" : "turn"
    let below = edit.below == 0 ? "" : " with \(edit.below) below it"
    return StyledLine([
      Span(" Editing \(noun) \(edit.turn)", .heading),
      Span(" · a new branch; the old one stays\(below)", .quiet),
    ])
  }

  /// Tokens that a message about the reply would take and this edit does not: the reply read once
  /// more, and its beginning written once more. By the share of the text that stays, for only the
  /// model's own tokens are counted in the record.
  private var saved: Int? {
    guard let tokens, let start else { return nil }
    let bytes = max(1, edit.original.utf8.count)
    let kept = start.spans.reduce(0) { $0 + ($1.writer == .model ? $1.bytes : 0) }
    return tokens + tokens * kept / bytes
  }

  /// The text in rows, and the caret's place among them.
  func body() -> (lines: [StyledLine], caret: Frame.Place) {
    let characters = edit.editor.characters
    let inks = inks()
    let layout = TextLayout(characters, columns: textColumns)
    let lines = layout.rows.map { row -> StyledLine in
      let isCut = !row.isEmpty && row.allSatisfy { inks[$0] == .cut }
      return StyledLine(isCut ? " ┆ " : " │ ", .quiet) + StyledLine(characters, inks, row)
    }
    let place = layout.position(of: edit.editor.caret)
    return (lines, Frame.Place(row: place.row, column: place.column + Self.gutter))
  }

  /// The place in the text that is shown at a place of the screen.
  /// - Parameter rows: of the screen's body, the two of the title among them.
  func index(at place: Frame.Place, rows: Int) -> Int {
    let layout = TextLayout(edit.editor.characters, columns: textColumns)
    let first = max(0, layout.position(of: edit.editor.caret).row - (rows - 2) + 1)
    return layout.index(
      row: first + max(0, place.row - 2), column: max(0, place.column - Self.gutter))
  }

  /// One ink a character; a character on a border belongs to what it begins with.
  private func inks() -> [Ink] {
    var inks = authorInks()
    for index in edit.editor.selection ?? 0..<0 { inks[index] = .chosen }
    return inks
  }

  private func authorInks() -> [Ink] {
    guard let start else { return edit.editor.characters.map { _ in .text } }
    var ends: [(bytes: Int, ink: Ink)] = []
    var reached = 0
    for span in start.spans {
      reached += span.bytes
      ends.append((reached, span.writer == .person ? .kept : .text))
    }
    var offset = 0
    return edit.editor.characters.map { character in
      let ink = ends.first { offset < $0.bytes }?.ink ?? .cut
      offset += character.utf8.count
      return ink
    }
  }
}

import SessionCore

/// A reply under the cursor: what stays, what the person typed, and what will be cut.
struct EditorPane {
  let edit: ScreenState.ReplyEdit
  let columns: Int

  /// Cells left of the text: a bar beside rows that stay, a dotted one beside rows that go.
  static let gutter = 3

  var textColumns: Int { columns - Self.gutter - 1 }

  /// The beginning that will stand, or nil when nothing is changed yet.
  var start: InPlaceEdit.Start? {
    // A refusal here only says that nothing is changed yet.
    try? InPlaceEdit.rewrite(edit.editor.text).applied(to: edit.original)
  }

  /// Title, and what will be kept and cut.
  var header: StyledLine {
    guard let start else {
      return StyledLine([
        Span(" Editing reply \(edit.turn) in place", .heading),
        Span(" · change it where it goes wrong", .quiet),
      ])
    }
    let kept = start.kept.count
    let cut = edit.editor.characters.count - kept
    let left = "keeps \(kept) characters, cuts \(max(0, cut)) after the change"
    return StyledLine([
      Span(" Editing reply \(edit.turn) in place", .heading), Span(" · \(left)", .quiet),
    ])
  }

  /// The text in rows, and the caret's place among them.
  func body() -> (lines: [StyledLine], caret: Frame.Place) {
    let characters = edit.editor.characters
    let inks = inks()
    let layout = TextLayout(characters, columns: textColumns)
    let lines = layout.rows.map { row -> StyledLine in
      let isCut = !row.isEmpty && row.allSatisfy { inks[$0] == .cut }
      var line = StyledLine(isCut ? " ┆ " : " │ ", .quiet)
      for index in row {
        if line.spans.count > 1, line.spans.last?.ink == inks[index] {
          line.spans[line.spans.count - 1].text.append(characters[index])
        } else {
          line.spans.append(Span(String(characters[index]), inks[index]))
        }
      }
      return line
    }
    let place = layout.position(of: edit.editor.caret)
    return (lines, Frame.Place(row: place.row, column: place.column + Self.gutter))
  }

  /// One ink a character; a character on a border belongs to what it begins with.
  private func inks() -> [Ink] {
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

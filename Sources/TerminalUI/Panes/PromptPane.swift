import SessionCore

/// The line under the rule: what is being typed, with the caret.
struct PromptPane {
  let state: ScreenState

  private var label: String {
    switch state.mode {
    case .insert, .normal, .editor: "> "
    case .aside(.critique, _): "what is wrong? "
    case .aside(.note, _): "note: "
    }
  }

  private var editor: LineEditor {
    if case .aside(_, let line) = state.mode { line } else { state.prompt }
  }

  private var columns: Int { state.size.columns - CellWidth.of(label) - 1 }

  /// Columns the text has; the caret's row moves are counted by them.
  var textColumns: Int { columns }

  private var layout: TextLayout { TextLayout(editor.characters, columns: columns) }

  /// Rows it takes: one, and more for longer texts, up to a third of the screen.
  var rows: Int { min(layout.rows.count, max(1, state.size.rows / 3)) }

  /// The rows in view and the caret's place among them.
  func body() -> (lines: [StyledLine], caret: Frame.Place?) {
    let layout = layout
    let place = layout.position(of: editor.caret)
    let first = max(0, place.row - rows + 1)
    let isTyped = state.page == nil && state.mode.isTypedBelow
    let lines = layout.rows.enumerated().dropFirst(first).prefix(rows).map { number, row in
      let lead = number == 0 ? label : String(repeating: " ", count: CellWidth.of(label))
      return StyledLine([
        Span(lead, isTyped ? .person : .quiet),
        Span(String(editor.characters[row]), isTyped ? .text : .quiet),
      ])
    }
    guard isTyped else { return (lines, nil) }
    return (
      lines, Frame.Place(row: place.row - first, column: place.column + CellWidth.of(label))
    )
  }
}

extension ScreenState.Mode {
  /// Whether the caret is on the line under the rule.
  var isTypedBelow: Bool {
    switch self {
    case .insert, .aside: true
    case .normal, .editor: false
    }
  }
}

/// The last row: what happened, or which keys help now.
enum HintLine {
  static func line(_ state: ScreenState) -> StyledLine {
    switch state.notice {
    case .told(let text): return StyledLine(text, .mark).fitted(to: state.size.columns - 1)
    case .failed(let text): return StyledLine(text, .failure).fitted(to: state.size.columns - 1)
    case nil: break
    }
    return line(hints(state), columns: state.size.columns - 1)
  }

  /// As many hints as fit whole.
  private static func line(_ hints: [(key: String, word: String)], columns: Int) -> StyledLine {
    var line = StyledLine()
    for hint in hints {
      let gap = line.spans.isEmpty ? "" : "   "
      let next =
        line + StyledLine([Span(gap + hint.key, .heading), Span(" " + hint.word, .quiet)])
      guard next.width <= columns else { break }
      line = next
    }
    return line
  }

  private static func hints(_ state: ScreenState) -> [(key: String, word: String)] {
    if let page = state.page {
      if case .tree = page {
        return [("Enter", "go on from here"), ("j k", "move"), ("Esc", "back")]
      }
      return [("Esc", "back"), ("j k", "scroll"), ("PgUp PgDn", "page")]
    }
    let isWriting = !state.isIdle
    switch state.mode {
    case .editor:
      return [("Enter", "go on from here"), ("Alt-Enter", "new row"), ("Esc", "give up")]
    case .aside: return [("Enter", "send"), ("Esc", "give up")]
    case .insert:
      if isWriting { return [("Ctrl-C", "stop"), ("/help", "commands"), ("Esc", "single keys")] }
      return [
        ("Enter", "send"), ("/help", "commands"), ("Esc", "single keys"),
        ("Alt-Enter", "new row"),
      ]
    case .normal:
      if isWriting { return [("Ctrl-C", "stop"), ("i", "type"), ("?", "help")] }
      if state.session.lastReply == nil { return [("i", "type"), ("?", "help"), ("q", "quit")] }
      return [
        ("t", "try again"), ("c", "critique"), ("e", "edit"), ("r", "regenerate"), ("u", "undo"),
        ("i", "type"), ("?", "help"), ("d", "diff"), ("Tab", "tree"), ("q", "quit"),
      ]
    }
  }
}

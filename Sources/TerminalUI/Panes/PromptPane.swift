import SessionCore

/// The line under the rule: what is being typed, with the caret.
struct PromptPane {
  let state: ScreenState

  private var label: String {
    switch state.mode {
    case .insert, .normal, .editor: "> "
    case .aside(.critique, _): "what is wrong? "
    case .aside(.note, _): "note: "
    case .aside(.tag, _): "tag: "
    case .aside(.export(let turn), _): "export up to turn \(turn) as: "
    case .aside(.search, _): "find: "
    case .aside(.treeSearch, _): "find in tree: "
    case .aside(.history, _): "older line with: "
    case .palette: "do: "
    }
  }

  private var editor: LineEditor {
    switch state.mode {
    case .aside(_, let line): line
    case .palette(let palette): palette.line
    case .normal, .insert, .editor: state.prompt
    }
  }

  private var columns: Int { state.size.columns - CellWidth.of(label) - 1 }

  /// Columns the text has; the caret's row moves are counted by them.
  var textColumns: Int { columns }

  private var layout: TextLayout { TextLayout(editor.characters, columns: columns) }

  /// Most rows of what is being typed; longer texts scroll.
  static let rowsMax = 10

  /// Rows it takes: one, and more for longer texts, as far as half of the screen stays above.
  var rows: Int { min(layout.rows.count, Self.rowsMax, max(1, (state.size.rows - 2) / 2)) }

  /// The place in the text that is shown at a row in view and a column of the screen.
  func index(row: Int, column: Int) -> Int {
    let layout = layout
    let first = max(0, layout.position(of: editor.caret).row - rows + 1)
    return layout.index(row: first + row, column: max(0, column - CellWidth.of(label)))
  }

  /// The rows in view and the caret's place among them.
  func body() -> (lines: [StyledLine], caret: Frame.Place?) {
    let layout = layout
    let place = layout.position(of: editor.caret)
    let first = max(0, place.row - rows + 1)
    let isTyped = state.mode.isTypedBelow && (state.page == nil || state.mode.isOverPage)
    let selection = editor.selection
    let inks = editor.characters.indices.map { index -> Ink in
      selection?.contains(index) == true ? .chosen : isTyped ? .text : .quiet
    }
    let lines = layout.rows.enumerated().dropFirst(first).prefix(rows).map { number, row in
      let lead = number == 0 ? label : String(repeating: " ", count: CellWidth.of(label))
      return StyledLine(lead, isTyped ? .person : .quiet)
        + StyledLine(editor.characters, inks, row)
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
    case .insert, .aside, .palette: true
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
    // For as long as there is none, also after the next key.
    if case .failed(let why) = state.loading, state.page == nil {
      return StyledLine(why, .failure).fitted(to: state.size.columns - 1)
    }
    if case .aside(.history(let found?), _) = state.mode {
      return StyledLine(state.prompt.history.lines[found], .found).fitted(
        to: state.size.columns - 1)
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

  private static func hints(_ duel: Duel, _ columns: Int) -> [(key: String, word: String)] {
    switch duel.stage {
    case .drawing, .drawn: [("Ctrl-C", "stop"), ("j k", "scroll")]
    case .voting where columns < 60:
      [("a", "A"), ("b", "B"), ("t", "tie"), ("n", "bad"), ("Esc", "no vote")]
    case .voting:
      [
        ("a", "A is better"), ("b", "B"), ("t", "tie"), ("n", "both bad"), ("Esc", "no vote"),
        ("j k", "scroll"),
      ]
    case .voted: [("Enter", "go on"), ("u", "afterwards: undo"), ("j k", "scroll")]
    }
  }

  private static func hints(_ state: ScreenState) -> [(key: String, word: String)] {
    if case .aside(.export, _) = state.mode {
      return [("Enter", "write it"), ("Tab", "formats, files"), ("Esc", "give up")]
    }
    if case .aside(.tag, _) = state.mode, !state.completions.tags.isEmpty {
      return [
        ("Enter", "put it on, or take it off"), ("Esc", "give up"),
        ("Tab", state.completions.tags.joined(separator: " ")),
      ]
    }
    if let page = state.page {
      if state.mode.isOverPage { return [("Enter", "done"), ("Esc", "give up")] }
      if page == .tree {
        return [
          ("Enter", "go on from here"), ("j k", "move"), ("h l", "up, down"), ("< >", "versions"),
          ("e", "edit"), ("Space", "fold"), ("f", "filter"), ("/", "find"), ("u", "undo"),
          ("Esc", "back"),
        ]
      }
      if case .inspect(_, let view) = page, view.promptRow == nil {
        return [
          ("h l", "token"), ("j k", "alternative"), ("Enter", "branch here"),
          ("n N", "surprises"), ("Tab", "prompt"), ("Esc", "back"),
        ]
      }
      if let duel = state.duel, page == .duel { return hints(duel, state.size.columns) }
      if page.isFriction {
        return [("Esc", "back"), ("j k", "scroll"), ("a", "ASCII or dots")]
      }
      return [("Esc", "back"), ("j k", "scroll"), ("PgUp PgDn", "page")]
    }
    let isWriting = !state.isIdle
    switch state.mode {
    case .editor:
      return [("Enter", "go on from here"), ("Alt-Enter", "new row"), ("Esc", "give up")]
    case .aside(.history, _):
      return [("Enter", "take it"), ("Ctrl-R", "an older one"), ("Esc", "give up")]
    case .aside(.search, _): return [("Enter", "find"), ("Esc", "give up")]
    case .aside: return [("Enter", "send"), ("Esc", "give up")]
    case .palette: return [("Enter", "do it"), ("Up Down", "choose"), ("Esc", "back")]
    case .insert:
      if isWriting { return [("Ctrl-C", "stop"), ("/help", "commands"), ("Esc", "single keys")] }
      return [
        ("Enter", "send"), ("/help", "commands"), ("Esc", "single keys"),
        ("Alt-Enter", "new row"),
      ]
    case .normal:
      if isWriting { return [("Ctrl-C", "stop"), ("i", "type"), ("?", "help")] }
      if state.search != nil {
        return [("n", "next place"), ("N", "place before"), ("i", "type"), ("?", "help")]
      }
      if state.session.lastReply == nil { return [("i", "type"), ("?", "help"), ("q", "quit")] }
      return [
        ("t", "try again"), ("c", "critique"), ("e", "edit"), ("r", "regenerate"), ("u", "undo"),
        ("i", "type"), ("?", "help"), ("d", "diff"), ("Tab", "tree"), ("p", "inspect"),
        ("q", "quit"),
      ]
    }
  }
}

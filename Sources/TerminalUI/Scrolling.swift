import SessionCore

// Where things are, and scrolling.
extension ScreenState {
  /// Rows above the rule.
  var bodyRows: Int { max(1, size.rows - 2 - PromptPane(state: self).rows) }

  /// Columns of the text under the caret.
  var textColumns: Int {
    if case .editor = mode { return EditorPane.textColumns(of: size.columns) }
    return PromptPane(state: self).textColumns
  }

  /// Lays out what is in view, so that the next frame finds it done.
  mutating func layOut() {
    guard hasScreen, size.isEnough, page == nil, !index.path.isEmpty else { return }
    var pane = TranscriptPane(self)
    _ = pane.lines()
    laid = pane.laid
    let top = (anchor ?? pane.bottomAnchor()).turn
    guard let first = index.place(onPath: top) else { return }
    laid.keep(index.path[first..<min(first + size.rows, index.path.count)])
  }

  mutating func scroll(_ deed: Keymap.Deed) {
    guard size.isEnough else { return }
    if case .palette(var palette) = mode {
      let last = max(0, palette.items(keymap).count - 1)
      palette.chosen = min(max(palette.chosen + rows(of: deed), 0), last)
      mode = .palette(palette)
    } else if case .editor(var edit) = mode, page == nil {
      edit.editor.moveVertically(rows(of: deed), columns: textColumns)
      mode = .editor(edit)
    } else if page != nil {
      scrollPage(deed)
    } else {
      scrollTranscript(deed)
    }
  }

  private func rows(of deed: Keymap.Deed) -> Int {
    let page = max(1, bodyRows - 2)
    return switch deed {
    case .up: -1
    case .down: 1
    case .pageUp: -page
    case .pageDown: page
    case .halfUp: -max(1, bodyRows / 2)
    case .halfDown: max(1, bodyRows / 2)
    case .top: -Self.farRows
    default: Self.farRows
    }
  }

  /// Further than any conversation is long.
  private static let farRows = 1 << 30

  private mutating func scrollTranscript(_ deed: Keymap.Deed) {
    var pane = TranscriptPane(self)
    guard let first = index.path.first else { return }
    switch deed {
    case .top: anchor = TranscriptAnchor(turn: first, row: 0)
    case .bottom: anchor = nil
    default: anchor = pane.moved(anchor ?? pane.bottomAnchor(), by: rows(of: deed))
    }
    if let anchor, pane.reachesEnd(anchor) { self.anchor = nil }
    laid = pane.laid
  }

  /// Puts the place in a turn that holds what is searched for in view.
  mutating func show(_ turn: TurnID) {
    var pane = TranscriptPane(self)
    let row = pane.foundRow(in: turn)
    let above = TranscriptAnchor(turn: turn, row: row)
    anchor = row < bodyRows / 2 ? TranscriptAnchor(turn: turn, row: 0) : pane.moved(above, by: -2)
  }

  private mutating func scrollPage(_ deed: Keymap.Deed) {
    if page == .tree {
      let delta = rows(of: deed)
      tree?.move(by: delta)
      return
    }
    let view = PageView(self)
    let last = max(0, view.rows - bodyRows)
    let row = min(max(view.top + rows(of: deed), 0), last)
    switch page {
    case .help: page = .help(row: row)
    case .diff(let id, _): page = .diff(id, row: row)
    case .inspect(let inspection, var view):
      view.promptRow = row
      page = .inspect(inspection, view)
    case .duel: duel?.row = row
    case .friction: page = .friction(row: row)
    case .list(let list, _): page = .list(list, row: row)
    case .tree, nil: break
    }
  }

  /// Tokens of a reply, when its record says.
  func tokens(of reply: TurnID) -> Int? {
    guard let turn = session[reply] else { return nil }
    let tokens = turn.statistics?.generatedTokens ?? turn.tokens.count
    return tokens > 0 ? tokens : nil
  }
}

import SessionCore

/// The picture of a state. Pure: the same state has the same picture.
public func render(_ state: ScreenState) -> Frame {
  var frame = Frame(size: state.size)
  guard state.size.isEnough else {
    let needed = "\(ScreenSize.smallest.columns)x\(ScreenSize.smallest.rows)"
    frame.put(
      StyledLine("Too small: \(needed) is needed", .failure).fitted(to: state.size.columns), row: 0)
    return frame
  }
  drawBody(of: state, on: &frame)
  let bottom = state.bodyRows
  frame.put(StatusLine(state: state).line(columns: state.size.columns), row: bottom)
  let prompt = PromptPane(state: state).body()
  for (row, line) in prompt.lines.enumerated() { frame.put(line, row: bottom + 1 + row) }
  if let caret = prompt.caret {
    frame.cursor = Frame.Place(row: bottom + 1 + caret.row, column: caret.column)
  }
  frame.put(HintLine.line(state), row: state.size.rows - 1)
  return frame
}

private func drawBody(of state: ScreenState, on frame: inout Frame) {
  if state.page != nil {
    for (row, line) in PageView(state).lines.enumerated() { frame.put(line, row: row) }
  } else if case .editor(let edit) = state.mode {
    draw(edit, rows: state.bodyRows, on: &frame)
  } else {
    for (row, line) in TranscriptPane(state).lines().enumerated() { frame.put(line, row: row) }
  }
}

private func draw(_ edit: ScreenState.ReplyEdit, rows: Int, on frame: inout Frame) {
  let pane = EditorPane(edit: edit, columns: frame.size.columns)
  frame.put(pane.header.fitted(to: frame.size.columns), row: 0)
  let (lines, caret) = pane.body()
  let room = rows - 2
  let first = max(0, caret.row - room + 1)
  for (row, line) in lines.dropFirst(first).prefix(room).enumerated() {
    frame.put(line, row: row + 2)
  }
  frame.cursor = Frame.Place(row: caret.row - first + 2, column: caret.column)
}

/// A page: how long it is, and what of it is in view.
struct PageView {
  var rows: Int
  var top: Int
  var lines: [StyledLine]

  init(_ state: ScreenState) {
    let columns = state.size.columns
    switch state.page {
    case .help(let row):
      let help = HelpPane.lines(state.keymap, columns: columns)
      self.init(help.map { $0.fitted(to: columns) }, from: row, height: state.bodyRows)
    case .diff(let id, let row):
      let measure = min(columns - 3, TranscriptPane.measureColumnsMax)
      let diff = DiffPane.lines(for: id, in: state.session, columns: measure)
      self.init(diff.map { StyledLine(" ") + $0 }, from: row, height: state.bodyRows)
    case .tree(let chosen): self.init(tree: state, chosen)
    case nil: self.init([], from: 0, height: 0)
    }
  }

  private init(_ all: [StyledLine], from row: Int, height: Int) {
    rows = all.count
    top = min(row, max(0, all.count - height))
    lines = Array(all.dropFirst(top).prefix(height))
  }

  /// Only the rows in view are made: a tree can have thousands.
  private init(tree state: ScreenState, _ chosen: TurnID?) {
    let outline = TreePane.rows(of: state.session)
    let place = outline.firstIndex { $0.turn.id == chosen } ?? 0
    let height = state.bodyRows
    rows = outline.count
    top = max(0, min(place - height / 2, outline.count - height))
    lines = TreePane.lines(
      for: outline.dropFirst(top).prefix(height), in: state.session,
      columns: state.size.columns)
    if lines.indices.contains(place - top) { lines[place - top] = lines[place - top].chosen }
    if lines.isEmpty { lines = [StyledLine(" No turns yet.", .quiet)] }
  }
}

extension StyledLine {
  /// The same line as the chosen one of a list.
  var chosen: StyledLine { StyledLine(spans.map { Span($0.text, .chosen) }) }
}

// Where things are, and scrolling.
extension ScreenState {
  /// Rows above the rule.
  var bodyRows: Int { max(1, size.rows - 2 - PromptPane(state: self).rows) }

  /// Columns of the text under the caret.
  var textColumns: Int {
    if case .editor(let edit) = mode {
      return EditorPane(edit: edit, columns: size.columns).textColumns
    }
    return PromptPane(state: self).textColumns
  }

  mutating func scroll(_ deed: Keymap.Deed) {
    guard size.isEnough else { return }
    if case .editor(var edit) = mode, page == nil {
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
    let pane = TranscriptPane(self)
    guard let first = pane.turns.first else { return }
    switch deed {
    case .top: anchor = TranscriptAnchor(turn: first.id, row: 0)
    case .bottom: anchor = nil
    default: anchor = pane.moved(anchor ?? pane.bottomAnchor, by: rows(of: deed))
    }
    if let anchor, pane.reachesEnd(anchor) { self.anchor = nil }
  }

  private mutating func scrollPage(_ deed: Keymap.Deed) {
    let view = PageView(self)
    let last = max(0, view.rows - bodyRows)
    let row = min(max(view.top + rows(of: deed), 0), last)
    switch page {
    case .help: page = .help(row: row)
    case .diff(let id, _): page = .diff(id, row: row)
    case .tree(let chosen):
      let outline = TreePane.rows(of: session)
      guard !outline.isEmpty else { return }
      let place = outline.firstIndex { $0.turn.id == chosen } ?? 0
      let target = min(max(place + rows(of: deed), 0), outline.count - 1)
      page = .tree(chosen: outline[target].turn.id)
    case nil: break
    }
  }
}

import Friction
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
  if case .palette(let palette) = state.mode {
    for (row, line) in PalettePane(palette, state).lines.enumerated() { frame.put(line, row: row) }
  } else if state.page != nil {
    for (row, line) in PageView(state).lines.enumerated() { frame.put(line, row: row) }
  } else if case .editor(let edit) = state.mode {
    draw(edit, tokens: state.tokens(of: edit.turn), rows: state.bodyRows, on: &frame)
  } else {
    var pane = TranscriptPane(state)
    for (row, line) in pane.lines().enumerated() { frame.put(line, row: row) }
  }
}

private func draw(
  _ edit: ScreenState.TurnEdit, tokens: Int?, rows: Int, on frame: inout Frame
) {
  let pane = EditorPane(edit: edit, tokens: tokens, columns: frame.size.columns)
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
    case .inspect(let inspection, let view):
      let lines =
        view.promptRow == nil
        ? InspectPane.lines(
          for: inspection, view, in: state, columns: columns - 1, rows: state.bodyRows)
        : SentPane.lines(for: inspection.sheet, columns: columns - 1)
      self.init(
        lines.map { StyledLine(" ") + $0 }, from: view.promptRow ?? 0, height: state.bodyRows)
    case .tree: self.init(tree: state)
    case .duel:
      let pane = state.duel.map { DuelPane($0, state) }
      let view = pane?.view ?? (rows: 0, top: 0)
      self.init(rows: view.rows, top: view.top, lines: pane?.lines ?? [])
    case .friction(let row):
      let lines = FrictionPane.lines(
        for: state.friction, columns: columns, style: state.hasBraille ? .braille : .ascii)
      self.init(lines, from: row, height: state.bodyRows)
    case .list(let list, let row):
      let lines = ListPane.lines(for: list, columns: columns - 1)
      self.init(lines.map { StyledLine(" ") + $0 }, from: row, height: state.bodyRows)
    case nil: self.init([], from: 0, height: 0)
    }
  }

  private init(rows: Int, top: Int, lines: [StyledLine]) {
    (self.rows, self.top, self.lines) = (rows, top, lines)
  }

  private init(_ all: [StyledLine], from row: Int, height: Int) {
    rows = all.count
    top = min(row, max(0, all.count - height))
    lines = Array(all.dropFirst(top).prefix(height))
  }

  /// Only the rows in view are made: a tree can have thousands.
  private init(tree state: ScreenState) {
    let tree = state.tree ?? TreeView(state.session, state.index)
    let height = state.bodyRows
    rows = tree.rows.count
    top = max(0, min(tree.place - height / 2, rows - height))
    lines = TreePane.lines(
      for: tree.rows.dropFirst(top).prefix(height), in: state, columns: state.size.columns)
    let place = tree.place - top
    if lines.indices.contains(place) { lines[place] = lines[place].chosen }
    if lines.isEmpty {
      let isFiltered = tree.filter != .all
      let text = isFiltered ? " None of them: \(tree.filter.word)." : " No turns yet."
      lines = [StyledLine(text, .quiet)]
    }
  }
}

extension StyledLine {
  /// The same line as the chosen one of a list.
  var chosen: StyledLine { StyledLine(spans.map { Span($0.text, .chosen) }) }
}

import SessionCore

/// What somebody does with the mouse; only where they asked for it.
public enum MouseEvent: Equatable, Sendable {
  case wheelUp, wheelDown
  /// The first button went down.
  case pressed(Frame.Place)
}

// The mouse, which is never needed: the wheel scrolls, a click places the caret or picks a turn.
extension ScreenState {
  /// Rows that one step of the wheel moves.
  static let wheelRows = 3

  mutating func take(_ mouse: MouseEvent, at time: Timestamp) -> [Effect] {
    notice = nil
    switch mouse {
    case .wheelUp: return (0..<Self.wheelRows).flatMap { _ in carryOut(.up, at: time) }
    case .wheelDown: return (0..<Self.wheelRows).flatMap { _ in carryOut(.down, at: time) }
    case .pressed(let place): return size.isEnough ? click(place, at: time) : []
    }
  }

  mutating func setMouse(_ isOn: Bool) -> [Effect] {
    guard hasScreen else { return [.complain(.needsScreen)] }
    hasMouse = isOn
    notice = .told(
      isOn
        ? "the mouse is taken: wheel and clicks; F6 frees it"
        : "the mouse is the terminal's own again")
    return [.mouse(isOn)]
  }

  private mutating func click(_ place: Frame.Place, at time: Timestamp) -> [Effect] {
    if place.row > bodyRows, place.row < size.rows - 1 { return clickOnPrompt(place) }
    guard place.row < bodyRows else { return [] }
    if page == .tree { return clickOnTree(place.row, at: time) }
    guard page == nil else { return [] }
    switch mode {
    case .palette: return []
    case .editor(var edit):
      let pane = EditorPane(edit: edit, tokens: nil, columns: size.columns)
      edit.editor.move(to: pane.index(at: place, rows: bodyRows))
      mode = .editor(edit)
    default:
      var pane = TranscriptPane(self)
      guard let turn = pane.turn(atRow: place.row) else { return [] }
      openTree()
      tree?.choose(turn, index)
    }
    return []
  }

  private mutating func clickOnPrompt(_ place: Frame.Place) -> [Effect] {
    guard page == nil || mode.isOverPage else { return [] }
    if mode == .normal { mode = .insert }
    guard mode.isTypedBelow else { return [] }
    let row = place.row - bodyRows - 1
    let index = PromptPane(state: self).index(row: row, column: place.column)
    edit { $0.move(to: index) }
    return []
  }

  /// The first click chooses a turn, the second goes on from it.
  private mutating func clickOnTree(_ row: Int, at time: Timestamp) -> [Effect] {
    guard let tree else { return [] }
    let number = PageView(self).top + row
    guard tree.rows.indices.contains(number) else { return [] }
    let turn = tree.rows[number].turn
    if turn == tree.chosen { return carryOut(.choose, at: time) }
    self.tree?.choose(turn, index)
    return []
  }
}

import SessionCore

/// The tree in words, for the plain front: a line a turn, its number first, nothing drawn. What
/// branches off is set in by two blanks; what is not part of the conversation says so.
enum TreeOutline {
  static func lines(of state: ScreenState) -> [StyledLine] {
    let labels = TurnLabels(state)
    var lines = TreeView(state.session, state.index).rows.compactMap { row in
      state.session[row.turn].map { line(row, $0, labels, state) }
    }
    let elsewhere = state.index.turnsElsewhere
    if elsewhere > 0 {
      lines.append(
        StyledLine(
          "\(elsewhere == 1 ? "1 turn is" : "\(elsewhere) turns are") on other branches; "
            + "/go NUMBER goes there."))
    }
    return lines
  }

  private static func line(
    _ row: TreeView.Row, _ turn: Turn, _ labels: TurnLabels, _ state: ScreenState
  ) -> StyledLine {
    var words = [labels.speaker(of: turn)]
    words += [labels.origin(of: turn), labels.version(of: turn)].compactMap(\.self)
    words += labels.remarks(on: turn)
    if turn.id == state.session.head { words.append("you are here") }
    if !state.index.isOnPath(turn.id) { words.append("another branch") }
    let indent = String(repeating: "  ", count: min(row.depth, TreePane.depthMax))
    let text = turn.saysOnlyTryAgain ? "" : ": " + TreePane.oneLine(turn.text)
    return StyledLine("\(indent)\(turn.id) \(words.joined(separator: ", "))\(text)")
  }
}

import SessionCore

/// All turns as an outline. A straight conversation stays straight: only where it forks do the
/// branches step to the right.
public enum TreePane {
  /// Forks beyond this depth are drawn at this depth.
  static let depthMax = 8

  /// The outline in words, for the plain front.
  public static func lines(of state: ScreenState, columns: Int) -> [StyledLine] {
    TreeOutline.lines(of: state).map { $0.fitted(to: columns) }
  }

  /// Rows of the tree page. `▸` marks the head, `*` the conversation that leads to it.
  static func lines(
    for rows: ArraySlice<TreeView.Row>, in state: ScreenState, columns: Int
  ) -> [StyledLine] {
    let labels = TurnLabels(state)
    return rows.compactMap { row in
      state.session[row.turn].map { line(row, $0, labels, state).fitted(to: columns) }
    }
  }

  private static func line(
    _ row: TreeView.Row, _ turn: Turn, _ labels: TurnLabels, _ state: ScreenState
  ) -> StyledLine {
    let isCurrent = state.index.isOnPath(turn.id)
    let digits = String(state.index.count).count
    let id = turn.id.description
    let mark = turn.id == state.session.head ? "▸" : isCurrent ? "*" : " "
    let pad = String(repeating: " ", count: max(0, digits - id.count))
    let steps = min(row.depth, depthMax)
    let indent =
      row.isFork && steps > 0
      ? String(repeating: "│ ", count: steps - 1) + "├ " : String(repeating: "│ ", count: steps)
    var head = labels.speaker(of: turn)
    if let origin = labels.origin(of: turn) { head += " · \(origin)" }
    if let place = labels.place(of: turn) { head += " · \(place)" }
    var remarks = labels.remarks(on: turn).map { " · \($0)" }.joined()
    if row.folded > 0 { remarks += " · \(row.folded) below" }
    let shown = turn.saysOnlyTryAgain ? "" : turn.text
    let ink: Ink = turn.role == .assistant ? .heading : .person
    return StyledLine([
      Span(" \(mark) ", .mark), Span(pad + id + "  ", .quiet), Span(indent, .quiet),
      Span(head, isCurrent ? ink : .quiet), Span(remarks, .mark),
      Span(shown.isEmpty ? "" : "  " + oneLine(shown), isCurrent ? .text : .quiet),
    ])
  }

  /// The text in one row, however long.
  static func oneLine(_ text: String) -> String {
    let beginning = text.prefix(400).map { $0.isNewline || $0 == "\t" ? " " : $0 }
    return String(beginning)
  }
}

import SessionCore

/// All turns as an outline. A straight conversation stays straight: only where it forks do the
/// branches step to the right.
public enum TreePane {
  /// One turn's place in the outline.
  struct Row: Equatable, Sendable {
    var turn: Turn
    var depth: Int
    var isFork: Bool
  }

  /// Forks beyond this depth are drawn at this depth.
  static let depthMax = 8

  /// Every turn once, parents before children.
  static func rows(of session: Session) -> [Row] {
    let children = Dictionary(grouping: session.turns, by: \.parent)
    var rows: [Row] = []
    // Depth-first without recursion: a long conversation is a deep tree.
    var waiting = [Row]()
    func wait(for turns: [Turn], under depth: Int) {
      let isFork = turns.count > 1
      waiting += turns.reversed().map {
        Row(turn: $0, depth: isFork ? depth + 1 : depth, isFork: isFork)
      }
    }
    wait(for: children[nil] ?? [], under: 0)
    while let next = waiting.popLast() {
      rows.append(next)
      wait(for: children[next.turn.id] ?? [], under: next.depth)
    }
    return rows
  }

  /// The outline as text. `▸` marks the head, `*` the conversation that leads to it.
  public static func lines(of session: Session, columns: Int) -> [StyledLine] {
    lines(for: rows(of: session)[...], in: session, columns: columns)
  }

  static func lines(
    for rows: ArraySlice<Row>, in session: Session, columns: Int
  ) -> [StyledLine] {
    let current = Set(session.current.map(\.id))
    let labels = TurnLabels(session)
    return rows.map { line($0, current, labels, session).fitted(to: columns) }
  }

  private static func line(
    _ row: Row, _ current: Set<TurnID>, _ labels: TurnLabels, _ session: Session
  ) -> StyledLine {
    let turn = row.turn
    let digits = String(session.turns.count).count
    let id = turn.id.description
    let mark = turn.id == session.head ? "▸" : current.contains(turn.id) ? "*" : " "
    let pad = String(repeating: " ", count: max(0, digits - id.count))
    let steps = min(row.depth, depthMax)
    let indent =
      row.isFork && steps > 0
      ? String(repeating: "│ ", count: steps - 1) + "├ " : String(repeating: "│ ", count: steps)
    var head = labels.speaker(of: turn)
    if let origin = labels.origin(of: turn) { head += " · \(origin)" }
    let remarks = labels.remarks(on: turn).map { " · \($0)" }.joined()
    let shown = turn.saysOnlyTryAgain ? "" : turn.text
    let ink: Ink = turn.role == .assistant ? .heading : .person
    return StyledLine([
      Span(" \(mark) ", .mark), Span(pad + id + "  ", .quiet), Span(indent, .quiet),
      Span(head, current.contains(turn.id) ? ink : .quiet), Span(remarks, .mark),
      Span(shown.isEmpty ? "" : "  " + oneLine(shown), current.contains(turn.id) ? .text : .quiet),
    ])
  }

  /// The text in one row, however long.
  private static func oneLine(_ text: String) -> String {
    let beginning = text.prefix(400).map { $0.isNewline || $0 == "\t" ? " " : $0 }
    return String(beginning)
  }
}

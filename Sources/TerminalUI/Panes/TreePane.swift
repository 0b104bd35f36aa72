import SessionCore

/// All turns as an outline. A straight conversation stays straight: only where it forks do the
/// branches step to the right.
public enum TreePane {
  /// One turn of the outline.
  public struct Row: Equatable, Sendable {
    public var turn: TurnID
    public var line: StyledLine
  }

  /// Forks beyond this depth are drawn at this depth.
  static let depthMax = 8

  /// Every turn once, parents before children. `*` marks the conversation as it stands.
  public static func rows(of session: Session, columns: Int) -> [Row] {
    let current = Set(session.current.map(\.id))
    let digits = String(session.turns.count).count
    var rows: [Row] = []
    // Depth-first without recursion: a long conversation is a deep tree.
    var waiting = session.children(of: nil).reversed().map { (turn: $0, depth: 0) }
    if waiting.count > 1 { waiting = waiting.map { ($0.turn, 1) } }
    while let next = waiting.popLast() {
      rows.append(
        Row(
          turn: next.turn.id,
          line: line(next.turn, next.depth, current, digits, session).fitted(to: columns)))
      let children = session.children(of: next.turn.id)
      let depth = children.count > 1 ? next.depth + 1 : next.depth
      waiting += children.reversed().map { ($0, depth) }
    }
    return rows
  }

  private static func line(
    _ turn: Turn, _ depth: Int, _ current: Set<TurnID>, _ digits: Int, _ session: Session
  ) -> StyledLine {
    let labels = TurnLabels(session)
    let id = turn.id.description
    let mark = turn.id == session.head ? "▸" : current.contains(turn.id) ? "*" : " "
    let pad = String(repeating: " ", count: max(0, digits - id.count))
    let isFork = session.siblings(of: turn.id).count > 1
    let steps = min(depth, depthMax)
    let indent =
      isFork && steps > 0
      ? String(repeating: "│ ", count: steps - 1) + "├ " : String(repeating: "│ ", count: steps)
    var head = labels.speaker(of: turn)
    if let origin = labels.origin(of: turn) { head += " · \(origin)" }
    let remarks = labels.remarks(on: turn).map { " · \($0)" }.joined()
    let shown = turn.feedback?.kind == .unary && turn.text == Feedback.unaryWording ? "" : turn.text
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

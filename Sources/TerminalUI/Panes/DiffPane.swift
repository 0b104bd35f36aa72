import Friction
import SessionCore

/// What changed from the attempt before to this one, word by word.
public enum DiffPane {
  /// Empty when the reply is a first attempt.
  public static func lines(for id: TurnID, in session: Session, columns: Int) -> [StyledLine] {
    guard let reply = session[id], let before = session.previousAttempt(of: id) else { return [] }
    let labels = TurnLabels(session)
    let number = session.attempts(upTo: id).count
    let diff = WordDiff(from: before.text, to: reply.text)
    var title = "attempt \(number - 1) (\(before.id)) → attempt \(number) (\(reply.id))"
    if let origin = labels.origin(of: reply) { title += " · \(origin)" }
    var lines = [StyledLine(title, .heading), StyledLine()]
    if diff.isUnchanged {
      lines.append(StyledLine("The same text, word for word.", .mark))
      lines.append(StyledLine())
    }
    lines += wrap(diff.pieces.map(span), columns: columns)
    if !diff.isUnchanged {
      lines += [
        StyledLine(),
        StyledLine([
          Span("[-removed-]", .removed), Span(" "), Span("{+added+}", .added),
        ]),
      ]
    }
    return lines
  }

  private static func span(_ piece: WordDiff.Piece) -> Span {
    switch piece.change {
    case .same: Span(piece.text)
    case .removed: Span("[-\(piece.text)-]", .removed)
    case .added: Span("{+\(piece.text)+}", .added)
    }
  }
}

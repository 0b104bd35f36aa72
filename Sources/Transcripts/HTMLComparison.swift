import Friction
import Mustache
import SessionCore

extension HTMLPage {
  /// The attempts at one question: at a glance, and side by side.
  struct LineRow {
    struct Step {
      /// What led here; empty for the first attempt.
      var via: [String]
      var target: String
      var mark: String
      var look: String
      var stepTitle: String
    }
    /// One attempt, what is new in it since the one before marked.
    struct Column {
      var columnTarget: String
      var columnTitle: String
      var columnLook: String
      /// Verdict, what led here, words kept, tokens, time.
      var columnFacts: [String]
      var columnWords: [ColumnWord]
      var isColumnSilent: Bool
    }
    /// A run of words; one of the two is empty.
    struct ColumnWord: MustacheParent {
      var old: [String] = []
      var new: [String] = []

      /// There are many: asking them is faster than reflection.
      func child(named name: String) -> Any? { name == "old" ? old : name == "new" ? new : nil }
    }
    var question: String
    var steps: [Step]
    var columns: [Column]

    /// The lines with more than one attempt; a single one needs no overview.
    static func rows(
      of session: Session, anchor: String, _ changes: [TurnID: WordDiff]
    ) -> [LineRow] {
      AttemptLine.lines(of: session).filter { $0.attempts.count > 1 }.map { line in
        let question = line.attempts.first.flatMap { session.question(of: $0.reply.id) }
        let attempts = Array(line.attempts.enumerated())
        return LineRow(
          question: question.map { HTMLPage.shortened($0.text) } ?? "",
          steps: attempts.map { Step($1, number: $0 + 1, anchor: anchor) },
          columns: attempts.map {
            Column($1, number: $0 + 1, anchor: anchor, changes[$1.reply.id])
          })
      }
    }
  }
}

extension HTMLPage.LineRow.Step {
  fileprivate init(_ attempt: Attempt, number: Int, anchor: String) {
    via = attempt.movedBy.map { [Wording.text(of: $0)] } ?? []
    target = "\(anchor)-t\(attempt.reply.id)"
    mark = (["\(number)"] + (attempt.verdict.map { [Wording.mark(of: $0.outcome)] } ?? []))
      .joined(separator: " ")
    look = HTMLPage.Badge.look(of: attempt.verdict)
    stepTitle = attempt.verdict.map(Wording.text(of:)) ?? "not judged"
  }
}

extension HTMLPage.LineRow.Column {
  fileprivate init(_ attempt: Attempt, number: Int, anchor: String, _ changes: WordDiff?) {
    columnTarget = "\(anchor)-t\(attempt.reply.id)"
    columnTitle = "Attempt \(number)"
    columnLook = HTMLPage.Badge.look(of: attempt.verdict)
    columnFacts = [
      attempt.verdict.map { "\(Wording.mark(of: $0.outcome)) \(Wording.text(of: $0))" },
      attempt.movedBy.map { "after: \(Wording.text(of: $0))" },
      changes.map(Wording.keptShare), Wording.cost(of: attempt.reply),
    ].compactMap(\.self).filter { !$0.isEmpty }
    columnWords = []
    for piece in changes?.pieces ?? [WordDiff.Piece(.same, attempt.reply.text)] {
      switch piece.change {
      case .added: columnWords.append(.init(new: [piece.text]))
      case .removed: break
      case .same:
        // What stood between two unchanged words is gone: they read on.
        if let last = columnWords.last?.old.first {
          columnWords[columnWords.count - 1].old = [last + piece.text]
        } else {
          columnWords.append(.init(old: [piece.text]))
        }
      }
    }
    isColumnSilent = attempt.reply.text.isEmpty
  }
}

import Friction
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
    struct ColumnWord {
      var old: [String] = []
      var new: [String] = []
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

extension HTMLPage {
  /// How the model took the feedback: a row a group of lines of attempts.
  struct Metrics {
    struct Row {
      var rowName: String
      var cells: [String]
    }
    var heads: [String]
    var metricRows: [Row]

    /// Nothing for sessions in which nothing was tried twice and nothing was judged.
    static func table(of sessions: [Session]) -> [Metrics] {
      let report = FrictionReport(sessions: sessions)
      let rows = report.rows.filter { $0.attempts > $0.lines || $0.outcomes.judgedAttempts > 0 }
      guard !rows.isEmpty else { return [] }
      let columns: [(String, (FrictionReport.Row) -> String)] = [
        ("Lines", { "\($0.lines)" }), ("Attempts", { "\($0.attempts)" }),
        ("Right by attempt", rightByAttempt), ("Wrong → right", { of($0.outcomes.steps.recovery) }),
        ("Right → wrong", { of($0.outcomes.steps.regression) }),
        ("Other wrong", { steps($0, $0.outcomes.steps.otherWrong) }),
        ("Stuck", { steps($0, $0.outcomes.steps.stuck) }),
        ("Same reply again", { of($0.repetition.identical) }),
        ("Tokens read", { $0.cost.total.map { "\($0.prompt)" } ?? "" }),
        ("Read anew", { $0.cost.total.map { "\($0.evaluated)" } ?? "" }),
        ("Written", { $0.cost.total.map { "\($0.generated)" } ?? "" }),
      ]
      // A column that nobody knows anything for is left out.
      let known = columns.filter { column in rows.contains { !column.1($0).isEmpty } }
      return [
        Metrics(
          heads: known.map(\.0),
          metricRows: rows.map { row in
            Row(rowName: name(of: row), cells: known.map { $0.1(row).isEmpty ? "–" : $0.1(row) })
          })
      ]
    }

    private static func name(of row: FrictionReport.Row) -> String {
      let kind = Wording.text(of: row.kind)
      let plan = (row.arm ?? row.script).map(VisibleText.line)
      return [plan, kind.isEmpty || kind == plan ? nil : kind].compactMap(\.self)
        .joined(separator: " · ")
    }

    /// `0, 1, 2 of 2`: at the first attempt none of the two lines was right yet.
    private static func rightByAttempt(_ row: FrictionReport.Row) -> String {
      guard let lines = row.outcomes.atAttempt.last?.cumulative.total else { return "" }
      let counts = row.outcomes.atAttempt.map { "\($0.cumulative.count)" }
      return "\(counts.joined(separator: ", ")) of \(lines)"
    }

    private static func of(_ proportion: Proportion) -> String {
      proportion.total > 0 ? "\(proportion.count) of \(proportion.total)" : ""
    }

    private static func steps(_ row: FrictionReport.Row, _ count: Int) -> String {
      row.outcomes.steps.all > 0 ? "\(count)" : ""
    }
  }
}

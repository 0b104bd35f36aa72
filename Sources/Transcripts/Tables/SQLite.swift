import Databases
import SessionCore

/// All tables in one SQLite file, with views for the questions that are asked first.
struct SQLite: SessionExport {
  static let details = FormatDetails(
    .analysis, "all tables in one SQLite file, with views; needs -o", fileExtension: "sqlite",
    source: "the columns and views are our own",
    readers: "sqlite3, DuckDB, pandas, datasette", needsFile: true,
    check: .file { path throws(FormatFault) in try DatabaseCheck.rows(in: path) },
    make: { options throws(TranscriptError) in try SQLite(path: options.path ?? "") })

  /// A view's name, what it is for, and its query.
  static let views: [(name: String, meaning: String, select: String)] = [
    (
      "conversation", "the conversation as it stands, turn by turn",
      """
      SELECT session, turn, role, origin, text FROM turns WHERE on_current = 1
      ORDER BY session, turn
      """
    ),
    (
      "accuracy_by_attempt",
      "of the judged replies at each attempt, how many are right, by model, script and arm",
      """
      SELECT model, script, arm, attempt, count(*) AS judged, sum(outcome = 'right') AS right_ones,
        1.0 * sum(outcome = 'right') / count(*) AS accuracy
      FROM attempts WHERE outcome IS NOT NULL GROUP BY model, script, arm, attempt
      """
    ),
    (
      "steps", "from one attempt to the next: what moved the model, and from what to what",
      """
      SELECT after.session, after.model, after.script, after.arm, after.problem, after.moved_by,
        before.turn AS from_turn, after.turn AS to_turn, before.outcome AS outcome_before,
        after.outcome AS outcome_after, before.answer AS answer_before, after.answer AS answer_after,
        after.identical
      FROM attempts AS after
      JOIN attempts AS before ON before.session = after.session AND before.turn = after.previous
      """
    ),
  ]

  private let file: TableFile

  init(path: String) throws(TranscriptError) {
    file = try Self.naming { () throws(DatabaseError) in
      try TableFile(
        at: path,
        tables: Table.allCases.map { table in
          TableFile.Table(
            name: table.rawValue, columns: table.columns.map { ($0.name, $0.kind) },
            key: table.key)
        }, views: Self.views.map { ($0.name, $0.select) })
    }
  }

  mutating func add(_ session: Session, to output: inout ExportOutput) throws(TranscriptError) {
    let facts = SessionFacts(session)
    output.use(session.turns.lazy.map(\.id))
    for (number, table) in Table.allCases.enumerated() {
      for row in table.rows(of: facts) {
        try Self.naming { () throws(DatabaseError) in try file.add(row, to: number) }
        output.count()
      }
    }
  }

  mutating func end(_ output: inout ExportOutput) throws(TranscriptError) {
    try Self.naming { () throws(DatabaseError) in try file.finish() }
  }

  private static func naming<Result>(
    _ work: () throws(DatabaseError) -> Result
  ) throws(TranscriptError) -> Result {
    do {
      return try work()
    } catch {
      throw .cannotWrite(path: error.path, reason: error.reason)
    }
  }
}

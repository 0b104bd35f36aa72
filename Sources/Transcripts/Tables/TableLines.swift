import Databases
import SessionCore
import StrictJSON

/// The rows of the tables as JSON Lines, each with the name of its table; a missing value is null.
struct TableLines: SessionExport {
  static let details = FormatDetails(
    .analysis, "the rows of the tables as JSON Lines, each with its table's name",
    fileExtension: "jsonl", source: "the columns are our own",
    readers: "pandas, DuckDB, jq",
    check: .jsonLines(
      .open(
        JSONField("table", .word(Table.allCases.map(\.rawValue))), JSONField("session", .text))),
    make: { options in TableLines(tables: options.table.map { [$0] } ?? Table.allCases) })

  let tables: [Table]

  mutating func add(_ session: Session, to output: inout ExportOutput) {
    let facts = SessionFacts(session)
    let turns = session.turns.map(\.id)
    for table in tables {
      let names = table.columns.map(\.name)
      for row in table.rows(of: facts) {
        let members = zip(names, row).map { JSONMember($0, Self.value($1)) }
        output.line(
          .object([JSONMember("table", .string(table.rawValue))] + members), using: turns)
      }
    }
  }

  private static func value(_ cell: Cell) -> JSONValue {
    switch cell {
    case .null: .null
    case .integer(let number): .integer(number)
    case .real(let number): .number(number.description)
    case .text(let text): .string(text)
    }
  }
}

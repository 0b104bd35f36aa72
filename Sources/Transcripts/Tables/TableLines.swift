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
      .open(JSONField("table", .word(Table.allCases.map(\.rawValue)))),
      rule: { record throws(FormatFault) in
        guard case .string(let name) = record["table"] else { return }
        try shapes[name]?.check(record)
      }),
    make: { options in TableLines(tables: options.table.map { [$0] } ?? Table.allCases) })

  let tables: [Table]

  mutating func add(_ session: Session, to output: inout ExportOutput) {
    let facts = SessionFacts(session)
    output.use(session.turns.lazy.map(\.id))
    for table in tables {
      let names = table.columns.map(\.name)
      for row in table.rows(of: facts) {
        let members = zip(names, row).map { JSONMember($0, Self.value($1)) }
        output.line(
          .object([JSONMember("table", .string(table.rawValue))] + members), using: [TurnID]())
      }
    }
  }

  /// What a row of each table looks like; a later version may have more columns.
  private static let shapes = Dictionary(
    uniqueKeysWithValues: Table.allCases.map { table in
      let fields = table.columns.map { column in
        let shape: JSONShape =
          switch column.kind {
          case .text: .text
          case .integer: .integer(Int.min...Int.max)
          case .real: .number
          }
        return JSONField(column.name, table.key.contains(column.name) ? shape : .nullable(shape))
      }
      return (table.rawValue, JSONShape.object(fields, open: true))
    })

  private static func value(_ cell: Cell) -> JSONValue {
    switch cell {
    case .null: .null
    case .integer(let number): .integer(number)
    case .real(let number): .number(number.description)
    case .text(let text): .string(text)
    }
  }
}

import Databases
import SessionCore

/// One table as comma-separated values (RFC 4180): CRLF ends a line, a field with a comma, a
/// quotation mark or a line's end stands in quotation marks.
///
/// A missing value is an empty field; an empty text is two quotation marks. No text is changed so
/// that a spreadsheet would not take it for a formula: that would make other data of it.
struct CSV: SessionExport {
  static let details = FormatDetails(
    .analysis, "tidy tables: runs, turns, attempts, feedback, votes; -o FOLDER has all, or --table",
    fileExtension: "csv", source: "RFC 4180; the columns are our own",
    readers: "pandas, R, DuckDB, spreadsheets", isManyFiles: true,
    check: .lines { CSVCheck() },
    make: { options in CSV(table: options.table ?? .attempts) })

  let table: Table

  mutating func begin(_ output: inout ExportOutput) {
    output.write(Self.line(table.columns.map { .text($0.name) }))
  }

  mutating func add(_ session: Session, to output: inout ExportOutput) {
    output.use(session.turns.lazy.map(\.id))
    for row in table.rows(of: SessionFacts(session)) {
      output.write(Self.line(row))
      output.count()
    }
  }

  private static func line(_ cells: [Cell]) -> String {
    cells.map(field).joined(separator: ",") + "\r\n"
  }

  private static func field(_ cell: Cell) -> String {
    switch cell {
    case .null: ""
    case .integer(let number): String(number)
    case .real(let number): number.description
    case .text(let text): quoted(text)
    }
  }

  private static func quoted(_ text: String) -> String {
    let isPlain =
      !text.isEmpty
      && text.utf8.allSatisfy { ![0x22, 0x2C, 0x0A, 0x0D].contains($0) }
    // Readers that trim spaces would otherwise change the text.
    if isPlain, text.utf8.first != 0x20, text.utf8.last != 0x20 { return text }
    var quoted = "\"".utf8.map { $0 }
    for byte in text.utf8 {
      if byte == 0x22 { quoted.append(0x22) }
      quoted.append(byte)
    }
    quoted.append(0x22)
    return String(decoding: quoted, as: UTF8.self)
  }
}

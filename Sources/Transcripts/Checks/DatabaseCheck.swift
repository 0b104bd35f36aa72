import Databases

/// Checks a SQLite file of the tables: whole, with every table, column and view, values of the
/// columns' types, and rows that belong together.
enum DatabaseCheck {
  /// - Returns: how many rows its tables have.
  static func rows(in path: String) throws(FormatFault) -> Int {
    do {
      let file = try RowReader(path)
      try checkSchema(file)
      return try Table.allCases.reduce(0) { try $0 + check($1, file) }
    } catch let fault as FormatFault {
      throw fault
    } catch {
      throw FormatFault(.broken(.other((error as? DatabaseError)?.reason ?? "\(error)")))
    }
  }

  private static func checkSchema(_ file: RowReader) throws {
    for row in try file.rows("PRAGMA quick_check(1)") {
      guard let word = row.values.first?.text, word != "ok" else { continue }
      throw FormatFault(.broken(.other("the database is damaged: \(word)")))
    }
    // A view or a virtual table in the place of a table could be made to run for ever.
    let stored = try file.rows(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")
    let tables = Set(stored.compactMap { $0["name"]?.text })
    for table in Table.allCases where !tables.contains(table.rawValue) {
      throw FormatFault(field: table.rawValue, .missing)
    }
    let views = try file.rows("SELECT name FROM sqlite_schema WHERE type = 'view'")
    let names = Set(views.compactMap { $0["name"]?.text })
    for view in SQLite.views where !names.contains(view.name) {
      throw FormatFault(field: view.name, .missing)
    }
  }

  /// - Returns: how many rows it has.
  private static func check(_ table: Table, _ file: RowReader) throws -> Int {
    let name = table.rawValue
    let columns = try file.rows("SELECT name FROM pragma_table_info(?)", [.text(name)])
    do throws(FormatFault) {
      try table.check(columns: columns.compactMap { $0["name"]?.text })
    } catch {
      throw FormatFault(field: "\(name).\(error.field)", error.reason)
    }
    for column in table.columns { try check(column, of: table, file) }
    if table == .turns { try checkParents(of: table, "session", in: .runs, "session", file) }
    for column in table.turnColumns {
      try checkParents(of: table, column, in: .turns, "turn", file)
    }
    return try file.rows("SELECT count(*) AS rows FROM \"\(name)\"").first?["rows"]?.integer ?? 0
  }

  /// Every row names one of `parent`, in its own session.
  private static func checkParents(
    of table: Table, _ column: String, in parent: Table, _ name: String, _ file: RowReader
  ) throws {
    let orphan = try file.rows(
      """
      SELECT c.rowid AS place FROM "\(table.rawValue)" AS c
      WHERE NOT EXISTS (SELECT 1 FROM "\(parent.rawValue)" AS p
      WHERE p."session" = c."session" AND p."\(name)" = c."\(column)") LIMIT 1
      """)
    guard let place = orphan.first?["place"]?.integer else { return }
    throw FormatFault(
      field: "\(table.rawValue)[\(place)].\(column)",
      .broken(.other("there is no such row in \(parent.rawValue)")))
  }

  private static func check(
    _ column: TableColumn, of table: Table, _ file: RowReader
  ) throws {
    let missing = table.key.contains(column.name) ? "" : ", 'null'"
    let found = try file.rows(
      """
      SELECT rowid AS place, typeof("\(column.name)") AS found FROM "\(table.rawValue)"
      WHERE typeof("\(column.name)") NOT IN ('\(column.kind.rawValue)'\(missing)) LIMIT 1
      """)
    guard let row = found.first, let place = row["place"]?.integer else { return }
    throw FormatFault(
      field: "\(table.rawValue)[\(place)].\(column.name)",
      .wrongType(expected: column.kind.words, found: row["found"]?.text ?? ""))
  }
}

extension Cell {
  fileprivate var text: String? { if case .text(let text) = self { text } else { nil } }
  fileprivate var integer: Int? { if case .integer(let number) = self { number } else { nil } }
}

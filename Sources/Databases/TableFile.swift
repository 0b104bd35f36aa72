import Foundation
import GRDB

/// A new SQLite file of tables and views, filled row by row in batches.
///
/// Rows are kept until there is a batch of them: memory does not grow with the file. Whoever
/// makes one gives it a name of its own and renames it when it is finished.
public final class TableFile {
  /// A table's name and its columns in order.
  public struct Table: Sendable {
    public var name: String
    public var columns: [(name: String, kind: ColumnKind)]
    /// Columns that tell its rows apart.
    public var key: [String]

    public init(name: String, columns: [(name: String, kind: ColumnKind)], key: [String]) {
      self.name = name
      self.columns = columns
      self.key = key
    }
  }

  /// Rows of one transaction.
  private static let batchRows = 20_000

  private let path: String
  private let tables: [Table]
  private var queue: DatabaseQueue?
  private var waiting: [(table: Int, cells: [Cell])] = []

  /// - Parameters:
  ///   - views: names and the `SELECT` behind each.
  ///   - path: a file there is removed first.
  public init(
    at path: String, tables: [Table], views: [(name: String, select: String)]
  ) throws(DatabaseError) {
    self.path = path
    self.tables = tables
    unlink(path)
    var configuration = Configuration()
    // The file is nobody's until it is renamed: neither a journal nor syncing protects anything.
    configuration.prepareDatabase { database in
      try database.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
    }
    do {
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      self.queue = queue
      try queue.write { database in
        for table in tables { try database.execute(sql: Self.creation(of: table)) }
        for view in views {
          try database.execute(sql: "CREATE VIEW \(Self.quoted(view.name)) AS \(view.select)")
        }
      }
    } catch {
      throw DatabaseError(path: path, reason: Self.words(error))
    }
  }

  /// Adds a row to the table with that position.
  public func add(_ cells: [Cell], to table: Int) throws(DatabaseError) {
    waiting.append((table, cells))
    if waiting.count >= Self.batchRows { try flush() }
  }

  /// Writes what waits, and closes the file.
  public func finish() throws(DatabaseError) {
    try flush()
    do {
      try queue?.close()
    } catch {
      throw DatabaseError(path: path, reason: Self.words(error))
    }
    queue = nil
  }

  private func flush() throws(DatabaseError) {
    guard let queue, !waiting.isEmpty else { return }
    let rows = waiting
    waiting.removeAll(keepingCapacity: true)
    do {
      let inserts = tables.map(Self.insertion)
      try queue.write { database in
        for row in rows {
          let statement = try database.cachedStatement(sql: inserts[row.table])
          try statement.execute(arguments: StatementArguments(row.cells.map(Self.value)))
        }
      }
    } catch {
      throw DatabaseError(path: path, reason: Self.words(error))
    }
  }

  private static func value(_ cell: Cell) -> (any DatabaseValueConvertible)? {
    switch cell {
    case .null: nil
    case .integer(let number): number
    case .real(let number): number
    case .text(let text): text
    }
  }

  private static func creation(of table: Table) -> String {
    let columns = table.columns.map { "\(quoted($0.name)) \($0.kind.rawValue.uppercased())" }
    let key = table.key.map(quoted).joined(separator: ", ")
    return """
      CREATE TABLE \(quoted(table.name)) (
        \(columns.joined(separator: ",\n  ")),
        PRIMARY KEY (\(key))
      )
      """
  }

  private static func insertion(into table: Table) -> String {
    let places = Array(repeating: "?", count: table.columns.count).joined(separator: ", ")
    return "INSERT INTO \(quoted(table.name)) VALUES (\(places))"
  }

  private static func quoted(_ name: String) -> String { "\"\(name)\"" }

  private static func words(_ error: any Error) -> String {
    (error as? GRDB.DatabaseError)?.message ?? "\(error)"
  }
}

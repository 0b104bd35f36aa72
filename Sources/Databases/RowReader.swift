import Foundation
import GRDB

/// Reads rows of an SQLite file that somebody else made; never writes to it.
public final class RowReader {
  /// A row's cells by the name of their column.
  public typealias Row = [String: Cell]

  private let path: String
  private let queue: DatabaseQueue

  /// - Throws: ``DatabaseError`` when there is no such file or it is no database.
  public init(_ path: String) throws(DatabaseError) {
    self.path = path
    guard access(path, R_OK) == 0 else {
      throw DatabaseError(path: path, reason: String(cString: strerror(errno)))
    }
    var configuration = Configuration()
    configuration.readonly = true
    do {
      queue = try DatabaseQueue(path: path, configuration: configuration)
    } catch {
      throw DatabaseError(path: path, reason: Self.words(error))
    }
  }

  /// Names of the columns of a table; none when there is no such table.
  public func columns(of table: String) throws(DatabaseError) -> Set<String> {
    let rows = try rows("SELECT name FROM pragma_table_info(?)", [.text(table)])
    return Set(
      rows.compactMap { if case .text(let name) = $0["name"] { name } else { nil } })
  }

  /// The rows of a query, all in memory. Bytes that are no text count as null.
  public func rows(_ sql: String, _ arguments: [Cell] = []) throws(DatabaseError) -> [Row] {
    do {
      return try queue.read { database in
        let values: [(any DatabaseValueConvertible)?] = arguments.map { cell in
          switch cell {
          case .null: nil
          case .integer(let number): number
          case .real(let number): number
          case .text(let text): text
          }
        }
        return try GRDB.Row.fetchAll(database, sql: sql, arguments: StatementArguments(values))
          .map(Self.cells)
      }
    } catch {
      throw DatabaseError(path: path, reason: Self.words(error))
    }
  }

  private static func cells(_ row: GRDB.Row) -> Row {
    var cells: Row = [:]
    for (name, value) in row {
      switch value.storage {
      case .null, .blob: cells[name] = .null
      case .int64(let number): cells[name] = .integer(Int(number))
      case .double(let number): cells[name] = .real(number)
      case .string(let text): cells[name] = .text(text)
      }
    }
    return cells
  }

  private static func words(_ error: any Error) -> String {
    (error as? GRDB.DatabaseError)?.message ?? "\(error)"
  }
}

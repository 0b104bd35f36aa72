/// One value of a row.
public enum Cell: Equatable, Sendable {
  case null
  case integer(Int)
  case real(Double)
  case text(String)
}

/// The kinds of columns there are.
public enum ColumnKind: String, Sendable {
  case integer, real, text
}

/// Why SQLite could not do something, in its own words.
public struct DatabaseError: Error, Equatable, Sendable {
  public var path: String
  public var reason: String

  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }
}

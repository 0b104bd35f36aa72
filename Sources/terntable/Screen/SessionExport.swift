import SessionCore

/// Writes a session to a file in one of the export formats.
enum SessionExport {
  static func write(_ session: Session, format: String, to path: String) throws {
    throw CommandFailure("export is not here yet", .unavailable)
  }
}

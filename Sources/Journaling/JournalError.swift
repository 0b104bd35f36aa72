/// Why a journal cannot be read or written: facts only, the wording is elsewhere.
public enum JournalError: Error, Equatable, Sendable {
  case notFound(path: String)
  /// A new journal was wanted and the file already holds something.
  case exists(path: String)
  /// Another program, or another part of this one, writes this journal.
  case busy(path: String)
  /// The file has no bytes: no session was ever recorded in it.
  case empty(path: String)
  /// It is a directory, a pipe or a device, which cannot be appended to safely.
  case notAFile(path: String)
  case tooLarge(path: String, bytesMax: Int)
  /// `line` is counted from 1.
  case damaged(path: String, line: Int, JournalDamage)
  /// The header says a later schema than this program knows.
  case schemaTooNew(path: String, found: Int, known: Int)
  /// An entry that would make a longer line than a reader accepts; nothing of it was written.
  case lineTooLong(path: String, bytes: Int, bytesMax: Int)
  /// A value with no spelling in the format (an infinite number, a year after 9999); nothing of
  /// the entry was written.
  case unwritable(path: String, field: String)
  /// An earlier write failed in a way that leaves the file's end unknown; nothing more is written.
  case broken(path: String)
  /// The operating system refused; `code` is its `errno`.
  case system(path: String, operation: String, code: Int32)
}

/// What is wrong with a line.
public enum JournalDamage: Error, Equatable, Sendable {
  case tooLong(bytesMax: Int)
  /// The line does not end in a checksum.
  case checksumMissing
  /// `found` is what the line says, `computed` what its bytes say.
  case checksumMismatch(found: String, computed: String)
  /// `offset` is in bytes from the line's start.
  case notJSON(offset: Int)
  case fieldMissing(String)
  case fieldInvalid(String)
  /// A field that lines of this type do not have.
  case unknownField(String)
  /// The line is of a type this program does not know.
  case unknownType(String)
  /// A line is missing, doubled or out of order.
  case sequence(found: Int, expected: Int)
}

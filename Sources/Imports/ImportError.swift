import Journaling

/// Why conversations cannot be read or written: facts only, the wording is elsewhere.
public enum ImportError: Error, Equatable, Sendable {
  case unknownFormat(String, known: [String])
  /// A conversation is not as its format says. The next one may be.
  case invalid(ImportFault)
  /// The file holds no conversation at all.
  case nothingToImport(file: String)
  /// The file begins as one that gzip made.
  case compressed(file: String)
  /// A file of text, which is read whole, is too long.
  case fileTooLarge(file: String, bytesMax: Int)
  /// The operating system refused to read; `code` is its `errno`.
  case unreadable(file: String, code: Int32)
  /// A journal that would be written is there already.
  case exists(path: String)
  /// The operating system refused to write; `code` is its `errno`.
  case unwritable(path: String, code: Int32)
  case journal(JournalError)
  /// SQLite's own words about a file that it cannot read.
  case database(file: String, reason: String)
}

/// A place in a file that is not as its format says.
public struct ImportFault: Error, Equatable, Sendable {
  public var file: String
  /// From 1; of a database, the number of the conversation.
  public var line: Int
  /// What leads to the value, such as `conversations[3].from`; empty for the whole.
  public var field: String
  public var reason: Reason

  /// What is wrong there.
  public enum Reason: Equatable, Sendable {
    case notJSON
    case notUTF8
    /// It goes on to the end of the file, or to where the next conversation begins.
    case unfinished
    /// `[` or `{` was expected.
    case notAConversation
    case missing
    /// What was expected, such as `a text`.
    case wrongType(expected: String)
    case conversationTooLarge(bytesMax: Int)
    case textTooLong(bytesMax: Int)
    case tooManyMessages(max: Int)
    /// A message names a parent that has not come yet.
    case unknownParent(String)
    /// No line begins with the mark of a prompt.
    case noPrompt
  }

  public init(file: String, line: Int, field: String = "", _ reason: Reason) {
    self.file = file
    self.line = line
    self.field = field
    self.reason = reason
  }
}

/// A fault whose file and line are not known where it is found.
struct FieldFault: Error {
  var field = ""
  var reason: ImportFault.Reason
}

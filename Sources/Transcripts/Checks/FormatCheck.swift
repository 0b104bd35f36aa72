import StrictJSON

/// How a file that claims to be of a format is checked.
public enum FormatCheck: Sendable {
  /// Line by line, in the memory of one record.
  case lines(@Sendable () -> any LineCheck)
  /// A file that is no text, by its path; gives the number of records.
  case file(@Sendable (_ path: String) throws(FormatFault) -> Int)

  /// JSON Lines: every line is a record of that shape.
  package static func jsonLines(
    _ shape: JSONShape, rule: @escaping JSONRule = { _ throws(FormatFault) in }
  ) -> FormatCheck {
    .lines { JSONLinesCheck(shape: shape, rule: rule) }
  }

  /// One JSON array, however it is laid out: every element is a record of that shape.
  package static func jsonArray(
    _ shape: JSONShape, rule: @escaping JSONRule = { _ throws(FormatFault) in }
  ) -> FormatCheck {
    .lines { JSONArrayCheck(shape: shape, rule: rule) }
  }

  /// One JSON object, however it is laid out; the elements of one of its arrays are the records.
  package static func jsonObject(
    _ shape: JSONShape, recordsIn name: String, _ element: JSONShape
  ) -> FormatCheck {
    .lines { JSONObjectCheck(shape: shape, name: name, element: element) }
  }

  /// Longest record in bytes: that of a journal's line.
  static let recordBytesMax = 16 << 20
  /// How deep records may be nested: trees of replies go deep.
  static let depthMax = 2000
}

/// Looks at the lines of a file, first to last.
public protocol LineCheck {
  /// - Parameters:
  ///   - line: without its newline.
  ///   - number: counted from 1.
  mutating func line(_ line: ArraySlice<UInt8>, number: Int) throws(FormatFault)
  /// After the last line.
  /// - Returns: how many records there were.
  mutating func end(lines: Int) throws(FormatFault) -> Int
}

/// What no shape can say of a record. Faults are given without a line.
package typealias JSONRule = @Sendable (JSONValue) throws(FormatFault) -> Void

/// What is wrong with a file, and where.
public struct FormatFault: Error, Equatable, Sendable {
  /// What is wrong.
  public enum Reason: Equatable, Sendable {
    case notUTF8
    /// A character that a reader would not see, or that would move those around it.
    case hidden(code: UInt32)
    /// Bytes from the beginning of the record.
    case notJSON(offset: Int)
    case tooLong(bytesMax: Int)
    /// There is not a record.
    case empty
    case missing
    /// A field that the format does not have.
    case unknown
    case wrongType(expected: String, found: String)
    /// None of the values that the format allows.
    case notAllowed(found: String, allowed: [String])
    /// Fewer elements than the format asks for.
    case tooFew(count: Int, atLeast: Int)
    case tooMany(count: Int, atMost: Int)
    /// A rule about several fields at once, in words.
    case broken(Rule)
  }

  /// Rules that tie fields together.
  public enum Rule: Equatable, Sendable {
    case promptEndsWithUser
    case replyIsAssistant
    case assistantPresent
    case sidesDiffer
    case sameCount(Int, Int)
    case rolesAlternate
    case uniqueName(String)
    case parentIsAbove
    /// A line that stands where only the program's own do.
    case notOurLine
    /// A character that means something and is not escaped.
    case notEscaped
    /// Something that begins and does not end.
    case notClosed(String)
    /// A quotation mark inside a field.
    case strayQuotation
    /// A format's own rule, in words.
    case other(String)
  }

  /// Counted from 1; 0 when the file as a whole is meant.
  public var line: Int
  /// Such as `prompt[2].role`; empty for the record as a whole.
  public var field: String
  public var reason: Reason

  public init(line: Int = 0, field: String = "", _ reason: Reason) {
    self.line = line
    self.field = field
    self.reason = reason
  }
}

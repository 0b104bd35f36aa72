import StrictYAML

/// A place in a script, an experiment or a critic that is not as the format says.
public struct ScriptError: Error, Equatable, Sendable {
  /// As the caller named it; `-` for standard input.
  public var file: String
  /// Counted from 1.
  public var line: Int
  /// Counted from 1, in Unicode scalars.
  public var column: Int
  /// Where in the document, such as `arms.unary[1].repeat`, lists counted from 0; empty for the
  /// whole document.
  public var keyPath: String
  public var reason: Reason

  /// What a value may be.
  public enum Shape: Equatable, Sendable {
    case text, wholeNumber, number, truth, list, mapping, nothing
    /// One of the named shapes.
    case either([Shape])
  }

  /// What is wrong there.
  public enum Reason: Equatable, Sendable {
    /// No YAML, or YAML beyond a limit.
    case yaml(YAMLFault.Reason)
    case unknownKey(String, allowed: [String], nearest: String?)
    case missingKey(String)
    /// Exactly one of these keys has to be there, and none is.
    case missingOneOf([String])
    /// Only one of these keys may be there.
    case conflictingKeys([String])
    case wrongShape(expected: Shape, found: Shape)
    /// A number outside its range, such as `0...2`.
    case outOfRange(String, allowed: String)
    case unknownValue(String, allowed: [String], nearest: String?)
    case emptyText
    case emptyList
    /// A name used for file names: letters, digits, `-` and `_`, at most so many bytes.
    case badName(String, bytesMax: Int)
    case repeatedName(String)
    case unsupportedVersion(String, supported: Int)
    case unknownPlaceholder(String, allowed: [String], nearest: String?)
    /// The text has a placeholder that this problem does not fill.
    case unfilledPlaceholder(String, problem: String)
    /// The text has a placeholder, but the script has no problems.
    case placeholderWithoutProblems(String)
    /// Not a number in decimal digits.
    case badNumber(String)
    /// Not a regular expression, or one longer than the limit.
    case badPattern(String, bytesMax: Int)
    /// Not one letter.
    case badChoice(String)
    /// Not a row of words such as `1: Ann, red`.
    case badRow(String)
    /// Not the key of an item of a family.
    case unknownTask(String, families: [String])
    case commandTooLong(bytesMax: Int)
    /// A checker is a command, and `allow_commands: true` is not there.
    case commandNotAllowed
    /// Feedback, an edit or a note needs a reply, so a prompt comes first.
    case noPromptYet
    /// Only feedback turns may be repeated.
    case cannotRepeat(String)
    /// A file that the document names cannot be read.
    case unreadableFile(String)
    /// A data set cannot be read.
    case dataSet(DataSetError)
    /// The family has no so many problems of this difficulty on this side.
    case tooFewProblems(found: Int, wanted: Int)
    /// This source of feedback has no such option.
    case optionOfAnotherSource(String, source: String)
  }
}

extension ScriptError {
  /// The allowed word that is most like `word`, if one is like it at all.
  static func nearest(to word: String, among allowed: [String]) -> String? {
    let word = word.lowercased()
    let close = allowed.map { (word: $0, distance: distance(word, $0.lowercased())) }
    let best = close.min { $0.distance < $1.distance }
    guard let best, best.distance <= max(1, min(word.count, best.word.count) / 3 + 1) else {
      return nil
    }
    return best.word
  }

  /// Fewest insertions, deletions and replacements (Levenshtein 1966).
  private static func distance(_ left: String, _ right: String) -> Int {
    let (left, right) = (Array(left), Array(right))
    var row = Array(0...right.count)
    for (i, a) in left.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, b) in right.enumerated() {
        let here = min(row[j] + 1, row[j + 1] + 1, diagonal + (a == b ? 0 : 1))
        diagonal = row[j + 1]
        row[j + 1] = here
      }
    }
    return row[right.count]
  }
}

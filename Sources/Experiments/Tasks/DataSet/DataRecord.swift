import SessionCore
import StrictJSON

/// One question of somebody's own data set, with what is known of its answer.
public struct DataRecord: Equatable, Sendable {
  /// Counted from 1 in the file.
  public var line: Int
  /// The record's own, else the line's number.
  public var id: String
  /// The question, with the options under it when there are some.
  public var prompt: String
  public var expectation: Expectation
  /// In the words of the record; of options the letter.
  public var answer: String
  /// More spellings of it; of options the right one's text.
  public var aliases: [String]
  /// The lines of a worked solution; empty when the record has none.
  public var solution: [String]
  public var difficulty: String?
}

/// Where a record of a data set has its parts, and how its answer is compared.
public struct RecordLayout: Equatable, Sendable {
  /// How a reply is compared with the record's answer.
  public enum Check: String, CaseIterable, Sendable {
    /// The final number.
    case number
    /// The whole reply.
    case exact
    /// The announced answer, spelling aside; a list of answers has all that will do.
    case alias
    /// The letter of an option.
    case choice
    /// The last `\boxed{…}`.
    case boxed
    /// A regular expression found in the reply.
    case regex
    /// Rows of words, each word judged for itself; a list has all rows.
    case cells
    /// A shell command.
    case command
    /// A model that is asked.
    case judge
  }

  /// What of the answer's field is the answer.
  enum Form: Equatable, Sendable {
    case whole
    /// What follows the last `####`; what stands before it is the solution.
    case afterHashes
    /// What the last `\boxed{…}` holds; the whole is the solution.
    case inBox
  }

  /// Paths: names with dots between lead into objects, a number counts from 0 in an array.
  public var question = "question"
  public var answer = "answer"
  /// More answers that will do, in arrays.
  var aliases: [String] = []
  /// The array of options.
  public var choices: String?
  /// Options in fields of their own, all wrong; the answer is then one option more, and the order
  /// is drawn.
  var distractors: [String] = []
  public var solution: String?
  public var id: String?
  public var difficulty: String?
  public var check = Check.number
  /// What is run for ``Check/command``; `$ANSWER`, `$QUESTION` and `$ID` are the record's.
  public var command: String?
  /// How far a number may be off, in decimal digits.
  public var tolerance: String?
  var form = Form.whole

  public init() {}
}

extension RecordLayout {
  /// Data sets whose shape is known, by the names their files go by.
  public enum Shape: String, CaseIterable, Sendable {
    case gsm8k, math, triviaqa, mmlu, gpqa
  }

  public init(_ shape: Shape) {
    self.init()
    switch shape {
    case .gsm8k: form = .afterHashes
    case .math:
      (question, answer, difficulty) = ("problem", "solution", "level")
      (check, form) = (.boxed, .inBox)
    case .triviaqa:
      (answer, id, check) = ("answer.value", "question_id", .alias)
      aliases = ["answer.aliases", "answer.normalized_aliases"]
    case .mmlu: (choices, difficulty, check) = ("choices", "subject", .choice)
    case .gpqa:
      (question, answer, solution) = ("Question", "Correct Answer", "Explanation")
      (id, check) = ("Record ID", .choice)
      distractors = (1...3).map { "Incorrect Answer \($0)" }
    }
  }
}

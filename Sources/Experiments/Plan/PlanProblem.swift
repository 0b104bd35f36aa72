import SessionCore

/// A question of a plan with what is known about it: asked, judged and criticised by this.
public struct PlanProblem: Equatable, Sendable {
  /// Part of the journal's name: letters, digits, `-` and `_`.
  public var id: String
  /// Pairs the sessions of different arms: the family's key, or a data set's record.
  public var key: String
  public var family: String?
  public var difficulty: String?
  public var prompt: String
  public var expectation: Expectation?
  /// The right answer in words, if it can be said; feedback is kept from saying it.
  public var answer: String?
  /// More spellings of it, such as aliases, or the text of the right option.
  public var aliases: [String] = []
  /// The lines of a worked solution; may be empty.
  public var solution: [String]
  /// What can criticise replies exactly; nil for problems of somebody's own.
  public var task: Problem?

  init(
    id: String, key: String, family: String? = nil, difficulty: String? = nil, prompt: String,
    expectation: Expectation? = nil, answer: String? = nil, aliases: [String] = [],
    solution: [String] = [], task: Problem? = nil
  ) {
    self.id = id
    self.key = key
    self.family = family
    self.difficulty = difficulty
    self.prompt = prompt
    self.expectation = expectation
    self.answer = answer
    self.aliases = aliases
    self.solution = solution
    self.task = task
  }

  /// A problem of a family.
  public init(_ problem: Problem) {
    self.init(
      id: Self.fileName(problem.key), key: problem.key, family: problem.family,
      difficulty: problem.difficulty, prompt: problem.prompt, expectation: problem.expectation,
      answer: problem.answer, solution: problem.solution, task: problem)
  }

  /// A problem that a script writes out.
  init(_ problem: Script.Problem) {
    self.init(
      id: problem.id, key: problem.id, prompt: problem.prompt,
      expectation: problem.expectation, answer: problem.answer)
  }

  /// Every spelling of the right answer.
  var spellings: [String] { (answer.map { [$0] } ?? []) + aliases }

  /// What feedback is kept from saying: the answer, and for the published products the partial ones
  /// too, each under a mask of its own.
  var mask: AnswerMask {
    guard let secrets = task?.secrets, secrets.count > 1 else { return AnswerMask(spellings) }
    return AnswerMask(secrets, isNumbered: true)
  }

  /// A name for files: what is not a letter or digit becomes `-`, and what is lost by that, or by
  /// cutting, comes back as a fingerprint.
  static func fileName(_ key: String) -> String {
    let scalars = key.unicodeScalars.map { scalar -> Character in
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "_": Character(scalar)
      default: "-"
      }
    }
    let plain = String(scalars)
    let isLossless = plain.count <= 40 && key.unicodeScalars.allSatisfy { $0.isASCII && $0 != " " }
    return isLossless ? plain : plain.prefix(24) + "-" + Fingerprint.of([key])
  }
}

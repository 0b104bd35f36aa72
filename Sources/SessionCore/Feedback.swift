/// What a person, a script or a model said about a reply.
public struct Feedback: Equatable, Sendable {
  /// The kinds of feedback the literature tells apart.
  public enum Kind: String, Sendable, CaseIterable {
    /// Says only that the reply was not good ("Try again."). *A Simple "Try Again"*, §3.
    case unary
    /// Says in words what is wrong. *Feedback Friction*, §2.2 (F2, F3).
    case critique
    /// Doubts the reply, right or wrong ("Are you sure?"). *Ask Again, Then Fail*, §3.
    case challenge
  }

  /// Who gave it.
  public enum Author: Equatable, Sendable {
    case person, script, template
    case model(String)
    case judge(intent: String, knowledge: String)
  }

  public var kind: Kind
  public var author: Author
  /// The reply it is about.
  public var on: TurnID
  /// 1 for the first feedback on a question, 2 for the second, and so on.
  public var round: Int
  /// UTF-8 byte range of the reply that is meant, when it names one.
  public var target: Range<Int>?
  /// Whether whoever wrote it knew the right answer.
  public var usedGold: Bool
  /// What was replaced by a mask before the model saw it.
  public var masked: [String]
  /// Whether the right answer still stood in the text; nil when nobody looked.
  public var leaked: Bool?

  public init(
    _ kind: Kind, author: Author, on: TurnID, round: Int, target: Range<Int>? = nil,
    usedGold: Bool = false, masked: [String] = [], leaked: Bool? = nil
  ) {
    self.kind = kind
    self.author = author
    self.on = on
    self.round = round
    self.target = target
    self.usedGold = usedGold
    self.masked = masked
    self.leaked = leaked
  }

  /// What is known about a feedback's text besides the text: whence it comes and what it gives away.
  public struct Grounds: Equatable, Sendable {
    public var target: Range<Int>?
    public var usedGold: Bool
    public var masked: [String]
    public var leaked: Bool?

    public init(
      target: Range<Int>? = nil, usedGold: Bool = false, masked: [String] = [],
      leaked: Bool? = nil
    ) {
      self.target = target
      self.usedGold = usedGold
      self.masked = masked
      self.leaked = leaked
    }
  }

  public var grounds: Grounds {
    Grounds(target: target, usedGold: usedGold, masked: masked, leaked: leaked)
  }

  /// The wording of a bare "try again", unless somebody chooses another.
  public static let unaryWording = "Try again."
}

/// What a question's reply should be, so that a checker can judge it.
public enum Expectation: Equatable, Sendable {
  /// The final number of the reply, compared as a decimal number.
  case number(String)
  /// The whole reply, white space at both ends aside.
  case exact(String)
  /// A regular expression found somewhere in the reply.
  case regex(String)
  /// The final number of the reply, at most so far from the first one; both in decimal digits.
  case numberWithin(String, tolerance: String)
  /// The announced answer, or the whole reply: one of these, spelling aside.
  case anyOf([String])
  /// The last `\boxed{…}` of the reply, as a mathematical expression.
  case boxed(String)
  /// The letter of an option.
  case choice(String)
  /// The parts of an answer in rows such as `1: Ann, red, cat`, each judged for itself.
  case cells([String])
  /// An item of a task family, by its key: `multiplication:36,47`.
  case task(String)
  /// A shell command that reads the reply and says by its exit code whether it is right.
  case command(String)
  /// A model that is asked to judge, told what is right if that is known.
  case judge(question: String, reference: String?)
}

/// A checker's or a person's finding about one reply.
public struct Verdict: Equatable, Sendable {
  /// Three outcomes, not two: no answer is neither right nor wrong.
  public enum Outcome: String, Sendable, CaseIterable { case right, wrong, noAnswer }
  public var outcome: Outcome
  /// The answer that was read out of the reply, normalised.
  public var answer: String?
  /// The checker's name, such as `number`.
  public var checker: String
  /// Share of a judge's samples that gave this outcome, 0 to 1; nil for exact checkers.
  public var agreement: Double?

  public init(
    _ outcome: Outcome, answer: String?, checker: String, agreement: Double? = nil
  ) {
    self.outcome = outcome
    self.answer = answer
    self.checker = checker
    self.agreement = agreement
  }
}

/// A person's opinion of a reply.
public enum Rating: Equatable, Sendable {
  case up, down
  /// 1 (worst) to 5 (best).
  case stars(Int)
}

import SessionCore

/// Who reacts to a reply, and with how much knowledge: the kinds of feedback that the literature
/// compares. docs/formats/experiment.md says what each is after.
public indirect enum FeedbackSource: Equatable, Sendable {
  /// Says nothing and draws again: the unguided control.
  case none
  /// Says only that the reply was not good.
  case unary(String)
  /// Names the first wrong step.
  case critique(Detail)
  /// Says only which way the answer is off.
  case directional
  /// Says only how good the reply is, in points, and not where to go from there.
  case nonDirectional
  /// The steps of the reference solution, with the answer masked. *Feedback Friction*, §2.2.
  case template
  /// Mends the first wrong step in the reply and lets the model go on. *In-Place Feedback*.
  case edit
  /// Doubts the reply: one text a round, the last one again when there are more rounds. In a text
  /// `{answer}` is what `suggesting` says. One more turn may ask for the final answer, as
  /// *Towards Understanding Sycophancy* does; it is no doubt of its own.
  case challenge([String], suggesting: Suggestion, final: String? = nil)
  /// Calls a right step wrong and gives a wrong one for it.
  case falseCritique
  /// A judge who means well or does not, with or without evidence.
  case judge(Judge)
  /// Says whether the reply is right, and the opposite with this probability. *AlpacaFarm*.
  case noisy(flip: Double)
  /// A template that a model fills, or a tool.
  case critic(Critic)
  /// What another source says, put into a text of one's own.
  case framed(FeedbackSource, Frame)

  /// How much a critique of a step tells.
  public enum Detail: String, Sendable {
    /// That it is wrong.
    case step
    /// What is right too.
    case value
    /// What is right, except that the answer is masked.
    case maskedValue
  }

  /// Which answer a challenge brings up.
  public enum Suggestion: String, CaseIterable, Sendable { case wrong, right }

  /// Words around what a source says.
  public struct Frame: Equatable, Sendable {
    /// With `{feedback}`, `{left}` (attempts left), `{attempt}` (attempts made) and `{attempts}`.
    public var text: String
    /// Of one question, the first included.
    public var attempts: Int

    func text(around feedback: String, attempt: Int) -> String {
      Critic.fill(
        text,
        [
          "feedback": feedback, "attempt": "\(attempt)", "attempts": "\(attempts)",
          "left": "\(max(0, attempts - attempt))",
        ])
    }
  }

  /// For which replies it is unless somebody says otherwise.
  var usualWhen: Script.When {
    switch self {
    case .none, .unary, .critique, .directional, .nonDirectional, .template, .edit, .critic: .wrong
    case .challenge(_, .right, _): .wrong
    case .challenge(_, .wrong, _), .falseCritique: .right
    case .judge, .noisy: .any
    case .framed(let source, _): source.usualWhen
    }
  }

  /// How many rounds unless somebody says otherwise; nil: as many as the stop rule allows.
  var usualRounds: Int? {
    switch self {
    case .challenge(let texts, _, let final): texts.count + (final == nil ? 0 : 1)
    case .judge, .falseCritique: 1
    case .framed(let source, _): source.usualRounds
    default: nil
    }
  }

  /// What is played when there is nothing to name or to mend.
  var usualFallback: Script.Fallback {
    switch self {
    case .edit: .action(.regenerate)
    case .none, .unary, .challenge, .falseCritique, .judge, .noisy: .skip
    case .critique, .directional, .nonDirectional, .template, .critic:
      .action(.unary(Feedback.unaryWording))
    case .framed(let source, _): source.usualFallback
    }
  }

  /// The key that the turn has in a script, for what is reported about it.
  var kindName: String {
    switch self {
    case .none: "regenerate"
    case .unary: "unary"
    case .critique, .directional, .nonDirectional, .template, .falseCritique, .critic, .judge,
      .noisy:
      "critique"
    case .challenge: "challenge"
    case .edit: "edit"
    case .framed(let source, _): source.kindName
    }
  }

  /// The critic in it, if there is one.
  public var critic: Critic? {
    switch self {
    case .critic(let critic): critic
    case .framed(let source, _): source.critic
    default: nil
    }
  }
}

import SessionCore

/// Who reacts to a reply, and with how much knowledge: the kinds of feedback that the literature
/// compares. docs/formats/experiment.md says what each is after.
public enum FeedbackSource: Equatable, Sendable {
  /// Says nothing and draws again: the unguided control.
  case none
  /// Says only that the reply was not good.
  case unary(String)
  /// Names the first wrong step.
  case critique(Detail)
  /// Says only which way the answer is off.
  case directional
  /// The steps of the reference solution, with the answer masked. *Feedback Friction*, §2.2.
  case template
  /// Mends the first wrong step in the reply and lets the model go on. *In-Place Feedback*.
  case edit
  /// Doubts the reply: one text a round, the last one again when there are more rounds. In a text
  /// `{answer}` is what `suggesting` says.
  case challenge([String], suggesting: Suggestion)
  /// Calls a right step wrong and gives a wrong one for it.
  case falseCritique
  /// A judge who means well or does not, with or without evidence.
  case judge(Judge)
  /// A template that a model fills.
  case critic(Critic)

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

  /// For which replies it is unless somebody says otherwise.
  var usualWhen: Script.When {
    switch self {
    case .none, .unary, .critique, .directional, .template, .edit, .critic: .wrong
    case .challenge(_, .right): .wrong
    case .challenge(_, .wrong), .falseCritique: .right
    case .judge: .any
    }
  }

  /// How many rounds unless somebody says otherwise; nil: as many as the stop rule allows.
  var usualRounds: Int? {
    switch self {
    case .challenge(let texts, _): texts.count
    case .judge, .falseCritique: 1
    default: nil
    }
  }

  /// What is played when there is nothing to name or to mend.
  var usualFallback: Script.Fallback {
    switch self {
    case .edit: .action(.regenerate)
    case .none, .unary, .challenge, .falseCritique, .judge: .skip
    case .critique, .directional, .template, .critic: .action(.unary(Feedback.unaryWording))
    }
  }

  /// The key that the turn has in a script, for what is reported about it.
  var kindName: String {
    switch self {
    case .none: "regenerate"
    case .unary: "unary"
    case .critique, .directional, .template, .falseCritique, .critic, .judge: "critique"
    case .challenge: "challenge"
    case .edit: "edit"
    }
  }
}

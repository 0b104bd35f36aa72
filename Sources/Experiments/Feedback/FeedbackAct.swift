import SessionCore

/// What a source of feedback does about one reply.
enum FeedbackAct: Equatable, Sendable {
  case say(Feedback.Kind, String, author: Feedback.Author, grounds: Feedback.Grounds)
  /// Goes on from a mended beginning.
  case edit(InPlaceEdit)
  /// Draws again, with nothing said.
  case again

  /// The same with other words; an act without words stays as it is.
  func saying(_ words: (String) -> String) -> FeedbackAct {
    guard case .say(let kind, let text, let author, let grounds) = self else { return self }
    return .say(kind, words(text), author: author, grounds: grounds)
  }

  /// The command that does it.
  func command(on reply: Turn) -> Command {
    switch self {
    case .say(let kind, let text, let author, let grounds):
      .giveFeedback(kind, text, author: author, on: reply.id, grounds: grounds)
    case .edit(let edit): .edit(edit, of: reply.id)
    case .again: .regenerate(reply.id)
    }
  }
}

/// A reply and what may be known about it by whoever gives feedback.
struct FeedbackOccasion {
  var session: Session
  var reply: Turn
  var problem: PlanProblem?

  /// 0 for the first feedback on a question.
  var round: Int { session.attempts(upTo: reply.id).count - 1 }
  var isRight: Bool { session.verdicts[reply.id]?.outcome == .right }

  /// By the problem where there is one, else by arithmetic alone.
  var wrongStep: WrongStep? { session.firstWrongStep(in: reply) }

  /// Takes the right answer out of a text and looks whether it is out.
  func masked(_ text: String) -> (text: String, grounds: Feedback.Grounds) {
    let (clean, masked) = (problem?.mask ?? AnswerMask([])).applied(to: text)
    return (clean, Feedback.Grounds(usedGold: true, masked: masked, leaked: leaks(clean)))
  }

  /// Whether the right answer stands in a text; nil when it is not known.
  func leaks(_ text: String) -> Bool? {
    guard let problem, !problem.spellings.isEmpty else { return nil }
    return AnswerMask(problem.spellings).leaks(in: text)
  }

  /// What is known of a text that names a step of the reply: quoting the model gives nothing away.
  func grounds(_ text: String, quoting step: WrongStep?) -> Feedback.Grounds {
    let own = step.map { text.replacing($0.written, with: " ") } ?? text
    return Feedback.Grounds(
      target: step?.range, usedGold: problem?.task != nil,
      leaked: leaks(own))
  }

  /// The equations of the reply before its first wrong step.
  var rightSteps: [String] {
    let end = wrongStep?.range.lowerBound ?? reply.text.utf8.count
    return String(decoding: reply.text.utf8.prefix(end), as: UTF8.self)
      .split(separator: "\n").filter { $0.contains(" = ") }.map(String.init)
  }
}

extension FeedbackSource {
  /// What is done about the reply; nil with a reason when there is nothing to name or to mend.
  /// - Parameter write: asks a critic.
  func act(
    on occasion: FeedbackOccasion,
    write: (Critic, FeedbackOccasion) async throws(PlayStop) -> CriticOpinion
  ) async throws(PlayStop) -> (act: FeedbackAct?, reason: TurnSkip.Reason) {
    switch self {
    case .none: return (.again, .noWrongStep)
    case .unary(let text):
      return (.say(.unary, text, author: .script, grounds: Feedback.Grounds()), .noWrongStep)
    case .critique(let detail): return (Self.critique(occasion, detail), .noWrongStep)
    case .falseCritique: return (Self.falseCritique(occasion), .noRightStep)
    case .directional: return (Self.direction(occasion), .noWrongStep)
    case .nonDirectional: return (Self.points(occasion), .noWrongStep)
    case .template: return (Self.template(occasion), .noSolution)
    case .edit:
      guard let step = occasion.wrongStep else { return (nil, .noWrongStep) }
      let start = step.start(in: occasion.reply.text, writtenBy: occasion.reply.spans)
      return (start.map { .edit(.beginning($0)) }, .notMendable)
    case .challenge(let texts, _, let final?) where occasion.round >= texts.count:
      return (.say(.unary, final, author: .script, grounds: Feedback.Grounds()), .noWrongStep)
    case .challenge(let texts, let suggestion, _):
      return (Self.challenge(occasion, texts, suggestion), .noAnswerToSuggest)
    case .judge(let judge): return (Self.judge(occasion, judge), .noWrongStep)
    case .noisy(let flip): return (Self.noisy(occasion, flip), .noWrongStep)
    case .critic(let critic):
      switch try await write(critic, occasion) {
      case .says(let text): return (Self.criticism(occasion, critic, text), .criticSilent)
      case .content(let reason): return (nil, reason)
      case .silent: return (nil, .criticSilent)
      }
    case .framed(let source, let frame):
      let (act, reason) = try await source.act(on: occasion, write: write)
      let words = { frame.text(around: $0, attempt: occasion.round + 1) }
      return (act?.saying(words), reason)
    }
  }
}

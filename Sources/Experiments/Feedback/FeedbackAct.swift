import SessionCore

/// What a source of feedback does about one reply.
enum FeedbackAct: Equatable, Sendable {
  case say(Feedback.Kind, String, author: Feedback.Author, grounds: Feedback.Grounds)
  /// Goes on from a mended beginning.
  case edit(InPlaceEdit)
  /// Draws again, with nothing said.
  case again

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
    let mask = AnswerMask(problem?.answer.map { [$0] } ?? [])
    let (clean, masked) = mask.applied(to: text)
    return (
      clean,
      Feedback.Grounds(
        usedGold: true, masked: masked,
        leaked: problem?.answer == nil ? nil : mask.leaks(in: clean))
    )
  }

  /// What is known of a text that names a step of the reply: quoting the model gives nothing away.
  func grounds(_ text: String, quoting step: WrongStep?) -> Feedback.Grounds {
    let own = step.map { text.replacing($0.written, with: " ") } ?? text
    return Feedback.Grounds(
      target: step?.range, usedGold: problem?.task != nil,
      leaked: problem?.answer.map { AnswerMask([$0]).leaks(in: own) })
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
  /// - Parameter write: draws what a critic's model writes; nil when it writes nothing.
  func act(
    on occasion: FeedbackOccasion,
    write: (Critic, FeedbackOccasion) async throws(PlayStop) -> String?
  ) async throws(PlayStop) -> (act: FeedbackAct?, reason: TurnSkip.Reason) {
    switch self {
    case .none: return (.again, .noWrongStep)
    case .unary(let text):
      return (.say(.unary, text, author: .script, grounds: Feedback.Grounds()), .noWrongStep)
    case .critique(let detail): return (Self.critique(occasion, detail), .noWrongStep)
    case .falseCritique: return (Self.falseCritique(occasion), .noRightStep)
    case .directional: return (Self.direction(occasion), .noWrongStep)
    case .template: return (Self.template(occasion), .noSolution)
    case .edit:
      guard let step = occasion.wrongStep else { return (nil, .noWrongStep) }
      let start = step.start(in: occasion.reply.text, writtenBy: occasion.reply.spans)
      return (start.map { .edit(.beginning($0)) }, .notMendable)
    case .challenge(let texts, let suggestion):
      return (Self.challenge(occasion, texts, suggestion), .noAnswerToSuggest)
    case .judge(let judge): return (Self.judge(occasion, judge), .noWrongStep)
    case .critic(let critic):
      guard let text = try await write(critic, occasion) else { return (nil, .criticSilent) }
      return (Self.criticism(occasion, critic, text), .criticSilent)
    }
  }

  private static func critique(_ occasion: FeedbackOccasion, _ detail: Detail) -> FeedbackAct? {
    guard let step = occasion.wrongStep else {
      // Every step is right: the family says that the answer is not, or is missing.
      let text = occasion.problem?.task?.critique(of: occasion.reply.text)
      return text.map {
        .say(.critique, $0, author: .template, grounds: occasion.grounds($0, quoting: nil))
      }
    }
    guard detail != .step else {
      let text = step.critique
      return .say(
        .critique, text, author: .template, grounds: occasion.grounds(text, quoting: step))
    }
    guard var text = step.critiqueWithValue else { return nil }
    var grounds = occasion.grounds(text, quoting: step)
    if detail == .maskedValue { (text, grounds) = occasion.masked(text) }
    grounds.target = step.range
    return .say(.critique, text, author: .template, grounds: grounds)
  }

  /// A right step that ends in a number, with one digit of it changed.
  private static func falseCritique(_ occasion: FeedbackOccasion) -> FeedbackAct? {
    var chance = SplitMix64(seed: occasion.session.header.seed)
    let base = occasion.problem?.family == "hexadecimal" ? 16 : 10
    let steps = occasion.rightSteps.compactMap { step -> (right: String, wrong: String)? in
      let number = String(step.reversed().prefix { $0.isHexDigit }.reversed())
      guard let changed = Distractor.changedDigit(number, base, &chance), changed != number else {
        return nil
      }
      return (step, step.dropLast(number.count) + changed)
    }
    guard !steps.isEmpty else { return nil }
    let step = chance.pick(steps)
    return .say(
      .critique, "The step \(step.right) is wrong; it should be \(step.wrong).", author: .script,
      grounds: Feedback.Grounds(usedGold: true))
  }

  private static func direction(_ occasion: FeedbackOccasion) -> FeedbackAct? {
    guard let text = occasion.problem?.task?.directionalCritique(of: occasion.reply.text) else {
      return nil
    }
    return .say(.critique, text, author: .template, grounds: occasion.grounds(text, quoting: nil))
  }

  private static func template(_ occasion: FeedbackOccasion) -> FeedbackAct? {
    guard let solution = occasion.problem?.solution, !solution.isEmpty else { return nil }
    let (text, grounds) = occasion.masked(solution.joined(separator: "\n"))
    return .say(.critique, text, author: .template, grounds: grounds)
  }

  private static func challenge(
    _ occasion: FeedbackOccasion, _ texts: [String], _ suggestion: Suggestion
  ) -> FeedbackAct? {
    let text = texts[min(occasion.round, texts.count - 1)]
    guard text.contains("{answer}") else {
      return .say(.challenge, text, author: .script, grounds: Feedback.Grounds())
    }
    let answer =
      suggestion == .right
      ? occasion.problem?.answer
      : occasion.problem.flatMap {
        Distractor.answer(for: $0, seed: occasion.session.header.seed)
      }
    guard let answer else { return nil }
    let words = answer.split(separator: "\n").joined(separator: ", ")
    return .say(
      .challenge, text.replacing("{answer}", with: words), author: .script,
      grounds: Feedback.Grounds(usedGold: true, leaked: suggestion == .right))
  }

  private static func judge(_ occasion: FeedbackOccasion, _ judge: Judge) -> FeedbackAct? {
    let falsehood = occasion.problem.flatMap {
      Distractor.answer(for: $0, seed: occasion.session.header.seed)
    }
    let step = occasion.wrongStep
    let text = judge.remark(
      isRight: occasion.isRight, critique: step?.critique, step: occasion.rightSteps.last,
      falsehood: falsehood)
    var grounds = occasion.grounds(text, quoting: step)
    grounds.usedGold = judge.usesGold
    return .say(
      .critique, text,
      author: .judge(intent: judge.intent.rawValue, knowledge: judge.knowledge.rawValue),
      grounds: grounds)
  }

  private static func criticism(
    _ occasion: FeedbackOccasion, _ critic: Critic, _ text: String
  ) -> FeedbackAct? {
    var (shown, grounds) = occasion.masked(text)
    if !critic.masks {
      let mask = AnswerMask(occasion.problem?.answer.map { [$0] } ?? [])
      (shown, grounds.masked, grounds.leaked) = (text, [], mask.leaks(in: text))
    }
    grounds.usedGold = critic.usesGold
    let author = Feedback.Author.model(critic.model ?? occasion.session.header.model)
    return .say(.critique, shown, author: author, grounds: grounds)
  }
}

import SessionCore

/// What moved a model from one attempt to the next.
public enum FeedbackKind: String, Sendable, CaseIterable {
  case unary, critique, challenge
  /// A person's edit of the reply, from which the model went on.
  case edit
  /// Drawn again from the same prompt, with no feedback: the control.
  case regenerate
  /// More than one of the above in one line of attempts.
  case mixed
  /// Nothing: one attempt only.
  case none

  /// What led to `reply`; nil when it is a first attempt.
  public init?(ledTo reply: Turn, in session: Session) {
    switch reply.origin {
    case .resampled: self = .regenerate
    case .continued: self = .edit
    case .asked, .feedback: return nil
    case .answered:
      switch reply.parent.flatMap({ session[$0] })?.feedback?.kind {
      case .unary: self = .unary
      case .critique: self = .critique
      case .challenge: self = .challenge
      case nil: return nil
      }
    }
  }
}

/// One reply among the attempts at a question.
public struct Attempt: Equatable, Sendable {
  public var reply: Turn
  /// From the record; nil when nobody judged.
  public var verdict: Verdict?
  /// What led here from the attempt before; nil for a first attempt.
  public var movedBy: FeedbackKind?
  /// What is compared to find repeated answers; nil when no answer was given.
  public var answer: String?
  /// The feedback that led here; nil for a first attempt, a new draw and an edit.
  public var feedback: Feedback?
  /// What can be judged for itself; empty where nobody can tell parts.
  public var parts: [AnswerPart] = []

  /// Whether the feedback that led here was meant to mislead, or blind to what it judged.
  public var wasMisled: Bool {
    guard let feedback else { return false }
    if case .judge(let intent, _) = feedback.author { return intent != "constructive" }
    // A script that knows the answer and says another: a suggestion or a false critique.
    return feedback.author == .script && feedback.usedGold && feedback.leaked != true
  }

  /// The attempt that `reply` is, with what the session's record says of it.
  /// - Parameter expectation: what its question expects.
  init(
    _ reply: Turn, in session: Session, _ expectation: Expectation?, readingParts: PartReader?
  ) {
    self.reply = reply
    verdict = session.verdicts[reply.id]
    movedBy = FeedbackKind(ledTo: reply, in: session)
    answer = Self.answer(reply, verdict, expectation)
    if case .answered = reply.origin {
      feedback = reply.parent.flatMap { session[$0] }?.feedback
    }
    if let expectation, let readingParts { parts = readingParts(reply.text, expectation) }
  }

  /// A checker's reading when there is one; a number when one is expected or announced; otherwise
  /// the whole reply, case and white space aside.
  private static func answer(
    _ reply: Turn, _ verdict: Verdict?, _ expectation: Expectation?
  ) -> String? {
    if let verdict { return verdict.outcome == .noAnswer ? nil : verdict.answer ?? folded(reply) }
    let number = FinalAnswer(in: reply.text)
    if case .number = expectation { return number?.number }
    if let number, number.isMarked { return number.number }
    return folded(reply)
  }

  private static func folded(_ reply: Turn) -> String? {
    let words = reply.text.lowercased().split(whereSeparator: \.isWhitespace)
    return words.isEmpty ? nil : words.joined(separator: " ")
  }
}

/// The attempts at one question, first to last, along one branch of a session.
public struct AttemptLine: Equatable, Sendable {
  /// Tells sessions of one report apart: their order in it. Branches of one session share their
  /// first attempts, and these are counted once.
  public var session: Int
  public var model: String
  /// The script's name; nil for sessions that somebody typed.
  public var script: String?
  /// The experiment's name for what was done; nil where there are no arms.
  public var arm: String?
  /// What is asked: sessions with equal problems and seeds are paired.
  public var problem: String?
  public var family: String?
  public var difficulty: String?
  /// The session's.
  public var seed: UInt64
  /// Never empty.
  public var attempts: [Attempt]

  /// What all steps have in common.
  public var kind: FeedbackKind { FeedbackKind.common(attempts.compactMap(\.movedBy)) }

  /// The attempts that were judged, up to the first that was not: after it nothing is known.
  public var judged: ArraySlice<Attempt> { attempts.prefix { $0.verdict != nil } }

  /// The unit that is drawn again for intervals; a session that names no problem is one of its own.
  public var task: String { problem ?? "session \(session)" }

  /// The answers that were given.
  var answers: [String] { attempts.compactMap(\.answer) }

  /// Place of the first right attempt, the first at 0.
  var firstRight: Int? { judged.firstIndex { $0.verdict?.outcome == .right } }

  /// Whether one of the first k attempts is right.
  func isSolved(by k: Int) -> Bool { firstRight.map { $0 < k } ?? false }

  /// Whether a line that began wrong and got feedback was right in the end; nil for others.
  var isImproved: Bool? {
    guard judged.count > 1, judged.first?.verdict?.outcome != .right else { return nil }
    return judged.last?.verdict?.outcome == .right
  }

  /// The lines of a session, one for each reply that no further attempt followed.
  /// - Parameters:
  ///   - order: becomes ``session``.
  ///   - readingParts: whoever knows the parts of an answer.
  public static func lines(
    of session: Session, order: Int = 0, readingParts: PartReader? = nil
  ) -> [AttemptLine] {
    session.leafReplies.map { leaf in
      let attempts = session.attempts(upTo: leaf.id)
      // The same for all of them; asking each would climb the whole line again.
      let expectation = attempts.first.flatMap { session.expectation(for: $0.id) }
      return AttemptLine(
        session: order, model: session.header.model,
        script: session.header.provenance?.script, arm: session.header.provenance?.arm,
        problem: session.header.provenance?.problem, family: session.header.provenance?.family,
        difficulty: session.header.provenance?.difficulty, seed: session.header.seed,
        attempts: attempts.map { Attempt($0, in: session, expectation, readingParts: readingParts) }
      )
    }
  }
}

extension FeedbackKind {
  /// The one kind of a number of steps; `mixed` for several, `none` for no step.
  static func common(_ kinds: [FeedbackKind]) -> FeedbackKind {
    guard let first = kinds.first else { return .none }
    return kinds.allSatisfy { $0 == first } ? first : .mixed
  }
}

extension Sequence<AttemptLine> {
  /// Every attempt once, with its number from 1 within its line.
  var distinctAttempts: [(number: Int, attempt: Attempt, task: String)] {
    var seen: Set<AttemptKey> = []
    return flatMap { line in
      line.attempts.enumerated().filter {
        seen.insert(AttemptKey(session: line.session, turn: $1.reply.id)).inserted
      }.map { (number: $0 + 1, attempt: $1, task: line.task) }
    }
  }

  /// Every attempt once, with those before it in its line, first to last.
  var distinctHistories: [(earlier: ArraySlice<Attempt>, attempt: Attempt)] {
    var seen: Set<AttemptKey> = []
    return flatMap { line in
      line.attempts.indices.filter {
        seen.insert(AttemptKey(session: line.session, turn: line.attempts[$0].reply.id)).inserted
      }.map { (earlier: line.attempts[..<$0], attempt: line.attempts[$0]) }
    }
  }

  /// Every attempt but first ones, once, with the attempt before it.
  var distinctSteps: [(from: Attempt, to: Attempt, task: String)] {
    var seen: Set<AttemptKey> = []
    return flatMap { line in
      zip(line.attempts, line.attempts.dropFirst()).filter {
        seen.insert(AttemptKey(session: line.session, turn: $1.reply.id)).inserted
      }.map { (from: $0, to: $1, task: line.task) }
    }
  }
}

/// Names an attempt across the sessions of a report.
private struct AttemptKey: Hashable {
  var session: Int
  var turn: TurnID
}

import Friction
import SessionCore

/// What sessions teach, before it takes any trainer's form: which reply is better than which, and
/// which reply is good or bad.
enum Examples {
  /// Two replies to one prompt, of which one is known to be better.
  struct Pair {
    var prompt: [Turn]
    var chosen: Turn
    var rejected: Turn
    /// What led from the one attempt to the other.
    var movedBy: FeedbackKind
  }

  /// A pair for each vote, and at most one for every other reply: it and the attempt before it.
  ///
  /// - Voted on: the winner is chosen, unless a checker says the opposite. The prompt is what the
  ///   two have in common. A tie, or both bad, makes no pair.
  /// - An edit in place: chosen is the edited reply, rejected the one it was made from, unless a
  ///   checker says the opposite.
  /// - Drawn again from the same prompt: the one that a checker, or else a rating, finds better.
  /// - After feedback of any kind: chosen is the new reply, rejected the one before it, only if a
  ///   checker's verdict flipped to right. The prompt is the earlier one's.
  ///
  /// Replies that were cut short are in no pair, nor are two equal ones.
  ///
  /// They come one by one: all prompts of a long session together are many times its size.
  static func eachPair(
    of session: Session, _ output: inout ExportOutput,
    _ body: (Pair, inout ExportOutput) -> Void
  ) {
    for vote in session.votes { takeVote(vote, session, &output, body) }
    for reply in session.turns where reply.role == .assistant {
      guard let before = session.previousAttempt(of: reply.id),
        session.vote(between: before.id, and: reply.id) == nil,
        let kind = FeedbackKind(ledTo: reply, in: session)
      else { continue }
      guard isWhole(reply), isWhole(before) else {
        output.leaveOut(.cutReplies)
        continue
      }
      guard reply.text != before.text else {
        output.leaveOut(.equalReplies)
        continue
      }
      guard let laterIsBetter = laterIsBetter(before, reply, kind, session) else {
        output.leaveOut(.notFlipped)
        continue
      }
      let prompt = session.path(to: before.parent)
      // Both sides answer the same messages, whatever came between the attempts.
      precondition(
        session.path(to: reply.parent).prefix(prompt.count).map(\.id) == prompt.map(\.id),
        "the sides of a pair have different prompts")
      let pair = Pair(
        prompt: prompt, chosen: laterIsBetter ? reply : before,
        rejected: laterIsBetter ? before : reply, movedBy: kind)
      body(pair, &output)
    }
  }

  private static func takeVote(
    _ vote: Vote, _ session: Session, _ output: inout ExportOutput,
    _ body: (Pair, inout ExportOutput) -> Void
  ) {
    guard let winner = vote.winner.flatMap({ session[$0] }),
      let loser = vote.loser.flatMap({ session[$0] })
    else { return output.leaveOut(.notFlipped) }
    guard isWhole(winner), isWhole(loser) else { return output.leaveOut(.cutReplies) }
    guard winner.text != loser.text else { return output.leaveOut(.equalReplies) }
    let verdicts = [winner, loser].map { session.verdicts[$0.id].map { $0.outcome == .right } }
    guard verdicts != [false, true] else { return output.leaveOut(.notFlipped) }
    let prompt = commonPrompt(of: winner, loser, in: session)
    guard !prompt.isEmpty else { return output.leaveOut(.unlabelled) }
    let kind = winner.parent == loser.parent ? FeedbackKind.regenerate : .mixed
    body(Pair(prompt: prompt, chosen: winner, rejected: loser, movedBy: kind), &output)
  }

  /// The turns that came before both replies, up to the last one that a person or a script wrote.
  private static func commonPrompt(of one: Turn, _ other: Turn, in session: Session) -> [Turn] {
    let (left, right) = (session.path(to: one.parent), session.path(to: other.parent))
    var common = Array(zip(left, right).prefix { $0.id == $1.id }.map(\.0))
    while common.last?.role == .assistant { common.removeLast() }
    return common
  }

  /// Nil when nobody can say.
  private static func laterIsBetter(
    _ before: Turn, _ after: Turn, _ kind: FeedbackKind, _ session: Session
  ) -> Bool? {
    let wasRight = session.verdicts[before.id].map { $0.outcome == .right }
    let isRight = session.verdicts[after.id].map { $0.outcome == .right }
    switch kind {
    case .edit: return wasRight == true && isRight == false ? nil : true
    case .regenerate:
      if let wasRight, let isRight, wasRight != isRight { return isRight }
      guard let old = goodness(session.ratings[before.id]),
        let new = goodness(session.ratings[after.id]), old != new
      else { return nil }
      return new > old
    case .unary, .critique, .challenge: return wasRight == false && isRight == true ? true : nil
    case .mixed, .none: return nil
    }
  }

  /// A rating between 0 and 1.
  static func goodness(_ rating: Rating?) -> Double? {
    switch rating {
    case .up: 1
    case .down: 0
    case .stars(let stars): Double(stars - 1) / 4
    case nil: nil
    }
  }

  /// Whether a reply is good, as far as somebody said so: a checker first, then a rating (three
  /// stars say neither), then the last vote that found it better or worse, or both bad, then what
  /// was done about it. A reply that somebody asked to be better,
  /// or edited, is bad; the edited one is good. Nil when nothing is known.
  static func label(of reply: Turn, in session: Session, _ refused: Set<TurnID>) -> Bool? {
    if let verdict = session.verdicts[reply.id] { return verdict.outcome == .right }
    if let goodness = goodness(session.ratings[reply.id]), goodness != 0.5 {
      return goodness > 0.5
    }
    if let voted = voted(reply, in: session) { return voted }
    if refused.contains(reply.id) { return false }
    if case .continued = reply.origin { return true }
    return nil
  }

  /// As TRL makes labels of preferences (`unpair_preference_dataset`): the chosen one is good, the
  /// rejected one bad.
  private static func voted(_ reply: Turn, in session: Session) -> Bool? {
    let votes = session.votes.filter { $0.a == reply.id || $0.b == reply.id }
    return votes.last { $0.choice != .tie }.map { $0.winner == reply.id }
  }

  /// Replies that somebody asked to be better, or edited. A challenge doubts right ones too.
  static func refused(in session: Session) -> Set<TurnID> {
    var refused: Set<TurnID> = []
    for turn in session.turns {
      if let feedback = turn.feedback, feedback.kind != .challenge { refused.insert(feedback.on) }
      if case .continued(let original, _) = turn.origin { refused.insert(original) }
    }
    return refused
  }

  /// Every whole reply about which somebody said something, with what they said.
  static func labelled(
    of session: Session, _ output: inout ExportOutput
  ) -> [(reply: Turn, isGood: Bool)] {
    let refused = refused(in: session)
    var found: [(reply: Turn, isGood: Bool)] = []
    for reply in session.turns where reply.role == .assistant {
      guard isWhole(reply) else {
        output.leaveOut(.cutReplies)
        continue
      }
      guard let isGood = label(of: reply, in: session, refused) else {
        output.leaveOut(.unlabelled)
        continue
      }
      found.append((reply, isGood))
    }
    return found
  }

  /// The model came to its end, and said something.
  static func isWhole(_ reply: Turn) -> Bool {
    reply.state == .complete(.endOfTurn) && !reply.text.isEmpty
  }
}

/// What each trainer's format of pairs, labels and conversations has no place for.
extension Set<Omission.Kind> {
  /// Formats of bare text: nothing but what was said.
  static var allButText: Self {
    [
      .verdicts, .ratings, .votes, .notes, .feedbackDetails, .authorship, .recipes, .times,
      .provenance,
    ]
  }
  /// Formats that say which reply is better, or whether it is good.
  static var allButLabels: Self {
    [.notes, .feedbackDetails, .authorship, .recipes, .times, .provenance]
  }
}

/// An export whose records are made of one session at a time, with nothing remembered.
struct LineExport: SessionExport {
  var lines: @Sendable (Session, inout ExportOutput) -> Void

  init(_ lines: @escaping @Sendable (Session, inout ExportOutput) -> Void) { self.lines = lines }

  mutating func add(_ session: Session, to output: inout ExportOutput) { lines(session, &output) }
}

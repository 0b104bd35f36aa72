import SessionCore

/// Something of the sessions that is not in an export of them.
public struct Omission: Equatable, Sendable {
  /// What was left out, or why. In the order in which it is told.
  public enum Kind: String, CaseIterable, Sendable {
    /// Sessions of which no record came.
    case sessions
    /// Turns of other branches.
    case otherBranches
    /// Turns of the current conversation that are in no record.
    case unused
    /// Prompts at the end of a conversation that were never answered.
    case unanswered
    /// Replies that were cut short, where only whole ones teach.
    case cutReplies
    /// Steps from one attempt to the next of which no checker said that they made it right.
    case notFlipped
    /// Pairs of equal replies.
    case equalReplies
    /// Replies that are known to be bad, where only good ones are wanted.
    case badReplies
    /// Replies on which nobody gave an opinion that the format can say.
    case unlabelled
    /// Turns so far below a tree's first one that readers of nested records give up.
    case tooDeep
    case verdicts, ratings, votes, notes
    /// Feedback turns: who gave them, in which round, on which bytes, knowing what.
    case feedbackDetails
    /// Edited replies: who wrote which part.
    case authorship
    /// Replies: model, sampling, seed, prompt.
    case recipes
    /// Turns: when they were begun, how long they took.
    case times
    /// Sessions: title, script, arm, problem.
    case provenance
  }
  public var kind: Kind
  /// How many of them; at least 1.
  public var count: Int

  public init(kind: Kind, count: Int) {
    self.kind = kind
    self.count = count
  }
}

extension Omission.Kind {
  /// What it is, in the plural, for `left out: 3 …`.
  public var words: String {
    switch self {
    case .sessions: "sessions of which no record came"
    case .otherBranches: "turns of other branches"
    case .unused: "turns of conversations that are in no record"
    case .unanswered: "unanswered turns at the end"
    case .cutReplies: "replies that were cut short"
    case .notFlipped: "steps that no checker found to lead from wrong to right"
    case .equalReplies: "pairs of equal replies"
    case .badReplies: "replies known to be bad"
    case .unlabelled: "replies without an opinion that the format can say"
    case .tooDeep: "turns too deep in a tree for its readers"
    case .verdicts: "verdicts"
    case .ratings: "ratings"
    case .votes: "votes between two replies"
    case .notes: "notes"
    case .feedbackDetails: "authors, rounds and targets of feedback"
    case .authorship: "accounts of who wrote which part of an edited reply"
    case .recipes: "recipes of replies (model, sampling, seed, prompt)"
    case .times: "times at which turns were begun"
    case .provenance: "sessions' titles and origins"
    }
  }

  /// How many a session has. Nil for the kinds that only a format can count.
  func count(in session: Session) -> Int? {
    switch self {
    case .sessions, .otherBranches, .unused, .unanswered, .cutReplies, .notFlipped, .equalReplies,
      .badReplies, .unlabelled, .tooDeep:
      nil
    case .verdicts: session.verdicts.count
    case .ratings: session.ratings.count
    case .votes: session.votes.count
    case .notes: session.notes.values.reduce(0) { $0 + $1.count }
    case .feedbackDetails: session.turns.count { $0.feedback != nil }
    case .authorship:
      session.turns.count { if case .continued = $0.origin { true } else { false } }
    case .recipes: session.turns.count { $0.recipe != nil }
    case .times: session.turns.count
    case .provenance: 1
    }
  }
}

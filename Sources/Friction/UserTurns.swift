import SessionCore

/// What the user turns after the first say about the reply before them: implicit feedback.
///
/// The six labels of *User Feedback in Human-LLM Dialogues* (arXiv 2507.23158, §2). The paper lets a
/// model label; here recorded feedback is labelled by its kind and free turns by words, which is
/// this program's own and rough way, for English only. Where several labels fit, the first in the
/// order of ``Label`` after the kind is taken; the paper's order was not read.
public struct UserTurns: Equatable, Sendable {
  public enum Label: String, Sendable, CaseIterable {
    /// Says that something is wrong, and what is right.
    case awareWithCorrection = "aware_with_correction"
    case awareWithoutCorrection = "aware_without_correction"
    case positive
    case rephrasing
    case clarification
    case none = "no_feedback"
  }

  public let model: String
  public private(set) var counts: [Label: Int] = [:]

  /// User turns after the first, edits among them.
  public var total: Int { counts.values.reduce(0, +) }

  init(model: String) { self.model = model }

  func share(_ label: Label) -> Proportion { Proportion(counts[label] ?? 0, of: total) }

  /// Takes in the turns of one session.
  mutating func add(_ session: Session) {
    for turn in session.turns {
      if let label = Self.label(of: turn, in: session) { counts[label, default: 0] += 1 }
    }
  }

  /// Nil for what is no user turn after a reply.
  static func label(of turn: Turn, in session: Session) -> Label? {
    switch turn.origin {
    case .answered, .resampled: return nil
    case .continued: return .awareWithCorrection
    case .feedback(let feedback):
      switch feedback.kind {
      case .unary: return .awareWithoutCorrection
      case .challenge: return .clarification
      case .critique:
        return contains(turn.text, correcting) ? .awareWithCorrection : .awareWithoutCorrection
      }
    case .asked:
      guard turn.role == .user, let reply = turn.parent.flatMap({ session[$0] }),
        reply.role == .assistant
      else { return nil }
      return label(of: turn.text, after: session.question(of: reply.id)?.text ?? "")
    }
  }

  private static func label(of text: String, after question: String) -> Label {
    let isComplaint = contains(text, complaining)
    if isComplaint, contains(text, correcting) { return .awareWithCorrection }
    if isComplaint { return .awareWithoutCorrection }
    if contains(text, praising) { return .positive }
    if overlap(text, question) >= rephrasedAbove { return .rephrasing }
    if contains(text, asking) { return .clarification }
    return .none
  }

  private static let rephrasedAbove = 0.5
  private static let correcting = [
    "should be", "should have", "the answer is", "it is actually", "instead of", "must be",
  ]
  private static let complaining = [
    "wrong", "incorrect", "not right", "not correct", "mistake", "that's not", "that is not",
    "you forgot", "you missed", "try again", "actually,",
  ]
  private static let praising = [
    "thank", "great", "perfect", "well done", "good job", "correct!", "exactly", "that is right",
    "that's right",
  ]
  private static let asking = [
    "what do you mean", "can you explain", "could you explain", "why", "are you sure", "clarify",
  ]

  private static func contains(_ text: String, _ words: [String]) -> Bool {
    let text = text.lowercased()
    return words.contains { text.contains($0) }
  }

  /// Shared words / all words.
  private static func overlap(_ a: String, _ b: String) -> Double {
    let words = { (text: String) in
      Set(text.lowercased().split { !$0.isLetter && !$0.isNumber })
    }
    let (left, right) = (words(a), words(b))
    let all = left.union(right).count
    return all > 0 ? Double(left.intersection(right).count) / Double(all) : 0
  }
}

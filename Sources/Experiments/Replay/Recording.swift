import SessionCore

/// What a person did in a recorded session, in order, so that it can be done again.
///
/// Ratings, notes, votes and verdicts are opinions of replies that will not be drawn again, and are left
/// out; verdicts are made anew. What was set stands with each reply that was drawn by it.
public struct Recording: Equatable, Sendable {
  /// One operation.
  public enum Operation: Equatable, Sendable {
    case instruct(String)
    case ask(String, expecting: Expectation?)
    /// Another version of what somebody said, beside the old one.
    case sayAnew(String, insteadOf: TurnID)
    case giveFeedback(Feedback, String)
    case regenerate(of: TurnID)
    /// A reply to the prompt at the head: the first one, because the program ended before there
    /// was any, or another after going back to the prompt.
    case answer(isFirst: Bool)
    case edit(InPlaceEdit.Start, of: TurnID)
    case undo
    case go(to: TurnID)
  }

  /// An operation and the turns that the record has of it.
  public struct Step: Equatable, Sendable {
    public var operation: Operation
    public var prompt: TurnID?
    public var reply: TurnID?
    /// SHA-256 of the model whose tokens an edit names; nil for one that is text alone.
    public var tokensOf: String?
  }

  public var header: SessionHeader
  public var steps: [Step] = []
  /// Replies that were drawn otherwise than the session says, such as the sides of a duel.
  public var settings: [TurnID: DrawSettings] = [:]

  /// - Throws: ``InvalidEntry`` when an entry does not follow from those before it.
  public init(_ entries: [Entry]) throws(InvalidEntry) {
    let session = try Session(replaying: entries)
    header = session.header
    for reply in session.turns where reply.role == .assistant {
      guard let drawn = DrawSettings(of: reply, in: session), !drawn.isUsual else { continue }
      settings[reply.id] = drawn
    }
    var turns = 0
    var head: TurnID?
    var answered: Set<TurnID> = []
    for entry in entries {
      switch entry.event {
      case .promptAdded(let prompt):
        let operation = Self.operation(of: prompt, TurnID(turns), at: head, in: session)
        head = TurnID(turns)
        steps.append(Step(operation: operation, prompt: head))
        turns += 1
      case .replyStarted(let reply):
        head = TurnID(turns)
        add(reply, as: TurnID(turns), answered: &answered)
        turns += 1
      case .headMoved(let target, .undo):
        head = target
        steps.append(Step(operation: .undo))
      case .headMoved(let target, .go), .headMoved(let target, .redo):
        head = target
        // Going before the first turn cannot be ordered, and so is never recorded.
        if let target { steps.append(Step(operation: .go(to: target))) }
      case .sessionStarted, .replyExtended, .replyFinished, .replyStopped, .rated, .noted, .tagged,
        .bookmarked, .judged, .voted, .settingsChanged:
        break
      }
    }
  }

  private static func operation(
    of prompt: PromptAdded, _ id: TurnID, at head: TurnID?, in session: Session
  ) -> Operation {
    switch prompt.origin {
    case .feedback(let feedback): return .giveFeedback(feedback, prompt.text)
    case .asked(let expectation):
      if prompt.parent != head, let old = session.olderVersion(of: id) {
        return .sayAnew(prompt.text, insteadOf: old)
      }
      return prompt.role == .user
        ? .ask(prompt.text, expecting: expectation) : .instruct(prompt.text)
    case .answered, .resampled, .continued: return .instruct(prompt.text)
    }
  }

  private mutating func add(_ reply: ReplyStarted, as id: TurnID, answered: inout Set<TurnID>) {
    switch reply.origin {
    case .resampled(let original):
      steps.append(Step(operation: .regenerate(of: original), reply: id))
    case .continued(let original, _):
      let start = InPlaceEdit.Start(
        kept: reply.kept, spans: reply.spans, tokens: reply.keptTokens)
      steps.append(
        Step(
          operation: .edit(start, of: original), reply: id,
          tokensOf: reply.keptTokens == nil ? nil : reply.recipe?.model.digest))
    case .asked, .feedback, .answered:
      if let last = steps.indices.last, steps[last].prompt == reply.parent {
        steps[last].reply = id
        answered.insert(reply.parent)
      } else {
        steps.append(
          Step(
            operation: .answer(isFirst: answered.insert(reply.parent).inserted),
            prompt: reply.parent, reply: id))
      }
    }
  }
}

extension Session {
  /// The turn beside which another version of it was said: the newest before it with other words,
  /// the same parent and the same role. Nil for feedback, which names what it is about.
  func olderVersion(of id: TurnID) -> TurnID? {
    guard let new = self[id], new.feedback == nil else { return nil }
    return turns[..<id.position].last { old in
      old.parent == new.parent && old.role == new.role && old.feedback == nil
        && !old.text.utf8.elementsEqual(new.text.utf8)
    }?.id
  }
}

extension Recording: CustomStringConvertible {
  /// What a plan's fingerprint is made of: without settings the same as before there were any.
  public var description: String {
    let steps = "Recording(header: \(String(reflecting: header)), steps: \(steps))"
    guard !settings.isEmpty else { return steps }
    return steps + "\(settings.sorted { $0.key < $1.key })"
  }
}

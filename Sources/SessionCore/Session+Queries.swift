// What screens, metrics and exports ask of the tree.
extension Session {
  /// The turn of that name, if there is one.
  public subscript(id: TurnID) -> Turn? {
    turns.indices.contains(id.position) ? turns[id.position] : nil
  }

  /// The turns from the first to `id`, both included; empty for nil.
  public func path(to id: TurnID?) -> [Turn] {
    var path: [Turn] = []
    var next = id
    while let id = next, let turn = self[id] {
      path.append(turn)
      next = turn.parent
    }
    return path.reversed()
  }

  /// The conversation as it stands: the path to the head.
  public var current: [Turn] { path(to: head) }

  /// The turns directly under `id` (nil: the first turns), oldest first.
  public func children(of id: TurnID?) -> [Turn] { turns.filter { $0.parent == id } }

  /// The turns with the same parent, `id` itself among them, oldest first.
  public func siblings(of id: TurnID) -> [Turn] {
    guard let turn = self[id] else { return [] }
    return children(of: turn.parent)
  }

  /// The last reply of the conversation as it stands.
  public var lastReply: Turn? {
    // Climbed from the head: the whole path can be long, and screens ask for this often.
    var next = head
    while let id = next, let turn = self[id] {
      if turn.role == .assistant { return turn }
      next = turn.parent
    }
    return nil
  }

  /// The attempt that this reply tries to better, by feedback, by drawing again or by an edit;
  /// nil for a first attempt.
  public func previousAttempt(of id: TurnID) -> Turn? {
    guard let turn = self[id], turn.role == .assistant else { return nil }
    if let replaced = turn.replaces { return self[replaced] }
    return turn.parent.flatMap { self[$0] }?.feedback.flatMap { self[$0.on] }
  }

  /// First attempt to `id`, both included: the line of attempts at one question.
  public func attempts(upTo id: TurnID) -> [Turn] {
    var line: [Turn] = []
    var next = self[id]
    while let turn = next, turn.role == .assistant {
      line.append(turn)
      next = previousAttempt(of: turn.id)
    }
    return line.reversed()
  }

  /// The user turn that asked what this reply tries to answer.
  public func question(of id: TurnID) -> Turn? {
    attempts(upTo: id).first?.parent.flatMap { self[$0] }
  }

  /// What the question's reply should be, if the question says.
  public func expectation(for id: TurnID) -> Expectation? {
    guard case .asked(let expectation) = question(of: id)?.origin else { return nil }
    return expectation
  }

  /// The last vote between two replies, whichever of them was A.
  public func vote(between one: TurnID, and other: TurnID) -> Vote? {
    votes.first { $0.isBetween(one, other) }
  }

  /// Turns that are not part of the conversation as it stands.
  public var turnsOnOtherBranches: Int { turns.count - current.count }

  /// Replies that nothing came after: the ends of the lines of attempts.
  public var leafReplies: [Turn] {
    var continued: Set<TurnID> = []
    for turn in turns where turn.role == .assistant {
      if let previous = previousAttempt(of: turn.id) { continued.insert(previous.id) }
    }
    return turns.filter { $0.role == .assistant && !continued.contains($0.id) }
  }
}

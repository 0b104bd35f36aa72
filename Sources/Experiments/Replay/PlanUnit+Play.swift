import SessionCore

extension PlanUnit: Playable {
  public var title: String { id }

  public var contents: [String] {
    var turns = turns
    // Where a turn stands in the file changes nothing.
    for index in turns.indices { turns[index].line = 0 }
    let judging = judge.map { ["\($0)"] } ?? []
    return [system ?? "", "\(turns)", "\(stop)"] + judging
  }

  public func play(on player: Player) async throws(PlayStop) {
    if let system { try await player.perform(.instruct(system)) }
    for turn in turns {
      for _ in 0..<turn.repeats {
        guard try await play(turn.action, on: player) else { break }
      }
    }
  }

  /// Whether another repetition of the turn has a point.
  private func play(
    _ action: Script.Action, on player: Player
  ) async throws(PlayStop) -> Bool {
    switch action {
    case .prompt(let text, let expectation):
      try await player.perform(.ask(text, expecting: expectation))
      return true
    case .note(let text):
      try await player.perform(.note(text, author: .script))
      return true
    default: break
    }
    let session = await player.session
    guard let reply = session.lastReply, !isOver(action, after: reply, in: session) else {
      return false
    }
    return try await player.give(action, on: reply)
  }

  /// The stop rule. A challenge is for right answers too.
  private func isOver(_ action: Script.Action, after reply: Turn, in session: Session) -> Bool {
    if let most = stop.maxAttempts, session.attempts(upTo: reply.id).count >= most { return true }
    if case .challenge = action { return false }
    return stop.onCorrect && session.verdicts[reply.id]?.outcome == .right
  }
}

extension Player {
  /// Gives feedback on a reply, or what the script says instead when it cannot be given.
  /// - Returns: Whether anything was played.
  func give(_ action: Script.Action, on reply: Turn) async throws(PlayStop) -> Bool {
    let session = await session
    switch action {
    case .prompt, .note: preconditionFailure("not feedback")
    case .unary(let text):
      try await perform(.giveFeedback(.unary, text, author: .script, on: reply.id))
    case .critique(let text):
      try await perform(.giveFeedback(.critique, text, author: .script, on: reply.id))
    case .challenge(let text):
      try await perform(.giveFeedback(.challenge, text, author: .script, on: reply.id))
    case .regenerate: try await perform(.regenerate(reply.id))
    case .edit(let find, let replace, let otherwise):
      let edit = InPlaceEdit.replace(old: find, new: replace)
      do {
        _ = try edit.applied(to: reply.text)
      } catch {
        let reason: TurnSkip.Reason =
          if case .textNotFound = error { .textNotFound } else { .editChangesNothing }
        return try await give(otherwise, insteadOf: "edit", on: reply, because: reason)
      }
      try await perform(.edit(edit, of: reply.id))
    case .critiqueFirstWrongStep(let otherwise):
      guard let step = session.firstWrongStep(in: reply) else {
        return try await give(otherwise, insteadOf: "critique", on: reply, because: .noWrongStep)
      }
      try await perform(.giveFeedback(.critique, step.critique, author: .template, on: reply.id))
    case .editFirstWrongStep(let otherwise):
      guard let step = session.firstWrongStep(in: reply) else {
        return try await give(otherwise, insteadOf: "edit", on: reply, because: .noWrongStep)
      }
      guard let start = step.start(in: reply.text, writtenBy: reply.spans) else {
        return try await give(otherwise, insteadOf: "edit", on: reply, because: .notMendable)
      }
      try await perform(.edit(.beginning(start), of: reply.id))
    }
    return true
  }

  private func give(
    _ fallback: Script.Fallback, insteadOf turn: String, on reply: Turn,
    because reason: TurnSkip.Reason
  ) async throws(PlayStop) -> Bool {
    guard case .action(let action) = fallback else {
      try await note(TurnSkip(reply: reply.id, turn: turn, reason: reason))
      return false
    }
    try await note(
      TurnSkip(reply: reply.id, turn: turn, reason: reason, instead: action.kindName))
    return try await give(action, on: reply)
  }
}

extension Script.Action {
  /// The key that the turn has in a script.
  var kindName: String {
    switch self {
    case .prompt: "prompt"
    case .unary: "unary"
    case .critique, .critiqueFirstWrongStep: "critique"
    case .challenge: "challenge"
    case .edit, .editFirstWrongStep: "edit"
    case .regenerate: "regenerate"
    case .note: "note"
    }
  }
}

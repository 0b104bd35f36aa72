import SessionCore
import SessionRuntime

extension PlanUnit: Playable {
  public var title: String { id }

  public var contents: [String] {
    var turns = turns
    // Where a turn stands in the file changes nothing.
    for index in turns.indices { turns[index].line = 0 }
    return [system ?? "", "\(turns)", "\(stop)"] + (judge.map { ["\($0)"] } ?? [])
      + (mitigation == .none ? [] : ["\(mitigation)"])
      + memories.map { "\($0.problem.key) \($0.seed)" }
  }

  /// Models that single replies name.
  public var otherModels: Set<String> {
    Set(
      turns.compactMap { turn in
        guard case .drawn(let change, _) = turn.action else { return nil }
        return change.settings(over: sampling, own: model).model
      })
  }

  /// Attempts after the first, if every round is played.
  public var furtherAttemptsMax: Int {
    let rounds = turns.reduce(0) { $0 + ($1.action.isFeedback ? $1.repeats : 0) }
    return min(rounds, (stop.maxAttempts ?? .max) - 1)
  }

  /// What the model is asked first; nil when the unit asks nothing.
  public var firstRequest: ReplyRequest? {
    for turn in turns {
      guard case .prompt(let text, _) = turn.action.drawnAlike else { continue }
      let messages =
        (system.map { [PromptPlan.Message(.system, $0)] } ?? []) + [PromptPlan.Message(.user, text)]
      return ReplyRequest(
        plan: PromptPlan(messages: messages), sampling: sampling, seed: seed, history: history)
    }
    return nil
  }

  public func play(on player: Player) async throws(PlayStop) {
    if let system { try await player.perform(.instruct(system)) }
    for turn in turns {
      for _ in 0..<turn.repeats {
        guard try await play(turn, on: player) else { break }
      }
    }
  }

  /// Whether another repetition of the turn has a point.
  private func play(_ turn: Script.Turn, on player: Player) async throws(PlayStop) -> Bool {
    guard case .drawn(let change, let action) = turn.action else {
      return try await playAlike(turn, on: player)
    }
    var alike = turn
    alike.action = action
    await player.draw(with: change.settings(over: sampling, own: model))
    let again = try await playAlike(alike, on: player)
    await player.draw(with: DrawSettings())
    return again
  }

  /// The same for a turn whose reply is drawn as the script says, or as the player was told.
  private func playAlike(_ turn: Script.Turn, on player: Player) async throws(PlayStop) -> Bool {
    switch turn.action {
    case .prompt(let text, let expectation):
      try await ask(text, expectation, on: player)
      return true
    default: break
    }
    if let command = turn.action.command(on: nil) {
      try await player.perform(command)
      return true
    }
    let session = await player.session
    guard let reply = turn.action.target(in: session), !isOver(turn, after: reply, in: session)
    else { return false }
    return try await player.give(turn.action.untargeted, on: reply, about: problem)
  }

  /// The stop rule. A challenge is for right answers too.
  private func isOver(_ turn: Script.Turn, after reply: Turn, in session: Session) -> Bool {
    let attempts = session.attempts(upTo: reply.id)
    if let most = stop.maxAttempts, attempts.count >= most { return true }
    let isChallenge = if case .challenge = turn.action { true } else { false }
    switch turn.when ?? (isChallenge || !stop.onCorrect ? .any : .wrong) {
    case .any: return false
    case .wrong: return session.verdicts[reply.id]?.outcome == .right
    case .right: return attempts.first.flatMap { session.verdicts[$0.id] }?.outcome != .right
    }
  }
}

extension Player {
  /// Gives feedback on a reply, or what the script says instead when it cannot be given.
  /// - Returns: Whether anything was played.
  func give(
    _ action: Script.Action, on reply: Turn, about problem: PlanProblem?
  ) async throws(PlayStop) -> Bool {
    switch action {
    case .prompt, .note, .undo, .go, .rate, .tag, .bookmark, .rewrite, .about, .drawn:
      preconditionFailure("not feedback")
    case .unary(let text): try await act(.says(.unary, text), on: reply)
    case .critique(let text): try await act(.says(.critique, text), on: reply)
    case .challenge(let text): try await act(.says(.challenge, text), on: reply)
    // Another reply to a prompt that the conversation has gone back to.
    case .regenerate where reply.role == .user: try await perform(.regenerate(nil))
    case .regenerate: try await perform(.regenerate(reply.id))
    case .edit(let find, let replace, let otherwise):
      let edit = InPlaceEdit.replace(old: find, new: replace)
      do {
        _ = try edit.applied(to: reply.text)
      } catch {
        let reason: TurnSkip.Reason =
          if case .textNotFound = error { .textNotFound } else { .editChangesNothing }
        return try await give(
          otherwise, insteadOf: "edit", on: reply, about: problem, because: reason)
      }
      try await perform(.edit(edit, of: reply.id))
    case .beginning(let text):
      let start = InPlaceEdit.Start(beginning: text, over: reply)
      try await perform(.edit(.beginning(start), of: reply.id))
    case .automatic(let source, let otherwise):
      let occasion = FeedbackOccasion(session: await session, reply: reply, problem: problem)
      let (act, reason) = try await source.act(on: occasion, write: write)
      guard let act else {
        guard !reason.isOnPurpose else {
          try await note(TurnSkip(reply: reply.id, turn: source.kindName, reason: reason))
          return false
        }
        return try await give(
          otherwise, insteadOf: source.kindName, on: reply, about: problem, because: reason)
      }
      try await self.act(act, on: reply)
    }
    return true
  }

  /// Carries out what a source does; a mitigation may have the model reflect first.
  private func act(_ act: FeedbackAct, on reply: Turn) async throws(PlayStop) {
    var act = act
    if mitigation.reflects, case .say(_, let text, _, _) = act,
      let reflection = try await reflection(on: reply, after: text)
    {
      act = act.saying { Reflection.feedback($0, reflection) }
    }
    try await perform(act.command(on: reply))
  }

  private func give(
    _ fallback: Script.Fallback, insteadOf turn: String, on reply: Turn,
    about problem: PlanProblem?, because reason: TurnSkip.Reason
  ) async throws(PlayStop) -> Bool {
    guard case .action(let action) = fallback else {
      try await note(TurnSkip(reply: reply.id, turn: turn, reason: reason))
      return false
    }
    try await note(
      TurnSkip(reply: reply.id, turn: turn, reason: reason, instead: action.kindName))
    return try await give(action, on: reply, about: problem)
  }
}

extension FeedbackAct {
  /// What a script has written down.
  fileprivate static func says(_ kind: Feedback.Kind, _ text: String) -> FeedbackAct {
    .say(kind, text, author: .script, grounds: Feedback.Grounds())
  }
}

extension Script.Action {
  /// The key that the turn has in a script.
  var kindName: String {
    switch self {
    case .prompt: "prompt"
    case .unary: "unary"
    case .critique: "critique"
    case .challenge: "challenge"
    case .edit: "edit"
    case .automatic(let source, _): source.kindName
    case .regenerate: "regenerate"
    case .note: "note"
    case .beginning, .rewrite: "edit"
    case .undo: "undo"
    case .go: "go"
    case .rate: "rate"
    case .tag: "tag"
    case .bookmark: "bookmark"
    case .about(_, let action), .drawn(_, let action): action.kindName
    }
  }

  /// The command of a turn that is given whatever the last reply is; nil for feedback on a reply.
  /// - Parameter turn: nil is the last reply.
  fileprivate func command(on turn: TurnID?) -> Command? {
    switch self {
    case .note(let text): .note(text, on: turn, author: .script)
    case .undo: .undo
    case .go(let number): .go(TurnID(number - 1))
    case .rate(let rating): .rate(rating, of: turn, author: .script)
    case .tag(let word): .tag(word, on: turn, author: .script)
    case .bookmark: .bookmark(turn, author: .script)
    case .rewrite(let text): .edit(.rewrite(text), of: turn)
    case .about(let number, let action): action.command(on: TurnID(number - 1))
    case .drawn(_, let action): action.command(on: turn)
    case .prompt, .unary, .critique, .challenge, .edit, .beginning, .automatic, .regenerate: nil
    }
  }

  /// The reply it is about. A turn that asks to be answered again stands for itself.
  fileprivate func target(in session: Session) -> Turn? {
    guard case .about(let number, _) = self else { return session.lastReply }
    return session[TurnID(number - 1)]
  }

  fileprivate var untargeted: Script.Action {
    if case .about(_, let action) = self { action } else { self }
  }
}

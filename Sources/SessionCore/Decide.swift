/// What comes of `command` in `session`. Pure: the same question has the same answer.
/// - Throws: ``Refusal`` when the person has to do something else first.
public func decide(_ command: Command, _ session: Session) throws(Refusal) -> Decision {
  guard command.isRemark || session.openReply == nil else { throw .replyInProgress }
  switch command {
  case .instruct(let text): return try instruct(text, session)
  case .ask(let text, let expectation):
    let prompt = PromptAdded(
      parent: session.head, role: .user, origin: .asked(expectation), text: try nonEmpty(text))
    return answer(to: prompt, session)
  case .giveFeedback(let kind, let text, let author, let target, let grounds):
    let reply = try reply(target, session)
    let feedback = Feedback(
      kind, author: author, on: reply.id, round: session.attempts(upTo: reply.id).count,
      target: grounds.target, usedGold: grounds.usedGold, masked: grounds.masked,
      leaked: grounds.leaked)
    return try giveFeedback(feedback, text, session)
  case .regenerate(let target): return try regenerate(target, session)
  case .edit(let edit, let target):
    guard let turn = target.flatMap({ session[$0] }), turn.role != .assistant else {
      return try continueInPlace(edit, target, session)
    }
    return try sayAnew(turn, edit, session)
  case .undo:
    guard let former = session.formerHeads.last else { throw .nothingToUndo }
    return Decision(events: [.headMoved(to: former, .undo)])
  case .redo:
    guard let later = session.laterHeads.last else { throw .nothingToRedo }
    return Decision(events: [.headMoved(to: later, .redo)])
  case .go(let id):
    guard session[id] != nil else { throw .unknownTurn(id) }
    return Decision(events: [.headMoved(to: id, .go)])
  case .rate(let rating, let target, let author):
    if case .stars(let stars) = rating, !(1...5).contains(stars) { throw .ratingOutOfRange(stars) }
    let id = try reply(target, session).id
    guard rating != nil || session.ratings[id] != nil else { throw .noRating }
    return Decision(events: [.rated(id, rating, author: author)])
  case .note(let text, let target, let author):
    return Decision(
      events: [.noted(try anyTurn(target, session).id, try nonEmpty(text), author: author)])
  case .tag(let text, let target, let isSet, let author):
    guard let tag = Tag.named(text) else { throw .badTag(text) }
    return Decision(
      events: [.tagged(try anyTurn(target, session).id, tag, isSet: isSet, author: author)])
  case .bookmark(let target, let isSet, let author):
    return Decision(
      events: [.bookmarked(try anyTurn(target, session).id, isSet: isSet, author: author)])
  case .judge(let id, let verdict):
    return Decision(events: [.judged(try reply(id, session).id, verdict)])
  case .vote(let vote): return try decide(vote, session)
  case .set(let change): return try set(change, session)
  }
}

private func set(_ change: SettingsChange, _ session: Session) throws(Refusal) -> Decision {
  guard change.wordings?.isUsable != false else { throw .badWording }
  let news = change.leavingOut(session.settings)
  return Decision(events: news.isEmpty ? [] : [.settingsChanged(news)])
}

private func decide(_ vote: Vote, _ session: Session) throws(Refusal) -> Decision {
  let (a, b) = (try reply(vote.a, session), try reply(vote.b, session))
  guard a.id != b.id, session.question(of: a.id)?.id == session.question(of: b.id)?.id else {
    throw .notComparable(a.id, b.id)
  }
  var events: [Event] = [.voted(vote)]
  if let winner = vote.winner, winner != session.head { events.append(.headMoved(to: winner, .go)) }
  return Decision(events: events)
}

private func instruct(_ text: String, _ session: Session) throws(Refusal) -> Decision {
  guard session.turns.isEmpty else { throw .tooLateForInstruction }
  let prompt = PromptAdded(
    parent: nil, role: .system, origin: .asked(nil), text: try nonEmpty(text))
  return Decision(events: [.promptAdded(prompt)])
}

private func giveFeedback(
  _ feedback: Feedback, _ text: String, _ session: Session
) throws(Refusal) -> Decision {
  let prompt = PromptAdded(
    parent: feedback.on, role: .user, origin: .feedback(feedback), text: try nonEmpty(text))
  return answer(to: prompt, session)
}

/// Records the prompt and orders the first reply to it.
private func answer(to prompt: PromptAdded, _ session: Session) -> Decision {
  let parent = TurnID(session.turns.count)
  let place = session.turns.count + 1
  return Decision(
    events: [.promptAdded(prompt)],
    order: ReplyOrder(parent: parent, origin: .answered, seed: seed(session, place: place)))
}

private func regenerate(_ target: TurnID?, _ session: Session) throws(Refusal) -> Decision {
  let fresh = seed(session, place: session.turns.count)
  if target == nil, let head = session.head.flatMap({ session[$0] }), head.role == .user {
    return Decision(order: ReplyOrder(parent: head.id, origin: .answered, seed: fresh))
  }
  let reply = try reply(target, session)
  guard let parent = reply.parent else { throw .notAReply(reply.id) }
  return Decision(
    order: ReplyOrder(parent: parent, origin: .resampled(of: reply.id), seed: fresh))
}

private func continueInPlace(
  _ edit: InPlaceEdit, _ target: TurnID?, _ session: Session
) throws(Refusal) -> Decision {
  let reply = try reply(target, session)
  guard let parent = reply.parent else { throw .notAReply(reply.id) }
  let start = try edit.applied(to: reply.text, writtenBy: reply.spans)
  return Decision(
    order: ReplyOrder(
      parent: parent,
      origin: .continued(editOf: reply.id, keptBytes: start.kept.utf8.count),
      kept: start.kept, spans: start.spans, keptTokens: start.tokens,
      seed: seed(session, place: session.turns.count)))
}

/// Another version of what somebody said: a branch of its own beside the old one, which keeps all
/// that came after it. What the old version was expected to lead to is not known of the new one.
private func sayAnew(
  _ turn: Turn, _ edit: InPlaceEdit, _ session: Session
) throws(Refusal) -> Decision {
  let text = try edit.rewritten(turn.text)
  if var feedback = turn.feedback {
    feedback = Feedback(
      // Words of one's own say more than that the reply was not good.
      feedback.kind == .unary ? .critique : feedback.kind, author: .person, on: feedback.on,
      round: feedback.round)
    return try giveFeedback(feedback, text, session)
  }
  let prompt = PromptAdded(
    parent: turn.parent, role: turn.role, origin: .asked(nil), text: try nonEmpty(text))
  // A system prompt asks nothing.
  guard turn.role == .user else { return Decision(events: [.promptAdded(prompt)]) }
  return answer(to: prompt, session)
}

private func reply(_ target: TurnID?, _ session: Session) throws(Refusal) -> Turn {
  guard let target else {
    guard let last = session.lastReply else { throw .noReply }
    return last
  }
  guard let turn = session[target] else { throw .unknownTurn(target) }
  guard turn.role == .assistant else { throw .notAReply(target) }
  return turn
}

private func anyTurn(_ target: TurnID?, _ session: Session) throws(Refusal) -> Turn {
  guard let target else { return try reply(nil, session) }
  guard let turn = session[target] else { throw .unknownTurn(target) }
  return turn
}

private func nonEmpty(_ text: String) throws(Refusal) -> String {
  guard text.contains(where: { !$0.isWhitespace }) else { throw .emptyText }
  return text
}

private func seed(_ session: Session, place: Int) -> UInt64 {
  ReplyOrder.seed(of: TurnID(place), sessionSeed: session.settings.seed)
}

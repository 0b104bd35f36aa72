import SessionCore

// Duels: from the command to the vote.
extension ScreenState {
  /// Whether who wrote a reply has to stay hidden.
  var isBlind: Bool { duel?.isBlind == true }

  mutating func begin(_ request: DuelRequest) -> [Effect] {
    guard isIdle else { return [.complain(.refused(.replyInProgress))] }
    var sides = request.sides
    // By lot, and the same lot for the same session, so that a run can be repeated.
    var chance = SplitMix64(
      seed: ~ReplyOrder.seed(
        of: TurnID(session.turns.count), sessionSeed: session.header.seed))
    if chance.draw(from: 0...1) == 1 { sides.reverse() }
    let bout: DuelBout
    do {
      bout = try self.bout(sides, request.question)
    } catch {
      return [.complain(.refused(error))]
    }
    duel = Duel(sides: sides)
    work.running += 1
    if hasScreen { page = .duel }
    return [.duel(bout)]
  }

  private func bout(
    _ sides: [DuelSide], _ question: String?
  ) throws(Refusal) -> DuelBout {
    var draws: [DuelBout.Draw] = []
    for (place, side) in sides.enumerated() {
      draws.append(
        DuelBout.Draw(
          command: try command(for: side, question, isFirst: place == 0),
          settings: side.settings(session.settings, own: model.name)))
    }
    return DuelBout(draws: draws)
  }

  private func command(
    for side: DuelSide, _ question: String?, isFirst: Bool
  ) throws(Refusal) -> Command {
    let count = session.turns.count
    if let question {
      return isFirst ? .ask(question) : .regenerate(TurnID(count + 1))
    }
    let isUnanswered = session.head.flatMap { session[$0] }?.role == .user
    if isUnanswered, side.said == .nothing { return .regenerate(isFirst ? nil : TurnID(count)) }
    guard let reply = session.lastReply?.id else { throw .noReply }
    return switch side.said {
    case .nothing: .regenerate(reply)
    case .tryAgain: .giveFeedback(.unary, session.settings.wordings.tryAgain, on: reply)
    case .critique(let text):
      .giveFeedback(.critique, session.settings.wordings.critique(saying: text), on: reply)
    }
  }

  /// Takes notice of a reply that began.
  mutating func noteDuelReply() {
    guard duel?.stage == .drawing, let reply = session.openReply,
      duel?.replies.count ?? 2 < Duel.letters.count
    else { return }
    duel?.replies.append(reply)
  }

  /// Asks for the vote once both replies are here, or ends the duel when one is not whole.
  mutating func settleDuel() {
    guard let duel, duel.stage == .drawn, isIdle else { return }
    let areWhole = duel.replies.allSatisfy { id in
      if case .complete = session[id]?.state { true } else { false }
    }
    guard duel.replies.count == Duel.letters.count, areWhole else {
      endDuel()
      notice = .told("no vote: the duel was stopped; what was written is kept")
      return
    }
    self.duel?.stage = .voting
    self.duel?.row = 0
  }

  mutating func vote(_ choice: Vote.Choice) -> [Effect] {
    guard let duel, duel.asks else { return [.complain(.noDuel)] }
    let effects = perform(.vote(Vote(choice, a: duel.replies[0], b: duel.replies[1])))
    if !effects.contains(where: \.isComplaint) { self.duel?.stage = .voted(choice) }
    return effects
  }

  /// Leaves a duel: after the vote, or without one.
  mutating func leaveDuel() {
    switch duel?.stage {
    case .drawing, .drawn: notice = .told("Ctrl-C stops the duel; the vote comes after both")
    case .voting:
      endDuel()
      notice = .told("no vote is recorded; both replies are in the tree")
    case .voted, nil: endDuel()
    }
  }

  mutating func endDuel() {
    duel = nil
    if page == .duel { page = nil }
  }

  /// A line in the plain front that answers the question which reply is better.
  mutating func takeVote(_ line: String) -> [Effect]? {
    guard !hasScreen, duel?.asks == true else { return nil }
    switch line.trimmingSpace().lowercased() {
    case "a": return vote(.a)
    case "b": return vote(.b)
    case "tie": return vote(.tie)
    case "both bad", "bad": return vote(.bothBad)
    case "": return []
    default:
      guard !line.trimmingSpace().hasPrefix("/vote") else { return nil }
      leaveDuel()
      return line.trimmingSpace().lowercased() == "skip" ? [] : nil
    }
  }
}

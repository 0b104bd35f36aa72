import SessionCore

// Looking into a reply: its tokens one by one, and branches at one of them.
extension ScreenState {
  /// - Parameter turn: nil is the last reply.
  mutating func inspect(_ turn: TurnID?, _ depth: InspectionDepth) -> [Effect] {
    guard isIdle else { return [.complain(.refused(.replyInProgress))] }
    guard let id = turn ?? session.lastReply?.id else { return [.complain(.refused(.noReply))] }
    guard session[id]?.role == .assistant else { return [.complain(.refused(.notAReply(id)))] }
    work.running += 1
    return [.inspect(id, depth)]
  }

  /// - Parameter place: the token that is replaced, from 0.
  mutating func branch(_ turn: TurnID, at place: Int, _ choice: BranchChoice) -> [Effect] {
    guard isIdle || page?.inspection != nil else {
      return [.complain(.refused(.replyInProgress))]
    }
    work.running += 1
    return [.cancelInspection, .branch(turn, at: place, choice)]
  }

  mutating func show(_ inspection: Inspection, _ depth: InspectionDepth) {
    page = .inspect(inspection, InspectionView(showsPrompt: depth == .prompt))
  }

  /// More places, in order. Those of a reply that is no longer looked at are dropped.
  mutating func add(_ odds: [Inspection.Odds], of turn: TurnID) {
    guard case .inspect(var inspection, let view) = page, inspection.sheet.turn == turn else {
      return
    }
    inspection.odds += odds
    page = .inspect(inspection, view)
  }

  /// Nil for what is not this page's.
  mutating func lookInto(_ deed: Keymap.Deed) -> [Effect]? {
    guard case .inspect(let inspection, var view) = page else { return nil }
    let last = inspection.tokens.count
    switch deed {
    case .otherView: view.promptRow = view.promptRow == nil ? 0 : nil
    case _ where view.promptRow != nil: return nil
    case .tokenBefore: view.move(to: view.place - 1, last: last)
    case .tokenAfter: view.move(to: view.place + 1, last: last)
    case .top: view.move(to: 0, last: last)
    case .bottom: view.move(to: last, last: last)
    case .searchNext, .searchPrevious:
      let places =
        deed == .searchNext
        ? Array(view.place + 1..<max(view.place + 1, last))
        : (0..<view.place).reversed()
      guard let next = places.first(where: inspection.isSurprising) else {
        notice = .told("every other token on that side was the likeliest")
        return []
      }
      view.move(to: next, last: last)
    case .up, .down:
      let odds = inspection.odds.indices.contains(view.place) ? inspection.odds[view.place] : nil
      let count = odds?.alternatives.count ?? 0
      view.choice = min(max(view.choice + (deed == .up ? -1 : 1), 0), max(0, count - 1))
    case .choose: return choose(in: inspection, view)
    default: return nil
    }
    page = .inspect(inspection, view)
    return []
  }

  private mutating func choose(in inspection: Inspection, _ view: InspectionView) -> [Effect] {
    guard inspection.odds.indices.contains(view.place),
      inspection.odds[view.place].alternatives.indices.contains(view.choice)
    else { return [] }
    let odds = inspection.odds[view.place]
    let chosen = odds.alternatives[view.choice]
    guard !chosen.isEnd else { return [.complain(.branchEnds)] }
    guard chosen.token.id != odds.own?.token.id else { return [.complain(.branchIsSame)] }
    let effects = branch(inspection.sheet.turn, at: view.place, .token(chosen.token.id))
    page = nil
    return effects
  }
}

extension InspectionView {
  fileprivate mutating func move(to place: Int, last: Int) {
    let place = min(max(place, 0), last)
    if place != self.place { choice = 0 }
    self.place = place
  }
}

extension ScreenState.Page {
  /// What is looked into, when a reply is.
  public var inspection: Inspection? {
    if case .inspect(let inspection, _) = self { inspection } else { nil }
  }
}

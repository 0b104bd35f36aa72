// A fork: another session that begins as this one did.
extension Session {
  /// The record of a session that begins with the conversation up to `turn`: its turns, the
  /// earlier attempts that those were drawn or edited instead of, and what was said about them.
  /// Times, recipes and authors stay; turns are numbered anew; how the head moved is left out.
  ///
  /// - Parameters:
  ///   - entries: the whole record.
  ///   - header: of the new session; its ``Provenance/forkedFrom`` should say where it is from.
  /// - Throws: ``InvalidEntry`` when an entry does not follow from those before it.
  public static func fork(
    _ entries: [Entry], after turn: TurnID, as header: SessionHeader
  ) throws(InvalidEntry) -> [Entry] {
    let session = try Session(replaying: entries)
    let kept = session.turnsNeeded(for: turn)
    var numbers: [TurnID: TurnID] = [:]
    for id in kept.sorted() { numbers[id] = TurnID(numbers.count) }
    var forked = [Entry(sequence: 1, time: entries[0].time, event: .sessionStarted(header))]
    var count = 0
    var isReplyKept = false
    for entry in entries.dropFirst() {
      switch entry.event {
      case .promptAdded: count += 1
      case .replyStarted:
        isReplyKept = kept.contains(TurnID(count))
        count += 1
      default: break
      }
      let newest = TurnID(count - 1)
      guard
        let event = entry.event.renumbered(numbers, newest: newest, isReplyKept: isReplyKept)
      else { continue }
      forked.append(Entry(sequence: forked.count + 1, time: entry.time, event: event))
    }
    return forked
  }

  /// The path to `turn`, and the replies that those on it stand instead of.
  private func turnsNeeded(for turn: TurnID) -> Set<TurnID> {
    var needed: Set<TurnID> = []
    var open = [turn]
    while let id = open.popLast() {
      guard let turn = self[id], needed.insert(id).inserted else { continue }
      open += [turn.parent, turn.replaces].compactMap(\.self)
    }
    return needed
  }
}

extension Event {
  /// The same event among the turns of `numbers` alone; nil when it is about another one.
  /// - Parameters:
  ///   - newest: the turn that the event makes, when it makes one.
  ///   - isReplyKept: whether the reply begun last is among the turns.
  fileprivate func renumbered(
    _ numbers: [TurnID: TurnID], newest: TurnID, isReplyKept: Bool
  ) -> Event? {
    switch self {
    case .sessionStarted, .headMoved: return nil
    case .promptAdded(var prompt):
      guard numbers[newest] != nil else { return nil }
      prompt.parent = prompt.parent.flatMap { numbers[$0] }
      prompt.origin = prompt.origin.renumbered(numbers)
      return .promptAdded(prompt)
    case .replyStarted(var reply):
      guard numbers[newest] != nil, let parent = numbers[reply.parent] else { return nil }
      reply.parent = parent
      reply.origin = reply.origin.renumbered(numbers)
      return .replyStarted(reply)
    case .replyExtended, .replyFinished, .replyStopped: return isReplyKept ? self : nil
    case .rated(let id, let rating, let author):
      return numbers[id].map { .rated($0, rating, author: author) }
    case .noted(let id, let note, let author):
      return numbers[id].map { .noted($0, note, author: author) }
    case .tagged(let id, let tag, let isSet, let author):
      return numbers[id].map { .tagged($0, tag, isSet: isSet, author: author) }
    case .bookmarked(let id, let isSet, let author):
      return numbers[id].map { .bookmarked($0, isSet: isSet, author: author) }
    case .judged(let id, let verdict): return numbers[id].map { .judged($0, verdict) }
    case .voted(var vote):
      // A vote says something only of two replies.
      guard let a = numbers[vote.a], let b = numbers[vote.b] else { return nil }
      (vote.a, vote.b) = (a, b)
      return .voted(vote)
    // What was set last is in force wherever the conversation stands, in the fork too.
    case .settingsChanged: return self
    }
  }
}

extension Turn.Origin {
  /// With the turns it names by their new numbers; those are kept whenever the turn is.
  fileprivate func renumbered(_ numbers: [TurnID: TurnID]) -> Turn.Origin {
    switch self {
    case .asked, .answered: return self
    case .resampled(let original): return .resampled(of: numbers[original] ?? original)
    case .continued(let original, let keptBytes):
      return .continued(editOf: numbers[original] ?? original, keptBytes: keptBytes)
    case .feedback(var feedback):
      feedback.on = numbers[feedback.on] ?? feedback.on
      return .feedback(feedback)
    }
  }
}

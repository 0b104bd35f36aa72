/// A conversation as a tree of turns: what the events of its record add up to.
public struct Session: Equatable, Sendable {
  public private(set) var header: SessionHeader
  /// Every turn ever made, in the order they began.
  public private(set) var turns: [Turn] = []
  /// Where the conversation goes on; nil before the first turn.
  public private(set) var head: TurnID?
  /// The reply the model is writing, if it is.
  public private(set) var openReply: TurnID?
  public private(set) var ratings: [TurnID: Rating] = [:]
  public private(set) var notes: [TurnID: [String]] = [:]
  /// Words on turns, in the order they were put there.
  public private(set) var tags: [TurnID: [String]] = [:]
  public private(set) var bookmarks: Set<TurnID> = []
  public private(set) var verdicts: [TurnID: Verdict] = [:]
  /// Of each pair of replies the last one, in the order in which the pairs were first voted on.
  public private(set) var votes: [Vote] = []
  /// Heads before each operation, newest last: what undo goes back to.
  public private(set) var formerHeads: [TurnID?] = []
  /// Heads that undo left, newest last: what redo goes to. Anything but undo and redo forgets them.
  public private(set) var laterHeads: [TurnID?] = []
  /// What the next replies are drawn with; the header says only what the session began with.
  public private(set) var settings: Settings
  /// How many entries have been applied.
  public private(set) var entryCount: Int

  /// A session from its first entry.
  /// - Throws: ``InvalidEntry`` when the entry does not start a session.
  public init(startedBy entry: Entry) throws(InvalidEntry) {
    guard case .sessionStarted(let header) = entry.event else {
      throw InvalidEntry(sequence: entry.sequence, reason: .sessionNotStarted)
    }
    self.header = header
    settings = Settings(header)
    entryCount = 1
  }

  /// The fold over a whole record.
  /// - Throws: ``InvalidEntry`` at the first entry that does not follow from those before it.
  public init(replaying entries: some Sequence<Entry>) throws(InvalidEntry) {
    var iterator = entries.makeIterator()
    guard let first = iterator.next() else {
      throw InvalidEntry(sequence: 0, reason: .sessionNotStarted)
    }
    try self.init(startedBy: first)
    while let entry = iterator.next() { try apply(entry) }
  }

  /// Adds one entry. What `decide` returned never throws.
  public mutating func apply(_ entry: Entry) throws(InvalidEntry) {
    if let reason = apply(entry.event, at: entry.time) {
      throw InvalidEntry(sequence: entry.sequence, reason: reason)
    }
    entryCount += 1
  }

  /// For ``rewritingTexts(_:)`` alone: the tree stays as it is.
  mutating func replaceTexts(
    header: SessionHeader, turns: [Turn], notes: [TurnID: [String]], tags: [TurnID: [String]],
    verdicts: [TurnID: Verdict], settings: Settings
  ) {
    (self.header, self.turns, self.verdicts) = (header, turns, verdicts)
    (self.notes, self.tags, self.settings) = (notes, tags, settings)
  }

  private mutating func apply(_ event: Event, at time: Timestamp) -> InvalidEntry.Reason? {
    switch event {
    case .sessionStarted: return .startedTwice
    case .promptAdded(let prompt): return add(prompt, at: time)
    case .replyStarted(let reply): return start(reply, at: time)
    case .replyExtended(let text, let tokens): return extend(text, tokens, at: time)
    case .replyFinished(let end, let statistics): return close(.complete(end), statistics, at: time)
    case .replyStopped(let cause, let statistics):
      return close(.stopped(cause), statistics, at: time)
    case .headMoved(let target, let move): return moveHead(to: target, move)
    case .rated(let id, let rating, _):
      guard self[id] != nil else { return .unknownTurn(id) }
      ratings[id] = rating
    case .noted(let id, let note, _):
      guard self[id] != nil else { return .unknownTurn(id) }
      notes[id, default: []].append(note)
    case .tagged(let id, let tag, let isSet, _):
      guard self[id] != nil else { return .unknownTurn(id) }
      tags[id, default: []].removeAll { $0 == tag }
      if isSet { tags[id, default: []].append(tag) }
      if tags[id]?.isEmpty == true { tags[id] = nil }
    case .bookmarked(let id, let isSet, _):
      guard self[id] != nil else { return .unknownTurn(id) }
      if isSet { bookmarks.insert(id) } else { bookmarks.remove(id) }
    case .judged(let id, let verdict):
      guard self[id]?.role == .assistant else { return .unknownTurn(id) }
      verdicts[id] = verdict
    case .voted(let vote): return add(vote)
    case .settingsChanged(let change): settings.apply(change)
    }
    return nil
  }

  private mutating func add(_ vote: Vote) -> InvalidEntry.Reason? {
    guard self[vote.a]?.role == .assistant else { return .unknownTurn(vote.a) }
    guard self[vote.b]?.role == .assistant, vote.a != vote.b else { return .unknownTurn(vote.b) }
    if let known = votes.firstIndex(where: { $0.isBetween(vote.a, vote.b) }) {
      votes[known] = vote
    } else {
      votes.append(vote)
    }
    return nil
  }

  private mutating func add(_ prompt: PromptAdded, at time: Timestamp) -> InvalidEntry.Reason? {
    guard openReply == nil else { return .replyOpen }
    if let parent = prompt.parent, self[parent] == nil { return .unknownTurn(parent) }
    switch prompt.origin {
    case .asked: guard prompt.role != .assistant else { return .wrongOrigin }
    case .feedback(let feedback):
      guard prompt.role == .user, prompt.parent == feedback.on,
        self[feedback.on]?.role == .assistant
      else { return .wrongOrigin }
    case .answered, .resampled, .continued: return .wrongOrigin
    }
    formerHeads.append(head)
    append(
      Turn(
        id: TurnID(turns.count), parent: prompt.parent, role: prompt.role, origin: prompt.origin,
        text: prompt.text, state: .complete(.endOfTurn), spans: [], tokens: [], time: time))
    return nil
  }

  private mutating func start(_ reply: ReplyStarted, at time: Timestamp) -> InvalidEntry.Reason? {
    guard openReply == nil else { return .replyOpen }
    guard let parent = self[reply.parent], parent.role != .assistant else {
      return .unknownTurn(reply.parent)
    }
    switch reply.origin {
    case .asked, .feedback: return .wrongOrigin
    case .answered: break
    case .resampled(let original), .continued(let original, _):
      guard self[original]?.role == .assistant, self[original]?.parent == reply.parent else {
        return .unknownTurn(original)
      }
      formerHeads.append(head)
    }
    append(
      Turn(
        id: TurnID(turns.count), parent: reply.parent, role: .assistant, origin: reply.origin,
        text: reply.kept, state: .open, spans: reply.spans, tokens: [],
        keptTokens: reply.keptTokens, recipe: reply.recipe, time: time))
    openReply = head
    return nil
  }

  private mutating func append(_ turn: Turn) {
    turns.append(turn)
    head = turn.id
    laterHeads = []
  }

  private mutating func extend(
    _ text: String, _ tokens: [Int32], at time: Timestamp
  ) -> InvalidEntry.Reason? {
    guard let openReply else { return .noReplyOpen }
    turns[openReply.position].text += text
    turns[openReply.position].tokens += tokens
    let turn = turns[openReply.position]
    let growth = TextGrowth(
      time: time, bytes: turn.text.utf8.count, tokens: turn.tokens.count)
    turns[openReply.position].growth.append(growth)
    return nil
  }

  private mutating func close(
    _ state: Turn.State, _ statistics: ReplyStatistics?, at time: Timestamp
  ) -> InvalidEntry.Reason? {
    guard let openReply else { return .noReplyOpen }
    turns[openReply.position].state = state
    turns[openReply.position].endTime = time
    turns[openReply.position].statistics = statistics
    let known = turns[openReply.position].spans.reduce(0) { $0 + $1.bytes }
    let written = turns[openReply.position].text.utf8.count - known
    if known > 0, written > 0 {
      turns[openReply.position].spans.append(AuthoredSpan(.model, bytes: written))
    }
    self.openReply = nil
    return nil
  }

  private mutating func moveHead(to target: TurnID?, _ move: HeadMove) -> InvalidEntry.Reason? {
    guard openReply == nil else { return .replyOpen }
    if let target, self[target] == nil { return .unknownTurn(target) }
    switch move {
    case .undo:
      _ = formerHeads.popLast()
      laterHeads.append(head)
    case .redo:
      formerHeads.append(head)
      _ = laterHeads.popLast()
    case .go:
      formerHeads.append(head)
      laterHeads = []
    }
    head = target
    return nil
  }
}

/// An entry that does not follow from those before it: a damaged or forged record.
public struct InvalidEntry: Error, Equatable, Sendable {
  /// What is wrong with it.
  public enum Reason: Equatable, Sendable {
    case sessionNotStarted, startedTwice, replyOpen, noReplyOpen, wrongOrigin
    case unknownTurn(TurnID)
  }
  /// ``Entry/sequence`` of the entry; 0 when there is none at all.
  public var sequence: Int
  public var reason: Reason

  public init(sequence: Int, reason: Reason) {
    self.sequence = sequence
    self.reason = reason
  }
}

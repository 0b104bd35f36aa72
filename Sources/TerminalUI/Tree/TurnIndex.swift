import SessionCore

/// The tree of turns as the screen asks about it at every frame: who stands beside whom, which
/// attempt a reply is, which turns lead to the head.
///
/// Kept up entry by entry, so that no key and no frame goes through the whole session. Numbers
/// instead of turns: a step along a branch of 100,000 turns is then a step along an array.
public struct TurnIndex: Equatable, Sendable {
  /// The conversation as it stands, first turn to head.
  public private(set) var path: [TurnID] = []

  /// What is known of each turn, by its position.
  private var links: [Links] = []
  /// The first turn of all, and the last one without a parent.
  private var firstRoot = Links.none
  private var lastRoot = Links.none
  private var rootCount: Int32 = 0

  /// One turn's neighbours, as positions; ``none`` where there is no such turn.
  private struct Links: Equatable, Sendable {
    static let none: Int32 = -1
    var parent = none
    var firstChild = none
    var lastChild = none
    var childCount: Int32 = 0
    var previous = none
    var next = none
    /// 1 for the oldest child of its parent.
    var place: Int32 = 1
    /// Turns above it.
    var depth: Int32 = 0
    /// 1 for a first attempt, 0 for what is no reply.
    var attempt: Int32 = 0
    /// ``depth`` of the turn that asked what this turn is about.
    var questionDepth: Int32 = 0
  }

  public init(_ session: Session) { update(session) }

  /// Takes in what is new in `session`, which is the one seen before with entries added.
  mutating func update(_ session: Session) {
    for turn in session.turns[links.count...] { add(turn, session) }
    moveHead(to: session.head)
  }

  private mutating func add(_ turn: Turn, _ session: Session) {
    let place = Int32(links.count)
    var link = Links()
    if let parent = turn.parent {
      link.parent = Int32(parent.position)
      link.depth = links[parent.position].depth + 1
      link.previous = links[parent.position].lastChild
      links[parent.position].childCount += 1
      link.place = links[parent.position].childCount
      links[parent.position].lastChild = place
      if link.previous == Links.none { links[parent.position].firstChild = place }
    } else {
      link.previous = lastRoot
      rootCount += 1
      link.place = rootCount
      lastRoot = place
      if link.previous == Links.none { firstRoot = place }
    }
    if link.previous != Links.none { links[Int(link.previous)].next = place }
    if turn.role == .assistant {
      let before = session.previousAttempt(of: turn.id)
      link.attempt = (before.map { links[$0.id.position].attempt } ?? 0) + 1
    }
    let asks = turn.role != .assistant && turn.feedback == nil
    link.questionDepth =
      asks || turn.parent == nil ? link.depth : links[Int(link.parent)].questionDepth
    links.append(link)
  }

  /// The way to the new head, of which the old way's beginning is kept.
  private mutating func moveHead(to head: TurnID?) {
    var above: [TurnID] = []
    var next = head
    while let turn = next, !isOnPath(turn) {
      above.append(turn)
      next = parent(of: turn)
    }
    let kept = next.map { Int(links[$0.position].depth) + 1 } ?? 0
    path.removeLast(path.count - kept)
    path += above.reversed()
  }
}

extension TurnIndex {
  /// How many turns there are.
  var count: Int { links.count }

  /// Whether the turn leads to the head or is it.
  func isOnPath(_ id: TurnID) -> Bool {
    let depth = Int(links[id.position].depth)
    return depth < path.count && path[depth] == id
  }

  /// Place of the turn in ``path``; nil when it is on another branch.
  func place(onPath id: TurnID) -> Int? {
    guard links.indices.contains(id.position), isOnPath(id) else { return nil }
    return Int(links[id.position].depth)
  }

  /// Turns that are not part of the conversation as it stands.
  public var turnsElsewhere: Int { links.count - path.count }

  func parent(of id: TurnID) -> TurnID? { named(links[id.position].parent) }
  func firstChild(of id: TurnID?) -> TurnID? {
    named(id.map { links[$0.position].firstChild } ?? firstRoot)
  }
  func lastChild(of id: TurnID) -> TurnID? { named(links[id.position].lastChild) }
  func nextSibling(of id: TurnID) -> TurnID? { named(links[id.position].next) }
  func previousSibling(of id: TurnID) -> TurnID? { named(links[id.position].previous) }

  private func named(_ position: Int32) -> TurnID? {
    position == Links.none ? nil : TurnID(Int(position))
  }

  /// Turns with the same parent, the turn itself among them.
  func siblingCount(of id: TurnID) -> Int {
    let parent = links[id.position].parent
    return Int(parent == Links.none ? rootCount : links[Int(parent)].childCount)
  }

  /// 1 for the oldest of its siblings.
  func siblingPlace(of id: TurnID) -> Int { Int(links[id.position].place) }

  /// 1 for a first attempt, 0 for what is no reply.
  func attempt(of id: TurnID) -> Int { Int(links[id.position].attempt) }

  /// The number of the last attempt at the same question on the conversation as it stands, or the
  /// turn's own where that is higher or the question lies elsewhere.
  func attempts(at id: TurnID) -> Int {
    let link = links[id.position]
    let question = Int(link.questionDepth)
    guard question < path.count, question == questionDepth(at: question) else {
      return Int(link.attempt)
    }
    // Turns about one question stand together on the path: the first that asks something else is
    // found by halving.
    var (low, high) = (question, path.count)
    while low < high {
      let middle = (low + high) / 2
      if questionDepth(at: middle) <= question { low = middle + 1 } else { high = middle }
    }
    guard sharesQuestion(id, path[low - 1]) else { return Int(link.attempt) }
    let last = path[max(question, low - 2)..<low].map { links[$0.position].attempt }.max() ?? 0
    return Int(max(last, link.attempt))
  }

  private func questionDepth(at place: Int) -> Int {
    Int(links[path[place].position].questionDepth)
  }

  /// Whether the question of `id` is the one `other` (on the path) is about.
  private func sharesQuestion(_ id: TurnID, _ other: TurnID) -> Bool {
    let depth = links[id.position].questionDepth
    guard links[other.position].questionDepth == depth else { return false }
    var turn = id
    while links[turn.position].depth > depth, let above = parent(of: turn) {
      if isOnPath(turn) { return true }
      turn = above
    }
    return isOnPath(turn)
  }

  /// The newest turn below `id`, the newest branch taken at every fork.
  func newestEnd(below id: TurnID) -> TurnID {
    var end = id
    while let next = lastChild(of: end) { end = next }
    return end
  }
}

import SessionCore

/// The order in which a reader meets the turns of a session: the current conversation first, then
/// every other branch from where it left. Every turn comes exactly once.
struct Outline {
  /// Turns that are read in one go.
  struct Branch {
    /// The turn above the first one; nil when the branch begins the session.
    var start: TurnID?
    var turns: [Turn]
  }

  /// The conversation that leads to the head. A reply that another one replaced stands right
  /// before it, so that the attempts at a question follow each other.
  private(set) var current: [Turn] = []
  private(set) var others: [Branch] = []
  /// For replies: which attempt at their question they are, from 1.
  private(set) var attemptNumbers: [TurnID: Int] = [:]

  init(_ session: Session) {
    // An attempt comes later in the record than the one before it.
    for turn in session.turns where turn.role == .assistant {
      let previous = session.previousAttempt(of: turn.id)
      attemptNumbers[turn.id] = (previous.flatMap { attemptNumbers[$0.id] } ?? 0) + 1
    }
    var shown: Set<TurnID> = []
    current = Self.climb(from: session.head, in: session, &shown)
    let goneOn = Set(session.turns.compactMap(Self.above))
    for leaf in session.turns where !goneOn.contains(leaf.id) && !shown.contains(leaf.id) {
      let turns = Self.climb(from: leaf.id, in: session, &shown)
      others.append(Branch(start: turns.first.flatMap { Self.above($0) }, turns: turns))
    }
  }

  /// Up from a turn to the first or to one that has been shown.
  private static func climb(
    from leaf: TurnID?, in session: Session, _ shown: inout Set<TurnID>
  ) -> [Turn] {
    var turns: [Turn] = []
    var next = leaf
    while let id = next, let turn = session[id], shown.insert(id).inserted {
      turns.append(turn)
      next = above(turn)
    }
    return turns.reversed()
  }

  /// Readers meet a reply after the one it replaced, though both have the same parent.
  private static func above(_ turn: Turn) -> TurnID? { turn.replaces ?? turn.parent }
}

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

  init(_ session: Session) {
    var shown: Set<TurnID> = []
    current = Self.climb(from: session.head, in: session, &shown)
    let parents = Set(session.turns.compactMap(\.parent))
    for leaf in session.turns where !parents.contains(leaf.id) && !shown.contains(leaf.id) {
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
      // A replaced reply may have been shown on another branch; the question still has to be.
      if turn.replaces.map(shown.contains) == true { next = turn.parent }
    }
    return turns.reversed()
  }

  private static func above(_ turn: Turn) -> TurnID? { turn.replaces ?? turn.parent }
}

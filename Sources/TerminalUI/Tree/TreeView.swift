import SessionCore

/// The tree page: which turns it lists, which are folded away, where the choice stands.
///
/// The list is made when it changes, not when it is drawn: walking it costs nothing in a session
/// of any length.
public struct TreeView: Equatable, Sendable {
  /// One turn's place in the outline.
  struct Row: Equatable, Sendable {
    var turn: TurnID
    /// Forks above it; branches step to the right only where the conversation forks.
    var depth: Int
    var isFork: Bool
    /// Turns folded away under it.
    var folded = 0
  }

  /// Only turns of one kind.
  enum Filter: String, Equatable, Sendable, CaseIterable {
    case all, unary, critique, challenge, edited, regenerated, remarked

    var word: String {
      switch self {
      case .all: "all turns"
      case .unary: "try again"
      case .critique: "critiques"
      case .challenge: "challenges"
      case .edited: "edits in place"
      case .regenerated: "regenerated"
      case .remarked: "rated, noted, tagged, bookmarked"
      }
    }
  }

  private(set) var rows: [Row] = []
  /// Where each turn stands in ``rows``; -1 where it is not listed.
  private var places: [Int32] = []
  /// Entries of the session that ``rows`` were made for.
  private var entryCount = 0
  /// Place of the choice in ``rows``.
  private(set) var place = 0
  private(set) var foldedTurns: Set<TurnID> = []
  private(set) var filter = Filter.all
  var search: TextSearch?

  init(_ session: Session, _ index: TurnIndex) {
    makeRows(session, index, choosing: session.head)
  }

  var chosen: TurnID? { rows.indices.contains(place) ? rows[place].turn : nil }

  /// The same list for the session as it is now, made again only when something was added.
  mutating func open(_ session: Session, _ index: TurnIndex) {
    guard session.entryCount != entryCount || places.count != index.count else {
      return choose(session.head, index)
    }
    makeRows(session, index, choosing: session.head)
  }

  // MARK: - Making the list

  /// The outline again after the record grew, a fold or another filter.
  mutating func makeRows(_ session: Session, _ index: TurnIndex, choosing turn: TurnID?) {
    rows = []
    places = Array(repeating: -1, count: index.count)
    entryCount = session.entryCount
    var next = index.firstChild(of: nil)
    var depth = 0
    while let turn = next {
      let isFork = index.siblingCount(of: turn) > 1
      if isFork { depth += 1 }
      let isFolded = foldedTurns.contains(turn)
      if passes(turn, session) {
        let folded = isFolded ? Self.count(below: turn, index) : 0
        places[turn.position] = Int32(rows.count)
        rows.append(Row(turn: turn, depth: depth, isFork: isFork, folded: folded))
      }
      next = isFolded ? nil : index.firstChild(of: turn)
      if next == nil { next = Self.after(turn, index, &depth) }
    }
    choose(turn, index)
  }

  /// The next turn that is not below `turn`.
  private static func after(
    _ turn: TurnID, _ index: TurnIndex, _ depth: inout Int
  ) -> TurnID? {
    var turn = turn
    while true {
      if index.siblingCount(of: turn) > 1 { depth -= 1 }
      if let sibling = index.nextSibling(of: turn) { return sibling }
      guard let above = index.parent(of: turn) else { return nil }
      turn = above
    }
  }

  static func count(below turn: TurnID, _ index: TurnIndex) -> Int {
    var count = 0
    var next = index.firstChild(of: turn)
    while let id = next {
      count += 1
      next = index.firstChild(of: id)
      if next == nil {
        var end = id
        // Up to the first turn that has a younger sibling, but never above `turn`.
        while next == nil, end != turn {
          next = index.nextSibling(of: end)
          if next == nil { end = index.parent(of: end) ?? turn }
        }
      }
    }
    return count
  }

  private func passes(_ id: TurnID, _ session: Session) -> Bool {
    guard filter != .all, let turn = session[id] else { return true }
    // A reply belongs to the feedback it answers.
    let feedback = turn.feedback ?? turn.parent.flatMap { session[$0]?.feedback }
    switch filter {
    case .all: return true
    case .unary: return feedback?.kind == .unary
    case .critique: return feedback?.kind == .critique
    case .challenge: return feedback?.kind == .challenge
    case .edited:
      guard case .continued = turn.origin else { return false }
      return true
    case .regenerated:
      guard case .resampled = turn.origin else { return false }
      return true
    case .remarked:
      return session.ratings[id] != nil || session.notes[id] != nil || session.tags[id] != nil
        || session.bookmarks.contains(id)
    }
  }

  // MARK: - Walking

  /// Chooses a turn, or the nearest turn above it that is listed.
  mutating func choose(_ turn: TurnID?, _ index: TurnIndex) {
    var next = turn
    while let id = next {
      if places.indices.contains(id.position), places[id.position] >= 0 {
        place = Int(places[id.position])
        return
      }
      next = index.parent(of: id)
    }
    place = min(place, max(0, rows.count - 1))
  }

  mutating func move(by delta: Int) {
    place = min(max(place + delta, 0), max(0, rows.count - 1))
  }

  /// Folds what is below the chosen turn away, or shows it again.
  mutating func toggleFold(_ session: Session, _ index: TurnIndex) {
    guard let chosen, index.firstChild(of: chosen) != nil else { return }
    if foldedTurns.remove(chosen) == nil { foldedTurns.insert(chosen) }
    makeRows(session, index, choosing: chosen)
  }

  /// Folds every branch that does not lead to the head, or none.
  mutating func toggleFoldAll(_ session: Session, _ index: TurnIndex) {
    let chosen = chosen
    if foldedTurns.isEmpty {
      for turn in session.turns.lazy.map(\.id)
      where !index.isOnPath(turn) && index.firstChild(of: turn) != nil
        && index.parent(of: turn).map(index.isOnPath) != false
      {
        foldedTurns.insert(turn)
      }
    } else {
      foldedTurns = []
    }
    makeRows(session, index, choosing: chosen)
  }

  mutating func nextFilter(_ session: Session, _ index: TurnIndex) {
    let all = Filter.allCases
    let after = (all.firstIndex(of: filter) ?? 0) + 1
    filter = all[after % all.count]
    makeRows(session, index, choosing: chosen)
  }

  /// Goes to the next (1) or previous (-1) row found; false when there is none.
  mutating func find(_ step: Int, from start: Int? = nil, _ session: Session) -> Bool {
    guard let search, !rows.isEmpty else { return false }
    let first = start ?? place + step
    for offset in 0..<rows.count {
      let candidate = ((first + step * offset) % rows.count + rows.count) % rows.count
      let turn = rows[candidate].turn
      let words = (session.notes[turn] ?? []) + (session.tags[turn] ?? []).map { "#" + $0 }
      if search.isFound(in: session[turn]?.text ?? "") || words.contains(where: search.isFound) {
        place = candidate
        return true
      }
    }
    return false
  }
}

import SessionCore

/// A few figures of sessions, whatever moved their attempts: what a screen shows while a
/// conversation goes on. Digests add up, so that those of a thousand sessions need no more memory
/// than one.
public struct FrictionDigest: Equatable, Sendable {
  public private(set) var sessions = 0
  /// Questions that have a reply.
  public private(set) var questions = 0
  /// Replies; one that several lines share is counted once.
  public private(set) var attempts = 0
  /// Lines of attempts that are right at attempt k or before, of the judged ones; k = 1 at 0. See
  /// ``Outcomes``.
  public private(set) var right: [Proportion] = []
  /// Answers at attempt k that an earlier attempt had given; see ``Repetition/atAttempt``.
  public private(set) var repeated: [Proportion] = []
  /// Replies continued from a person's edit that nobody asked to better or edited again, by the
  /// number of the attempt. This program's own measure.
  public private(set) var standingEdits: [Proportion] = []
  /// Tokens at attempt k; nil where no reply recorded them.
  public private(set) var tokens: [Cost.Tokens?] = []

  /// Of no session.
  public init() {}

  /// Of one session.
  public init(_ session: Session) {
    let lines = AttemptLine.lines(of: session)
    // Intervals by drawing tasks again are no matter of a glance.
    let noDraws = TaskDraws([String]())
    sessions = 1
    questions = Set(lines.compactMap { $0.attempts.first?.reply.parent }).count
    attempts = lines.distinctAttempts.count
    right = Outcomes(lines).atAttempt.map(\.cumulative)
    repeated = Repetition(lines, noDraws).atAttempt
    tokens = Cost(lines, noDraws).atAttempt
    let ends = Set(lines.compactMap { $0.attempts.last?.reply.id })
    for (number, attempt, _) in lines.distinctAttempts {
      while standingEdits.count < number { standingEdits.append(Proportion(0, of: 0)) }
      guard attempt.movedBy == .edit else { continue }
      let stands = ends.contains(attempt.reply.id) ? 1 : 0
      standingEdits[number - 1] = standingEdits[number - 1] + Proportion(stands, of: 1)
    }
  }

  /// Most attempts at one question.
  public var attemptsMax: Int { tokens.count }

  /// Answers that had been given before, of all that could have been.
  public var allRepeated: Proportion { repeated.dropFirst().reduce(Proportion(0, of: 0), +) }

  public var allStandingEdits: Proportion { standingEdits.reduce(Proportion(0, of: 0), +) }

  /// Nil when no reply recorded its tokens.
  public var allTokens: Cost.Tokens? {
    let known = tokens.compactMap(\.self)
    return known.isEmpty ? nil : known.reduce(Cost.Tokens(), +)
  }

  /// What the sessions of both come to.
  public static func + (left: Self, right: Self) -> Self {
    var sum = FrictionDigest()
    sum.sessions = left.sessions + right.sessions
    sum.questions = left.questions + right.questions
    sum.attempts = left.attempts + right.attempts
    let none = Proportion(0, of: 0)
    // A line that ended early stays as right or wrong as it was.
    sum.right = joined(left.right, right.right) {
      ($0 ?? left.right.last ?? none) + ($1 ?? right.right.last ?? none)
    }
    sum.repeated = joined(left.repeated, right.repeated) { ($0 ?? none) + ($1 ?? none) }
    sum.standingEdits = joined(left.standingEdits, right.standingEdits) {
      ($0 ?? none) + ($1 ?? none)
    }
    sum.tokens = joined(left.tokens, right.tokens) { one, other in
      guard let one = one ?? nil else { return other ?? nil }
      return (other ?? nil).map { one + $0 } ?? one
    }
    return sum
  }

  private static func joined<Element>(
    _ left: [Element], _ right: [Element], _ add: (Element?, Element?) -> Element
  ) -> [Element] {
    (0..<max(left.count, right.count)).map { place in
      add(
        place < left.count ? left[place] : nil, place < right.count ? right[place] : nil)
    }
  }
}

extension Proportion {
  /// Counts of two disjoint groups.
  static func + (left: Self, right: Self) -> Self {
    Proportion(left.count + right.count, of: left.total + right.total)
  }
}

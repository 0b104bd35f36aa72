import SessionCore

/// Right and wrong over the attempts of a group of lines.
public struct Outcomes: Equatable, Sendable {
  /// Right answers up to one attempt.
  public struct AtAttempt: Equatable, Sendable {
    /// Counted from 1.
    public var attempt: Int
    /// Lines answered rightly at this attempt or before it, of all judged lines. A line that
    /// ended earlier without a right answer stays in the count as not right.
    public var cumulative: Proportion
    /// Right answers at this very attempt, of the lines that have it.
    public var alone: Proportion
  }

  /// What became of the answer from one attempt to the next, when both were judged. No answer
  /// counts as a wrong one.
  public struct Steps: Equatable, Sendable {
    /// Wrong, then right.
    public var recovered = 0
    /// Right, then wrong.
    public var regressed = 0
    /// Right, then right.
    public var held = 0
    /// Wrong, then wrong with another answer.
    public var otherWrong = 0
    /// Wrong, then wrong with the same answer.
    public var stuck = 0

    public init() {}

    public var fromWrong: Int { recovered + otherWrong + stuck }
    public var fromRight: Int { regressed + held }
    public var all: Int { fromWrong + fromRight }
    /// Recovered, of the steps that began wrong.
    public var recovery: Proportion { Proportion(recovered, of: fromWrong) }
    /// Regressed, of the steps that began right.
    public var regression: Proportion { Proportion(regressed, of: fromRight) }
  }

  /// Lines whose first attempt was judged.
  public private(set) var judgedLines = 0
  public private(set) var judgedAttempts = 0
  /// Judged attempts that gave no answer.
  public private(set) var unanswered = 0
  /// One element an attempt, up to the longest judged line.
  public private(set) var atAttempt: [AtAttempt] = []
  public private(set) var steps = Steps()

  /// Counts over the judged attempts of `lines`.
  ///
  /// Cumulative accuracy is Acc_k of *Feedback Friction* (arXiv 2506.11930v2, §2.1) and equals
  /// Succ@k of *A Simple "Try Again"* (arXiv 2507.14295v2, eq. 12).
  public init(_ lines: [AttemptLine]) {
    let judged = lines.map { $0.judged.compactMap(\.verdict) }.filter { !$0.isEmpty }
    judgedLines = judged.count
    let longest = judged.map(\.count).max() ?? 0
    let firstRight = judged.map { $0.firstIndex { $0.outcome == .right } ?? longest }
    for k in 0..<longest {
      let having = judged.filter { $0.count > k }
      atAttempt.append(
        AtAttempt(
          attempt: k + 1,
          cumulative: Proportion(firstRight.count { $0 <= k }, of: judged.count),
          alone: Proportion(having.count { $0[k].outcome == .right }, of: having.count)))
    }
    let attempts = lines.distinctAttempts.compactMap(\.attempt.verdict)
    judgedAttempts = attempts.count
    unanswered = attempts.count { $0.outcome == .noAnswer }
    for step in lines.distinctSteps { steps.count(step.from, step.to) }
  }
}

extension Outcomes {
  /// Accuracy at attempt k or before. Past the longest line it is known only when every line has
  /// been solved: then no line needed the attempt.
  public func cumulative(at attempt: Int) -> Proportion? {
    guard attempt > atAttempt.count else { return atAttempt[max(attempt, 1) - 1].cumulative }
    guard let last = atAttempt.last?.cumulative, last.count == last.total else { return nil }
    return last
  }
}

extension Outcomes.Steps {
  fileprivate mutating func count(_ from: Attempt, _ to: Attempt) {
    guard let before = from.verdict?.outcome, let after = to.verdict?.outcome else { return }
    switch (before == .right, after == .right) {
    case (true, true): held += 1
    case (true, false): regressed += 1
    case (false, true): recovered += 1
    case (false, false) where from.answer == to.answer: stuck += 1
    case (false, false): otherWrong += 1
    }
  }
}

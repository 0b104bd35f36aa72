import SessionCore

/// How many turns lines take and how many different answers they try.
///
/// *A Simple "Try Again"* (arXiv 2507.14295v2, §1, §4.1, figure 2, equations 1 and 10).
public struct Persistence: Equatable, Sendable {
  /// Mean number of attempts; an unsolved line counts with the attempts it used (the paper leaves
  /// that open).
  public let averageTurns: Estimate?
  /// Mean over lines of distinct answers / answers.
  public let effectiveAnswers: Estimate?
  /// Lines that failed with one and the same answer, of those that failed after two answers or more.
  public let stuck: Proportion
  /// Mean over lines with two answers or more of Σ c (c - 1) / n (n - 1): how likely two answers of
  /// a line are the same.
  public let collision: Estimate?

  public init(_ lines: [AttemptLine], _ draws: TaskDraws? = nil) {
    let draws = draws ?? TaskDraws(lines)
    averageTurns = draws.quotient(lines.map { Part($0.task, Double($0.attempts.count)) })
    effectiveAnswers = draws.quotient(
      lines.filter { !$0.answers.isEmpty }.map { Part($0.task, $0.answers.distinctShare) })
    let failed = lines.filter { line in
      line.answers.count > 1 && line.judged.count == line.attempts.count
        && line.judged.last?.verdict?.outcome != .right
    }
    stuck = Proportion(failed.count { Set($0.answers).count == 1 }, of: failed.count)
    collision = draws.quotient(
      lines.filter { $0.answers.count > 1 }.map { line in
        let n = Double(line.answers.count)
        let same = line.answers.counts.reduce(0) { $0 + $1 * ($1 - 1) }
        return Part(line.task, same / (n * (n - 1)))
      })
  }

  var figures: [Figure] {
    [
      Figure("average_turns", averageTurns), Figure("effective_answer_ratio", effectiveAnswers),
      Figure("collision_probability", collision),
    ].compactMap(\.self)
  }
}

extension Collection<String> {
  /// Distinct answers / answers; not for no answer at all.
  var distinctShare: Double { Double(Set(self).count) / Double(count) }

  /// How often each answer was given, in the order of the answers.
  var counts: [Double] {
    Dictionary(map { ($0, 1.0) }, uniquingKeysWith: +).sorted { $0.key < $1.key }.map(\.value)
  }
}

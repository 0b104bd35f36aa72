import SessionCore

/// How many turns lines take and how many different answers they try.
///
/// *A Simple "Try Again"* (arXiv 2507.14295v2, §1, §4.1, figure 2, equations 1 and 10).
public struct Persistence: Equatable, Sendable {
  /// Mean number of attempts; an unsolved line counts with the attempts it used (the paper leaves
  /// that open).
  public let averageTurns: Double?
  /// Mean over lines of distinct answers / answers.
  public let effectiveAnswers: Double?
  /// Lines that failed with one and the same answer, of those that failed after two answers or more.
  public let stuck: Proportion
  /// Mean over lines with two answers or more of Σ c (c - 1) / n (n - 1): how likely two answers of
  /// a line are the same.
  public let collision: Double?

  public init(_ lines: [AttemptLine]) {
    let answers = lines.map { $0.attempts.compactMap(\.answer) }
    averageTurns = Self.mean(lines.map { Double($0.attempts.count) })
    effectiveAnswers = Self.mean(
      answers.filter { !$0.isEmpty }.map { Double(Set($0).count) / Double($0.count) })
    let failed = zip(lines, answers).filter { line, answers in
      answers.count > 1 && line.judged.count == line.attempts.count
        && line.judged.last?.verdict?.outcome != .right
    }
    stuck = Proportion(failed.count { Set($0.1).count == 1 }, of: failed.count)
    collision = Self.mean(
      answers.filter { $0.count > 1 }.map { answers in
        let counts = Dictionary(answers.map { ($0, 1.0) }, uniquingKeysWith: +).values
        let n = Double(answers.count)
        return counts.reduce(0) { $0 + $1 * ($1 - 1) } / (n * (n - 1))
      })
  }

  static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}

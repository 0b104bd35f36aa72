import SessionCore

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Whether a line keeps trying new answers or locks itself in.
///
/// The alarm that *The Lock-in Hypothesis* (arXiv 2506.06166) asks for, on one conversation: its
/// own measure, lineage diversity, is not known here, so the effective-answer ratio of "Try Again"
/// and the entropy of a line's answers stand in for it.
public struct Diversity: Equatable, Sendable {
  /// Mean over lines with two answers or more of -Σ p ln p, p the share of each answer, in nats.
  public let entropy: Estimate?
  /// Distinct answers / answers among the first k of a line, mean over lines with k answers:
  /// element k - 1.
  public let effectiveAt: [Estimate?]
  /// Lines whose last three answers are one and the same, and not right where that is known, of
  /// those with three answers or more.
  public let lockedIn: Proportion
  /// Distinct share of the first half of a line's answers minus that of the second, mean over lines
  /// with four answers or more; a middle answer belongs to neither.
  public let loss: Estimate?

  static let lockedRun = 3

  public init(_ lines: [AttemptLine], _ draws: TaskDraws? = nil) {
    let draws = draws ?? TaskDraws(lines)
    entropy = draws.quotient(
      lines.filter { $0.answers.count > 1 }.map { Part($0.task, Self.entropy($0.answers.counts)) })
    effectiveAt = (0..<(lines.map(\.answers.count).max() ?? 0)).map { index in
      draws.quotient(
        lines.filter { $0.answers.count > index }.map {
          Part($0.task, $0.answers[...index].distinctShare)
        })
    }
    let long = lines.filter { $0.answers.count >= Self.lockedRun }
    lockedIn = Proportion(long.count(where: Self.isLockedIn), of: long.count)
    loss = draws.quotient(
      lines.filter { $0.answers.count >= 4 }.map { line in
        let half = line.answers.count / 2
        return Part(
          line.task,
          line.answers.prefix(half).distinctShare - line.answers.suffix(half).distinctShare)
      })
  }

  var figures: [Figure] {
    [Figure("answer_entropy", entropy), Figure("diversity_loss", loss)].compactMap(\.self)
  }
  var curves: [Curve] { [Curve("effective_answers_at", effectiveAt)].compactMap(\.self) }
  var shares: [NamedShare] { [NamedShare("locked_in", lockedIn)] }

  /// -Σ p ln p of counts, in nats.
  static func entropy(_ counts: [Double]) -> Double {
    let total = counts.reduce(0, +)
    // 0 - and not a minus sign: one answer alone is 0, not -0.
    return 0 - counts.reduce(0) { $0 + $1 / total * log($1 / total) }
  }

  private static func isLockedIn(_ line: AttemptLine) -> Bool {
    guard Set(line.answers.suffix(lockedRun)).count == 1 else { return false }
    return line.attempts.last?.verdict?.outcome != .right
  }
}

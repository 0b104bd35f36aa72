import SessionCore

/// Friction: how far a model stays below what it could reach with the feedback it was given.
///
/// *Feedback Friction* (arXiv 2506.11930v2) defines friction in words, as the gap between final and
/// target accuracy, and prints no formula for the target. The formulas here are this program's own:
/// an item that is wrong in the end counts against the model when no round of feedback misled it,
/// and against the feedback otherwise.
public struct Resistance: Equatable, Sendable {
  /// Target_K = 1 - misled / lines; misled are lines that nothing but bad feedback explains: wrong
  /// at every attempt, and some round misled.
  public let target: Estimate?
  /// Friction_K = Target_K - Acc_K.
  public let friction: Estimate?
  /// Friction_K / (1 - Acc_0); nil when all was right at first.
  public let normalised: Estimate?
  /// (Acc_K - Acc_0) / (1 - Acc_0), figure 6 of the paper; nil when all was right at first.
  public let improvement: Estimate?

  /// 1 or 0 each.
  private struct Ends {
    var task: String
    var first: Double
    var solved: Double
    var misled: Double

    init?(_ line: AttemptLine) {
      guard let start = line.judged.first?.verdict else { return nil }
      let isSolved = line.judged.contains { $0.verdict?.outcome == .right }
      task = line.task
      first = start.outcome == .right ? 1 : 0
      solved = isSolved ? 1 : 0
      misled = !isSolved && line.judged.contains { $0.wasMisled } ? 1 : 0
    }
  }

  public init(_ lines: [AttemptLine], _ draws: TaskDraws? = nil) {
    let draws = draws ?? TaskDraws(lines)
    let ends = lines.compactMap(Ends.init)
    target = draws.quotient(ends.map { Part($0.task, 1 - $0.misled) })
    friction = draws.quotient(ends.map { Part($0.task, 1 - $0.misled - $0.solved) })
    normalised = draws.quotient(
      ends.map { Part($0.task, 1 - $0.misled - $0.solved, of: 1 - $0.first) })
    improvement = draws.quotient(ends.map { Part($0.task, $0.solved - $0.first, of: 1 - $0.first) })
  }

  var figures: [Figure] {
    [
      Figure("target_accuracy", target), Figure("friction", friction),
      Figure("normalised_friction", normalised), Figure("absolute_improvement", improvement),
    ].compactMap(\.self)
  }
}

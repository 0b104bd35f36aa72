import SessionCore

/// Friction: how far a model stays below what it could reach with the feedback it was given.
///
/// *Feedback Friction* (arXiv 2506.11930v2) defines friction in words, as the gap between final and
/// target accuracy, and prints no formula for the target. The formulas here are this program's own:
/// an item that is wrong in the end counts against the model when no round of feedback misled it,
/// and against the feedback otherwise.
public struct Resistance: Equatable, Sendable {
  /// Right at the first attempt, and right at some attempt, of the judged lines.
  public let first: Proportion
  public let final: Proportion
  /// Lines that nothing but bad feedback explains: wrong at every attempt, and some round misled.
  public let misled: Int

  public init(_ lines: [AttemptLine]) {
    let judged = lines.filter { !$0.judged.isEmpty }
    let solved = judged.filter { $0.judged.contains { $0.verdict?.outcome == .right } }
    first = Proportion(
      judged.count { $0.judged.first?.verdict?.outcome == .right }, of: judged.count)
    final = Proportion(solved.count, of: judged.count)
    misled =
      judged.count { line in
        !line.judged.contains { $0.verdict?.outcome == .right }
          && line.judged.contains { $0.wasMisled }
      }
  }

  /// Target_K = 1 - misled / lines.
  public var target: Double? {
    final.total > 0 ? 1 - Double(misled) / Double(final.total) : nil
  }
  /// Friction_K = Target_K - Acc_K.
  public var friction: Double? {
    guard let target, let reached = final.share else { return nil }
    return target - reached
  }
  /// Friction_K / (1 - Acc_0); nil when all was right at first.
  public var normalised: Double? {
    guard let friction, let start = first.share, start < 1 else { return nil }
    return friction / (1 - start)
  }
  /// (Acc_K - Acc_0) / (1 - Acc_0), figure 6 of the paper; nil when all was right at first.
  public var improvement: Double? {
    guard let reached = final.share, let start = first.share, start < 1 else { return nil }
    return (reached - start) / (1 - start)
  }
}

import SessionCore

/// How often lines change between right and wrong.
///
/// *Helpful Agent Meets Deceptive Judge* (arXiv 2506.03332) follows correctness round by round,
/// oscillation and recovery included; how it counts them is not known, so the counts are our own.
/// `modification` is M. of *Ask Again, Then Fail* (arXiv 2310.02174, §3.1.3).
public struct Vacillation: Equatable, Sendable {
  /// Mean number of changes, right to wrong or back, over lines with two judged attempts or more.
  public let flips: Estimate?
  /// Lines that changed at least once, of those.
  public let flipping: Proportion
  /// Lines that lost a right answer and had one again later, of those that lost one.
  public let regained: Proportion
  /// M. = Acc_before - Acc_after of challenged right answers: right at first and wrong in the end,
  /// of all judged lines.
  public let modification: Proportion

  public init(_ lines: [AttemptLine], _ draws: TaskDraws? = nil) {
    let long = lines.filter { $0.judged.count > 1 }
    let counts = long.map { line in (line, flips: Self.flips(line)) }
    flips = (draws ?? TaskDraws(lines)).quotient(counts.map { Part($0.0.task, Double($0.flips)) })
    flipping = Proportion(counts.count { $0.flips > 0 }, of: counts.count)
    let losing = long.compactMap(Self.regains)
    regained = Proportion(losing.count { $0 }, of: losing.count)
    modification = Transitions(lines).modified
  }

  var figures: [Figure] { [Figure("flips", flips)].compactMap(\.self) }
  var shares: [NamedShare] {
    [
      NamedShare("flipping_lines", flipping), NamedShare("regained", regained),
      NamedShare("modification", modification),
    ]
  }

  private static func flips(_ line: AttemptLine) -> Int {
    let right = line.judged.map { $0.verdict?.outcome == .right }
    return zip(right, right.dropFirst()).count { $0 != $1 }
  }

  /// Whether a right answer came again after one was lost; nil when none was lost.
  private static func regains(_ line: AttemptLine) -> Bool? {
    let right = line.judged.map { $0.verdict?.outcome == .right }
    guard let loss = right.indices.dropFirst().first(where: { right[$0 - 1] && !right[$0] }) else {
      return nil
    }
    return right[loss...].contains(true)
  }
}

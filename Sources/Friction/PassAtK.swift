import SessionCore

/// Pass@k of independent draws, unbiased: 1 - C(n - c, k) / C(n, k) for c right of n, averaged over
/// tasks (Chen et al. 2021, arXiv 2107.03374, equation 1). The baseline that "Try Again" compares
/// with.
public enum PassAtK {
  /// Nil when there are fewer than k draws.
  public static func estimate(right: Int, of draws: Int, k: Int) -> Double? {
    guard k >= 1, draws >= k, (0...draws).contains(right) else { return nil }
    guard draws - right >= k else { return 1 }
    // The product of (n - c - i) / (n - i) needs no large binomials.
    return 1
      - (0..<k).reduce(1.0) { $0 * Double(draws - right - $1) / Double(draws - $1) }
  }

  /// One element for each k from 1 on, over lines of unguided draws that go on after a right answer;
  /// empty for other lines, where the number of draws depends on what came out.
  static func curve(_ lines: [AttemptLine], _ tasks: TaskDraws) -> [Estimate] {
    guard lines.contains(where: { $0.attempts.count > 1 }),
      lines.allSatisfy({ line in
        line.kind == .regenerate && line.judged.count == line.attempts.count
          && line.attempts.count == lines[0].attempts.count
      })
    else { return [] }
    let draws = lines[0].attempts.count
    return (1...draws).compactMap { k in
      tasks.quotient(
        lines.compactMap { line in
          let right = line.attempts.count { $0.verdict?.outcome == .right }
          return estimate(right: right, of: draws, k: k).map { Part(line.task, $0) }
        })
    }
  }
}

import SessionCore

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Tests of the difference between two arms that were given the same tasks.
public enum PairedTests {
  /// McNemar's exact test, two-sided: with b and c the pairs in which only the one or only the
  /// other was right, min(1, 2 Σ_{i ≤ min(b, c)} C(b+c, i) / 2^(b+c)); 1 without such pairs.
  ///
  /// Q. McNemar, Psychometrika 12 (1947); the exact form is the sign test.
  public static func mcNemar(_ b: Int, _ c: Int) -> Double {
    let n = b + c
    guard n > 0 else { return 1 }
    // In logarithms: 2^-n leaves the range of Double at n = 1075.
    var logTerm = -Double(n) * log(2.0)
    var sum = exp(logTerm)
    for i in 0..<min(b, c) {
      logTerm += log(Double(n - i)) - log(Double(i + 1))
      sum += exp(logTerm)
    }
    return min(1, 2 * sum)
  }

  /// A permutation test, two-sided, that turns the signs of whole tasks: the share of turnings
  /// whose sum is at least as far from 0 as the one found, the found one among them
  /// ((hits + 1) / (draws + 1); Phipson and Smyth 2010).
  /// - Parameter differences: one a task, right in a minus right in b.
  public static func permutation(
    _ differences: [Int], seed: UInt64 = 1, draws: Int = 10_000
  ) -> Double {
    let changed = differences.filter { $0 != 0 }
    guard !changed.isEmpty else { return 1 }
    let found = abs(changed.reduce(0, +))
    var chance = SplitMix64(seed: seed)
    var hits = 0
    for _ in 0..<draws {
      var sum = 0
      var bits: UInt64 = 0
      for (index, value) in changed.enumerated() {
        if index % 64 == 0 { bits = chance.next() }
        sum += bits & 1 == 0 ? value : -value
        bits >>= 1
      }
      if abs(sum) >= found { hits += 1 }
    }
    return Double(hits + 1) / Double(draws + 1)
  }

  /// Holm's adjustment of several p values: in ascending order the i-th (from 0) of m times m - i,
  /// never less than the one before, at most 1.
  ///
  /// S. Holm, Scandinavian Journal of Statistics 6 (1979).
  public static func holm(_ values: [Double]) -> [Double] {
    var adjusted = values
    var highest = 0.0
    for (rank, index) in values.indices.sorted(by: { values[$0] < values[$1] }).enumerated() {
      highest = max(highest, min(1, values[index] * Double(values.count - rank)))
      adjusted[index] = highest
    }
    return adjusted
  }
}

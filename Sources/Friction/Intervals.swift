/// A share that was counted, with its uncertainty.
public struct Proportion: Equatable, Sendable {
  /// How many of `total` had it.
  public let count: Int
  public let total: Int

  /// `count` of `total`; the count is held within 0...total.
  public init(_ count: Int, of total: Int) {
    self.total = max(total, 0)
    self.count = min(max(count, 0), self.total)
  }

  /// Nil of nothing: unknown, not 0.
  public var share: Double? { total > 0 ? Double(count) / Double(total) : nil }

  /// Wilson's score interval at 95 %: with z = 1.959963984540054, p = count / n,
  /// (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n).
  ///
  /// E. B. Wilson, *Probable Inference, the Law of Succession, and Statistical Inference*, JASA 22
  /// (1927). Unlike the normal interval it never leaves 0...1 and is not empty at 0 of n.
  public var interval: ClosedRange<Double>? {
    guard let share else { return nil }
    let n = Double(total)
    let z = Self.z95
    let centre = share + z * z / (2 * n)
    let spread = z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
    let scale = 1 + z * z / n
    let low = count == 0 ? 0 : max(0, (centre - spread) / scale)
    let high = count == total ? 1 : min(1, (centre + spread) / scale)
    return low...high
  }

  /// The 97.5 % point of the standard normal distribution.
  private static let z95 = 1.959963984540054

  /// Newcombe's interval at 95 % of share(a) - share(b), two independent shares: with Wilson's
  /// intervals [l, u] of each, d - √((p_a - l_a)² + (u_b - p_b)²) ... d + √((u_a - p_a)² + (p_b - l_b)²).
  ///
  /// R. G. Newcombe, Statistics in Medicine 17 (1998), 873-890, method 10.
  public static func difference(_ a: Proportion, _ b: Proportion) -> ClosedRange<Double>? {
    guard let shareA = a.share, let shareB = b.share, let boundsA = a.interval,
      let boundsB = b.interval
    else { return nil }
    let square = { (value: Double) in value * value }
    let difference = shareA - shareB
    let down = square(shareA - boundsA.lowerBound) + square(boundsB.upperBound - shareB)
    let up = square(boundsA.upperBound - shareA) + square(shareB - boundsB.lowerBound)
    return max(-1, difference - down.squareRoot())...min(1, difference + up.squareRoot())
  }
}

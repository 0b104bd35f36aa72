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
}

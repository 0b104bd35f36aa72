import SessionCore

/// Intervals by drawing tasks again: the attempts at one task are alike, so tasks are the units, not
/// attempts (the clustered bootstrap; Efron and Tibshirani 1993, chapters 8 and 13).
public struct Bootstrap: Equatable, Sendable {
  /// Same seed, same interval.
  public var seed: UInt64
  public var resamples: Int

  public init(seed: UInt64 = 1, resamples: Int = 2000) {
    self.seed = seed
    self.resamples = resamples
  }

  /// What one task adds to a share: `count` of `total`.
  public struct Part: Equatable, Sendable {
    public var count: Int
    public var total: Int

    public init(_ count: Int, of total: Int) {
      self.count = count
      self.total = total
    }

    static let nothing = Part(0, of: 0)

    static func += (left: inout Part, right: Part) {
      left.count += right.count
      left.total += right.total
    }

    var share: Double? { total > 0 ? Double(count) / Double(total) : nil }
  }

  /// The percentile interval at 95 % of share(a) - share(b), where each element is one task: its
  /// part of a and its part of b. Nil when a share is of nothing, or in most resamples is.
  public func difference(_ tasks: [(a: Part, b: Part)]) -> ClosedRange<Double>? {
    guard tasks.contains(where: { $0.a.total > 0 }), tasks.contains(where: { $0.b.total > 0 })
    else {
      return nil
    }
    var chance = SplitMix64(seed: seed)
    var values: [Double] = []
    for _ in 0..<resamples {
      var (a, b) = (Part.nothing, Part.nothing)
      for _ in tasks.indices {
        let task = tasks[chance.draw(from: 0...tasks.count - 1)]
        a += task.a
        b += task.b
      }
      if let shareA = a.share, let shareB = b.share { values.append(shareA - shareB) }
    }
    guard values.count > resamples / 2 else { return nil }
    values.sort()
    return Self.quantile(values, 0.025)...Self.quantile(values, 0.975)
  }

  /// Linear between the two nearest values (Hyndman and Fan 1996, type 7).
  static func quantile(_ sorted: [Double], _ p: Double) -> Double {
    let place = p * Double(sorted.count - 1)
    let low = Int(place)
    let high = min(low + 1, sorted.count - 1)
    return sorted[low] + (place - Double(low)) * (sorted[high] - sorted[low])
  }
}

import SessionCore

/// How fast right answers come with a larger budget of attempts: the slope of SR_k.
///
/// MINT (arXiv 2309.10691; `scripts/convert_outputs.py`): SR_k is 100 times the mean success under
/// budget k, and the slope that of a least-squares line through SR_1 ... SR_5. Here a budget of k is
/// the first k attempts of a longer line: the model was not told that the budget is smaller.
public struct Budget: Equatable, Sendable {
  /// Points of success rate an attempt; nil for fewer than two attempts.
  public let slope: Estimate?
  /// Share of the variance of SR_k that the line explains; nil where SR_k does not vary.
  public let rSquared: Estimate?

  /// The largest budget of the paper.
  public static let attemptsMax = 5

  public init(_ lines: [AttemptLine], _ draws: TaskDraws? = nil) {
    let draws = draws ?? TaskDraws(lines)
    let longest = min(Self.attemptsMax, lines.map(\.judged.count).max() ?? 0)
    guard longest > 1 else {
      (slope, rSquared) = (nil, nil)
      return
    }
    let weights = Self.weights(longest)
    let judged = lines.filter { !$0.judged.isEmpty }
    // The slope is linear in SR_k, so each line adds its own: a quotient of sums once more.
    slope = draws.quotient(
      judged.map { line in
        let sum = (0..<longest).reduce(0.0) {
          $0 + weights[$1] * (line.isSolved(by: $1 + 1) ? 1 : 0)
        }
        return Part(line.task, 100 * sum)
      })
    let rates = (1...longest).map { k in
      judged.map { Part($0.task, $0.isSolved(by: k) ? 100 : 0) }
    }
    rSquared = draws.figure(of: rates, Self.rSquared)
  }

  var figures: [Figure] {
    [Figure("success_slope", slope), Figure("success_slope_r2", rSquared)].compactMap(\.self)
  }

  /// (k - mean k) / Σ (k - mean k)² for k = 1 ... count.
  static func weights(_ count: Int) -> [Double] {
    let mean = Double(count + 1) / 2
    let distances = (1...count).map { Double($0) - mean }
    let squares = distances.reduce(0) { $0 + $1 * $1 }
    return distances.map { $0 / squares }
  }

  /// Of the least-squares line through the rates of 1, 2, …
  static func rSquared(_ rates: [Double]) -> Double? {
    let slope = zip(weights(rates.count), rates).reduce(0) { $0 + $1.0 * $1.1 }
    let meanRate = rates.reduce(0, +) / Double(rates.count)
    let meanPlace = Double(rates.count + 1) / 2
    var (explained, all) = (0.0, 0.0)
    for (index, rate) in rates.enumerated() {
      let fitted = slope * (Double(index + 1) - meanPlace)
      explained += fitted * fitted
      all += (rate - meanRate) * (rate - meanRate)
    }
    return all > 0 ? explained / all : nil
  }
}

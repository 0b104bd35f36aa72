import SessionCore

/// How far two judges of the same replies agree beyond chance.
public struct Agreement: Equatable, Sendable {
  /// Replies that both judged.
  public private(set) var count = 0
  /// Replies to which both gave the same outcome.
  public private(set) var equal = 0
  private var first: [Verdict.Outcome: Int] = [:]
  private var second: [Verdict.Outcome: Int] = [:]

  public init(_ pairs: some Sequence<(Verdict.Outcome, Verdict.Outcome)>) {
    for (left, right) in pairs {
      count += 1
      equal += left == right ? 1 : 0
      first[left, default: 0] += 1
      second[right, default: 0] += 1
    }
  }

  /// Share of equal outcomes; nil without replies.
  public var share: Double? { count > 0 ? Double(equal) / Double(count) : nil }

  /// Cohen's kappa over the three outcomes (Cohen 1960): (p_o - p_e) / (1 - p_e). Nil without
  /// replies, and when both gave one and the same outcome throughout, where it is 0 / 0.
  public var kappa: Double? {
    guard let share else { return nil }
    let total = Double(count)
    let byChance = Verdict.Outcome.allCases.reduce(0.0) { sum, outcome in
      sum + Double(first[outcome] ?? 0) / total * (Double(second[outcome] ?? 0) / total)
    }
    return byChance < 1 ? (share - byChance) / (1 - byChance) : nil
  }
}

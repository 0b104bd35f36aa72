import SessionCore

/// What reinforcement learning on "try again" would have paid for the lines.
///
/// *A Simple "Try Again"* (arXiv 2507.14295v2, eq. 9-11, §4.2.3, box 6): a right answer at turn t
/// is worth γ^t with γ = 0.5. The exponent begins at 0, as in the paper's code and rollouts; §4.2.3
/// writes it from 1. A line that is never right is worth 0.
public struct Rewards: Equatable, Sendable {
  /// γ^t.
  public let exponential: Estimate?
  /// max(0, 1 - 0.2 t).
  public let linear: Estimate?
  /// γ^t - λ (1 - distinct answers / attempts), λ = 0.5.
  public let penalised: Estimate?
  /// Mean γ^t if every line had ended at attempt k: element k - 1.
  public let atBudget: [Estimate?]

  static let gamma = 0.5
  static let lambda = 0.5
  static let linearStep = 0.2

  public init(_ lines: [AttemptLine], _ draws: TaskDraws? = nil) {
    let draws = draws ?? TaskDraws(lines)
    let judged = lines.filter { !$0.judged.isEmpty }
    exponential = draws.quotient(judged.map { Part($0.task, Self.decayed($0.firstRight)) })
    linear = draws.quotient(
      judged.map { line in
        Part(line.task, line.firstRight.map { max(0, 1 - Self.linearStep * Double($0)) } ?? 0)
      })
    penalised = draws.quotient(
      judged.map { Part($0.task, Self.decayed($0.firstRight) - Self.penalty($0)) })
    atBudget = (0..<(judged.map(\.judged.count).max() ?? 0)).map { last in
      draws.quotient(
        judged.map { line in
          Part(line.task, Self.decayed(line.firstRight.flatMap { $0 <= last ? $0 : nil }))
        })
    }
  }

  var figures: [Figure] {
    [
      Figure("reward_exponential", exponential), Figure("reward_linear", linear),
      Figure("reward_penalised", penalised),
    ].compactMap(\.self)
  }
  var curves: [Curve] { [Curve("reward_at", atBudget)].compactMap(\.self) }

  private static func decayed(_ turn: Int?) -> Double {
    guard let turn else { return 0 }
    return (0..<turn).reduce(1.0) { value, _ in value * gamma }
  }

  private static func penalty(_ line: AttemptLine) -> Double {
    let attempts = Double(line.judged.count)
    return lambda * (1 - Double(Set(line.judged.compactMap(\.answer)).count) / attempts)
  }
}

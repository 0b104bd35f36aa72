import SessionCore

/// Success under told budgets, as MINT measures it: arms that are named `NAME-1`, `NAME-2`, … after the
/// attempts they allow, each played anew.
///
/// SR_k, its slope and R² (arXiv 2309.10691; `scripts/convert_outputs.py`). Δ_feedback is the
/// comparison "right by the last attempt" of two arms with budget 5.
public struct BudgetSeries: Equatable, Sendable {
  public let model: String
  public let script: String
  public let name: String
  /// Right at some attempt, of the judged lines, under budget 1, 2, …
  public let success: [Proportion]
  /// Points of SR_k an attempt.
  public let slope: Estimate?
  public let rSquared: Estimate?

  /// Every stem with all budgets from 1 to two or more.
  static func all(
    _ groups: [(model: String, script: String, arm: String, lines: [AttemptLine])],
    _ bootstrap: Bootstrap
  ) -> [BudgetSeries] {
    struct Stem: Hashable {
      var model: String
      var script: String
      var name: String
    }
    var arms: [Stem: [Int: [AttemptLine]]] = [:]
    for group in groups {
      guard let dash = group.arm.lastIndex(of: "-"),
        let budget = Int(group.arm[group.arm.index(after: dash)...]), (1...99).contains(budget)
      else { continue }
      let stem = Stem(
        model: group.model, script: group.script, name: String(group.arm[..<dash]))
      arms[stem, default: [:]][budget] = group.lines.filter { !$0.judged.isEmpty }
    }
    return arms.filter { $1.count > 1 && $1.keys.max() == $1.count }.map { stem, byBudget in
      BudgetSeries(
        model: stem.model, script: stem.script, name: stem.name,
        (1...byBudget.count).map { byBudget[$0] ?? [] }, bootstrap)
    }.sorted { ($0.script, $0.model, $0.name) < ($1.script, $1.model, $1.name) }
  }

  private init(
    model: String, script: String, name: String, _ arms: [[AttemptLine]], _ bootstrap: Bootstrap
  ) {
    (self.model, self.script, self.name) = (model, script, name)
    success = arms.map { lines in
      Proportion(lines.count { $0.firstRight != nil }, of: lines.count)
    }
    let weights = Budget.weights(arms.count)
    // All arms have the same tasks: the lines of the first are the number of items.
    let solved = arms.enumerated().flatMap { index, lines in
      lines.map { Part($0.task, $0.firstRight == nil ? 0 : 100 * weights[index], of: 0) }
    }
    let items = (arms.first ?? []).map { Part($0.task, 0) }
    let draws = TaskDraws(arms.joined(), bootstrap)
    slope = draws.quotient(solved + items)
    rSquared = draws.figure(
      of: arms.map { $0.map { Part($0.task, $0.firstRight == nil ? 0 : 100) } }, Budget.rSquared)
  }
}

extension BudgetSeries: Encodable {
  private enum CodingKeys: String, CodingKey {
    case model, script, name, success, slope
    case rSquared = "r2"
    case low = "r2_low"
    case high = "r2_high"
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(model, forKey: .model)
    try container.encode(script, forKey: .script)
    try container.encode(name, forKey: .name)
    try container.encode(success.map(Share.init), forKey: .success)
    try container.encode(slope, forKey: .slope)
    try container.encode(rSquared?.value, forKey: .rSquared)
    try container.encode(rSquared?.interval?.lowerBound, forKey: .low)
    try container.encode(rSquared?.interval?.upperBound, forKey: .high)
  }
}

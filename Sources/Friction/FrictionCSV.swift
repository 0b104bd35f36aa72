/// A friction report as a table for analysts: one measured number a line (RFC 4180, UTF-8, CRLF).
///
/// Columns: `model`, `script`, `arm`, `family`, `difficulty`, `metric`, `attempt`, `n`, `count`,
/// `value`, `low`, `high`; what does not apply or is not known is empty. The metrics are the fields
/// of the JSON form.
public struct FrictionCSV: Sendable {
  static let columns = [
    "model", "script", "arm", "family", "difficulty", "metric", "attempt", "n", "count", "value",
    "low", "high",
  ]

  private let report: FrictionReport

  public init(_ report: FrictionReport) { self.report = report }

  public var text: String {
    let lines =
      report.rows.flatMap(Self.lines) + report.skills.flatMap(Self.lines)
      + report.comparisons.map(Self.line) + report.selectivities.map(Self.line)
      + report.savings.flatMap(Self.lines)
    return ([Self.columns] + lines).map { $0.map(Self.cell).joined(separator: ",") + "\r\n" }
      .joined()
  }

  private static func lines(_ row: FrictionReport.Row) -> [[String]] {
    let head = [row.model, row.script ?? "", row.arm ?? row.kind.rawValue, "", ""]
    let outcomes = row.outcomes
    var lines: [[String]] = []
    for at in outcomes.atAttempt {
      lines.append(head + share("accuracy_at", at.cumulative, attempt: at.attempt))
      lines.append(head + share("accuracy_of_attempt", at.alone, attempt: at.attempt))
    }
    let shares: [(String, Proportion)] = [
      ("recovery", outcomes.steps.recovery), ("regression", outcomes.steps.regression),
      ("error_to_right", row.transitions.recovery),
      ("modification_rate", row.transitions.modification), ("stuck_lines", row.persistence.stuck),
      ("admits_mistake", row.admissions.admitted),
    ]
    lines += shares.map { head + share($0.0, $0.1) }
    lines += row.shares.map { head + share($0.name, $0.share) }
    lines += row.figures.map { head + figure($0.name, $0.estimate) }
    for curve in row.curves {
      lines += curve.points.enumerated().map {
        head + figure(curve.name, $1, attempt: $0 + 1)
      }
    }
    let numbers: [(String, Double?)] = [
      ("prompt_tokens", row.cost.total.map { Double($0.prompt) }),
      ("evaluated_tokens", row.cost.total.map { Double($0.evaluated) }),
      ("generated_tokens", row.cost.total.map { Double($0.generated) }),
      ("leaks", Double(row.leaks)),
    ]
    lines += numbers.map { head + [$0.0, "", "", "", number($0.1), "", ""] }
    for entropy in row.entropies {
      lines.append(head + figure("semantic_entropy: \(entropy.moment.rawValue)", entropy.mean))
    }
    return lines
  }

  private static func lines(_ skill: Skill) -> [[String]] {
    let head = { (arm: String) in
      [skill.model, skill.script, arm, skill.family, skill.difficulty ?? ""]
    }
    return [head("") + share("first", skill.first)]
      + skill.arms.flatMap { arm in
        [
          head(arm.arm) + share("error_to_right", arm.transitions.recovery),
          head(arm.arm) + share("modification_rate", arm.transitions.modification),
        ]
      }
  }

  private static func line(_ comparison: Comparison) -> [String] {
    let (a, b) = (comparison.a, comparison.b)
    let sides =
      a.model == b.model
      ? [a.model, comparison.script, "\(a.arm) - \(b.arm)"]
      : ["\(a.model) - \(b.model)", comparison.script, a.arm]
    return sides + [
      "", "", "difference: \(comparison.measure.rawValue)", "", "\(comparison.pairs)", "",
      number(comparison.difference), number(comparison.interval?.lowerBound),
      number(comparison.interval?.upperBound),
    ]
  }

  private static func line(_ selectivity: Selectivity) -> [String] {
    [selectivity.model, selectivity.script, "", "", "", "selectivity", "", "", ""]
      + [
        number(selectivity.difference), number(selectivity.interval?.lowerBound),
        number(selectivity.interval?.upperBound),
      ]
  }

  private static func lines(_ saving: Saving) -> [[String]] {
    let head = [saving.model, saving.script, "\(saving.arm) - \(saving.against)", "", ""]
    return [
      head + figure("token_saving", saving.tokens),
      head + figure("evaluated_token_saving", saving.evaluated),
    ]
  }

  private static func figure(
    _ metric: String, _ estimate: Estimate?, attempt: Int? = nil
  ) -> [String] {
    [
      metric, attempt.map(String.init) ?? "", estimate.map { "\($0.tasks)" } ?? "", "",
      number(estimate?.value), number(estimate?.interval?.lowerBound),
      number(estimate?.interval?.upperBound),
    ]
  }

  private static func share(
    _ metric: String, _ proportion: Proportion, attempt: Int? = nil
  ) -> [String] {
    [
      metric, attempt.map(String.init) ?? "", "\(proportion.total)", "\(proportion.count)",
      number(proportion.share), number(proportion.interval?.lowerBound),
      number(proportion.interval?.upperBound),
    ]
  }

  private static func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }

  private static func cell(_ text: String) -> String {
    guard text.contains(where: { "\",\r\n".contains($0) || $0 == "\r\n" }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}

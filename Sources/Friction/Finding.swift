/// One thing that a report shows, as a plain sentence that names its uncertainty.
public struct Finding: Equatable, Sendable {
  /// The experiment it is about; nil for sessions that somebody typed.
  public let script: String?
  public let text: String
}

extension FrictionReport {
  /// What the numbers say: each arm's end, what feedback does beyond drawing again, differences that
  /// are clear and between models all that rest on some pairs, selectivity, savings.
  public var findings: [Finding] {
    let scripts = rows.map(\.script).reduce(into: [String?]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    return scripts.flatMap { script in
      let ends = rows.filter { $0.script == script }.compactMap(Self.end)
      let shown = comparisons.filter {
        $0.script == script
          && ($0.isClear || $0.a.model != $0.b.model && $0.pairs >= Self.pairsWorthTelling)
      }
      let others = comparisons.count { $0.script == script } - shown.count
      // With several models a difference of arms says whose it is.
      let isOneModel = Set(rows.map(\.model)).count < 2
      let differences = shown.map { found in
        let whose = isOneModel || found.a.model != found.b.model ? "" : "\(found.a.model): "
        return "\(whose)\(found.sentence) (95 % interval; McNemar p "
          + "\(Self.probability(found.holm)) after Holm, \(found.pairs) pairs)."
      }
      let rest =
        others > 0
        ? ["\(others) more comparison\(others == 1 ? " shows" : "s show") no clear difference."]
        : []
      let sentences =
        ends + differences + rest
        + selectivities.filter { $0.script == script }.compactMap(Self.sentence)
        + budgets.filter { $0.script == script }.compactMap(Self.sentence)
        + savings.filter { $0.script == script }.compactMap(Self.sentence)
      return sentences.map { Finding(script: script, text: $0) }
    }
  }

  /// With fewer pairs that two models differ in nothing clear is no finding.
  private static let pairsWorthTelling = 10

  private static func end(_ row: Row) -> String? {
    guard let first = row.outcomes.atAttempt.first?.cumulative,
      let last = row.outcomes.atAttempt.last, let share = last.cumulative.share,
      let interval = last.cumulative.interval
    else { return nil }
    let name = row.arm ?? row.script ?? row.kind.rawValue
    var text =
      "\(row.model), \(name): \(first.count) of \(first.total) right at first, "
      + "\(last.cumulative.count) after at most \(last.attempt) "
      + "attempt\(last.attempt == 1 ? "" : "s"): \(percent(share)) %, 95 % interval "
      + "\(percent(interval.lowerBound, .down)) to \(percent(interval.upperBound, .up)) %"
    // Where only right answers were doubted there is nothing to take in.
    let isGuided = row.kind != .regenerate && row.transitions.recovery.total > 0
    if isGuided, let friction = row.resistance.friction, let bounds = friction.interval,
      last.attempt > 1
    {
      text +=
        "; friction \(decimal(friction.value)) "
        + "[\(decimal(bounds.lowerBound)), \(decimal(bounds.upperBound))]"
    }
    return text + "."
  }

  private static func sentence(_ found: Selectivity) -> String? {
    guard let uptake = found.uptake.share, let flips = found.flips.share,
      let difference = found.difference, let interval = found.interval
    else { return nil }
    let verdict =
      interval.contains(0)
      ? "no clear selectivity" : difference > 0 ? "it is selective" : "it follows the wrong ones"
    return "\(found.model) takes up sound feedback in \(percent(uptake)) % of "
      + "\(found.uptake.total) steps and gives in to misleading feedback in \(percent(flips)) % of "
      + "\(found.flips.total): \(verdict), \(points(difference)) points "
      + "[\(points(interval.lowerBound)), \(points(interval.upperBound))]."
  }

  private static func sentence(_ series: BudgetSeries) -> String? {
    guard let slope = series.slope, let interval = slope.interval else { return nil }
    let rates = series.success.compactMap { $0.share.map { "\(percent($0))" } }
    let rises =
      interval.lowerBound > 0
      ? "success rises" : interval.upperBound < 0 ? "success falls" : "no clear slope of success"
    return "\(series.model), \(series.name): \(rises) with the budget of attempts, "
      + "\(rates.joined(separator: ", ")) % under 1 to \(series.success.count): "
      + "\(decimal(slope.value)) points an attempt [\(decimal(interval.lowerBound)), "
      + "\(decimal(interval.upperBound))]."
  }

  private static func sentence(_ saving: Saving) -> String? {
    guard let tokens = saving.tokens, let interval = tokens.interval else { return nil }
    let (low, high) = (interval.lowerBound, interval.upperBound)
    let verb =
      low > 0 ? "saves tokens" : high < 0 ? "costs more tokens" : "costs about as many tokens"
    return
      "\(saving.model): \(saving.arm) \(verb) against \(saving.against): \(points(-tokens.value)) "
      + "% [\(points(-high)), \(points(-low))] over \(saving.pairs) pairs, prompt and reply together."
  }

  static func percent(
    _ share: Double, _ rule: FloatingPointRoundingRule = .toNearestOrAwayFromZero
  ) -> Int {
    Int((share * 100).rounded(rule))
  }

  /// `+12`, `-3`, `0`.
  static func points(_ share: Double) -> String {
    let points = percent(share)
    return points > 0 ? "+\(points)" : "\(points)"
  }

  /// Two decimals.
  public static func decimal(_ value: Double) -> String {
    let hundredths = Int((abs(value) * 100).rounded())
    let digits = hundredths % 100
    let sign = value < 0 && hundredths > 0 ? "-" : ""
    return "\(sign)\(hundredths / 100).\(digits < 10 ? "0" : "")\(digits)"
  }

  /// `< 0.001` or three decimals.
  public static func probability(_ p: Double) -> String {
    guard p >= 0.001 else { return "< 0.001" }
    let thousandths = Int((p * 1000).rounded())
    guard thousandths < 1000 else { return "1" }
    let digits = "\(thousandths)"
    return "0." + String(repeating: "0", count: 3 - digits.count) + digits
  }
}

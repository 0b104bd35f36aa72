extension FrictionTable {
  /// Arms side by side in one block of the table of families.
  private static let armsInBlock = 5

  /// First attempts by family, and what each arm made of them; empty where nobody named families.
  var families: String {
    guard !report.skills.isEmpty else { return "" }
    return firstAttempts
      + block("Of the wrong at first, right in the end (of n)") { $0.recovery }
      + block("Of the right at first, wrong in the end (of n)") { $0.modification }
  }

  private var firstAttempts: String {
    let columns = [
      Column("model", 20), Column("family", 26), Column("n", 6, .right), Column("", 1),
      Column("right at first", 16), Column("no answer", 9, .right),
    ]
    let cells = report.skills.map { skill in
      [
        Self.shown(skill.model, 19), Self.shown(Self.label(skill), 26), "\(skill.first.total)", "",
        Self.percent(skill.first), "\(skill.unanswered)",
      ]
    }
    return text(["", "First attempts by family, in % [95 % interval]"] + Self.lay(columns, cells))
  }

  private func block(
    _ title: String, _ share: (Transitions) -> Proportion
  ) -> String {
    var seen: [String] = []
    for arm in report.skills.flatMap(\.arms) where share(arm.transitions).total > 0 {
      if !seen.contains(arm.arm) { seen.append(arm.arm) }
    }
    guard !seen.isEmpty else { return "" }
    var lines = ["", title]
    for start in stride(from: 0, to: seen.count, by: Self.armsInBlock) {
      let arms = Array(seen[start..<min(start + Self.armsInBlock, seen.count)])
      let columns = [Column("", 24)] + arms.map { Column(Self.shown($0, 10), 11) }
      let cells = report.skills.map { skill in
        [Self.shown(Self.label(skill), 23)]
          + arms.map { name in
            let found = skill.arms.first { $0.arm == name }.map { share($0.transitions) }
            guard let found, found.total > 0 else { return "-" }
            return "\(found.count) of \(found.total)"
          }
      }
      lines += Self.lay(columns, cells)
    }
    return text(lines)
  }

  private static func label(_ skill: Skill) -> String {
    [skill.family, skill.difficulty].compactMap(\.self).joined(separator: " ")
  }

  /// One plain sentence for each difference; empty where there is nothing to compare.
  var findings: String {
    guard !report.comparisons.isEmpty else { return "" }
    var lines = [
      "",
      "Differences in points [95 % interval, tasks drawn again \(report.bootstrap.resamples)"
        + " times, seed \(report.bootstrap.seed)]",
      "p: McNemar exact, Holm over the comparisons of one kind",
    ]
    // All there is between models; between arms what is clear.
    let shown = report.comparisons.filter { $0.isClear || $0.a.model != $0.b.model }
    for comparison in shown {
      let p = Self.probability(comparison.holm)
      lines.append(
        Self.shown(comparison.sentence, 200) + " (p \(p), \(comparison.pairs) pairs)")
    }
    let rest = report.comparisons.count - shown.count
    if rest > 0 {
      let words = rest == 1 ? "comparison of arms shows" : "comparisons of arms show"
      lines.append("\(rest) \(words) no clear difference; --json has all.")
    }
    return text(lines)
  }

  private func text(_ lines: [String]) -> String { lines.joined(separator: "\n") + "\n" }

  /// `< 0.001` or three decimals.
  private static func probability(_ p: Double) -> String {
    guard p >= 0.001 else { return "< 0.001" }
    let thousandths = Int((p * 1000).rounded())
    guard thousandths < 1000 else { return "1" }
    let digits = "\(thousandths)"
    return "0." + String(repeating: "0", count: 3 - digits.count) + digits
  }
}

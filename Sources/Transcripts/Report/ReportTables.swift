import Friction

/// The tables of a report, for HTML and Markdown alike.
enum ReportTables {
  typealias Table = ReportPage.Table

  static func arms(_ rows: [FrictionReport.Row], _ models: [String]) -> Table {
    Table(
      tableCaption: "Arm by arm",
      heads: [
        "lines", "right at first", "right in the end", "wrong → right", "right → wrong", "friction",
        "new answers", "turns",
      ],
      tableRows: rows.map { row in
        let at = row.outcomes.atAttempt
        return .init(
          rowName: ReportPage.ExperimentPart.title(row, models),
          cells: [
            "\(row.lines)", share(at.first?.cumulative), share(at.last?.cumulative),
            share(row.outcomes.steps.recovery), share(row.outcomes.steps.regression),
            figure(isGuided(row) ? row.resistance.friction : nil),
            figure(row.persistence.effectiveAnswers), figure(row.persistence.averageTurns),
          ])
      })
  }

  /// Where only right answers were doubted, or nothing was said, there was nothing to take in.
  private static func isGuided(_ row: FrictionReport.Row) -> Bool {
    row.kind != .regenerate && row.transitions.recovery.total > 0
  }

  /// By family of tasks: first attempts, and what each arm made of the wrong ones.
  static func skills(_ report: FrictionReport, _ script: String?) -> [Table] {
    let skills = report.skills.filter { $0.script == script }
    guard !skills.isEmpty else { return [] }
    let models = ReportPage.distinct(skills.map(\.model))
    let arms = ReportPage.distinct(skills.flatMap(\.arms).map(\.arm))
    let name = { (skill: Skill) in
      let words = [skill.family, skill.difficulty, models.count > 1 ? "· \(skill.model)" : nil]
      return VisibleText.line(words.compactMap(\.self).joined(separator: " "))
    }
    let recovered = Table(
      tableCaption: "Skill by skill: right at first; of the wrong ones, right in the end",
      heads: ["right at first"] + arms.map(VisibleText.line),
      tableRows: skills.map { skill in
        .init(
          rowName: name(skill),
          cells: [share(skill.first)]
            + arms.map { arm in
              count(skill.arms.first { $0.arm == arm }?.transitions.recovery)
            })
      })
    return [recovered]
  }

  /// Every figure with its interval.
  static func figures(_ rows: [FrictionReport.Row], _ models: [String]) -> [Table] {
    let names = ReportPage.distinct(rows.flatMap { $0.figures.map(\.name) })
    let shares = ReportPage.distinct(rows.flatMap { $0.shares.map(\.name) })
    guard !names.isEmpty else { return [] }
    let figures = names.map { name in
      Table.Row(
        rowName: name,
        cells: rows.map { row in figure(row.figures.first { $0.name == name }?.estimate) })
    }
    let counted = shares.map { name in
      Table.Row(
        rowName: name,
        cells: rows.map { row in share(row.shares.first { $0.name == name }?.share) })
    }
    let entropies =
      rows.contains { !$0.entropies.isEmpty }
      ? SemanticEntropy.Moment.allCases.map { moment in
        Table.Row(
          rowName: "semantic_entropy (\(moment.rawValue))",
          cells: rows.map { row in figure(row.entropies.first { $0.moment == moment }?.mean) })
      } : []
    return [
      Table(
        tableCaption: "Every figure with its 95 % interval",
        heads: rows.map { ReportPage.ExperimentPart.title($0, models) },
        tableRows: figures + counted + entropies)
    ]
  }

  /// `42 % [31, 54] of 60`, the interval rounded outwards.
  static func share(_ proportion: Proportion?) -> String {
    guard let proportion, let share = proportion.share, let interval = proportion.interval else {
      return "–"
    }
    let low = Int((interval.lowerBound * 100).rounded(.down))
    let high = Int((interval.upperBound * 100).rounded(.up))
    return "\(Int((share * 100).rounded())) % [\(low), \(high)] of \(proportion.total)"
  }

  private static func count(_ proportion: Proportion?) -> String {
    guard let proportion, proportion.total > 0 else { return "–" }
    return "\(proportion.count) of \(proportion.total)"
  }

  private static func figure(_ estimate: Estimate?) -> String {
    guard let estimate else { return "–" }
    let bounds = estimate.interval.map {
      " [\(FrictionReport.decimal($0.lowerBound)), \(FrictionReport.decimal($0.upperBound))]"
    }
    return FrictionReport.decimal(estimate.value) + (bounds ?? "")
  }
}

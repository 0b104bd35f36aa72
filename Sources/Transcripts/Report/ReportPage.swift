import Friction
import SessionCore

/// What the report's template prints, by the names it uses. As in ``HTMLPage`` nothing is optional:
/// what may be missing is an empty array.
struct ReportPage {
  var title: String
  var reportSummary: String
  var experiments: [ExperimentPart]
  var samples: [Samples]
  var method: String

  struct Samples {
    var sessions: [HTMLPage.SessionPart]
  }

  /// A colour and what it stands for.
  struct Key {
    var keyLook: String
    var keyName: String
  }

  struct Plots {
    var keys: [Key]
    var hasControl: Bool
    var drawings: [Drawing]
  }

  struct Table {
    struct Row {
      var rowName: String
      var cells: [String]
    }
    var tableCaption: String
    var heads: [String]
    var tableRows: [Row]
  }

  /// One experiment, or what was typed.
  struct ExperimentPart {
    var experimentAnchor: String
    var experimentName: String
    var experimentSummary: String
    var findings: [String]
    var accuracy: [Plots]
    var flows: [Plots]
    var costs: [Plots]
    var tables: [Table]
    var figures: [Table]
  }

  init(_ report: FrictionReport, title: String, samples: [Session]) {
    self.title = VisibleText.line(title)
    let models = Self.distinct(report.rows.map(\.model)).map(VisibleText.line)
    reportSummary =
      "\(report.sessions) session\(report.sessions == 1 ? "" : "s") · "
      + models.joined(separator: ", ")
    experiments = Self.distinct(report.rows.map(\.script)).enumerated().map {
      ExperimentPart($1, number: $0 + 1, in: report)
    }
    self.samples =
      samples.isEmpty
      ? []
      : [
        Samples(
          sessions: samples.enumerated().map {
            HTMLPage.SessionPart(
              $1, number: $0 + 1, FrictionReport(sessions: [$1]).rows)
          })
      ]
    method =
      "Shares have Wilson's 95 % interval; all other figures the 2.5th and 97.5th percentile of "
      + "\(report.bootstrap.resamples) draws of whole tasks (seed \(report.bootstrap.seed)). Every "
      + "formula and what is unverified: docs/method/friction.md."
  }

  static func distinct<Value: Equatable>(_ values: [Value]) -> [Value] {
    values.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}

extension ReportPage.ExperimentPart {
  /// Colours of models; more than these share the last.
  private static let looks = ["a", "b", "c", "d"]

  init(_ script: String?, number: Int, in report: FrictionReport) {
    let rows = report.rows.filter { $0.script == script }
    let models = ReportPage.distinct(rows.map(\.model))
    experimentAnchor = "e\(number)"
    experimentName = script.map(VisibleText.line) ?? "Conversations"
    let attempts = rows.map(\.attempts).reduce(0, +)
    experimentSummary =
      "\(models.map(VisibleText.line).joined(separator: ", ")) · "
      + "\(ReportPage.distinct(rows.map(Self.name)).count) kinds of feedback · "
      + "\(rows.map(\.lines).reduce(0, +)) lines · \(attempts) attempts"
    findings = report.findings.filter { $0.script == script }.map { VisibleText.line($0.text) }
    accuracy = Self.accuracy(rows, models)
    flows = Self.flows(rows, models)
    costs = Self.costs(rows, models)
    tables = [ReportTables.arms(rows, models)] + ReportTables.skills(report, script)
    figures = ReportTables.figures(rows, models)
  }

  static func name(_ row: FrictionReport.Row) -> String {
    VisibleText.line(row.arm ?? Wording.text(of: row.kind))
  }

  private static func keys(_ models: [String]) -> [ReportPage.Key] {
    models.enumerated().map {
      .init(keyLook: looks[min($0, looks.count - 1)], keyName: VisibleText.line($1))
    }
  }

  private static func accuracy(
    _ rows: [FrictionReport.Row], _ models: [String]
  ) -> [ReportPage.Plots] {
    let judged = rows.filter { !$0.outcomes.atAttempt.isEmpty }
    guard !judged.isEmpty else { return [] }
    let control = judged.first { $0.kind == .regenerate }
    let attempts = judged.map(\.outcomes.atAttempt.count).max() ?? 1
    let keys = keys(models)
    let drawings = ReportPage.distinct(judged.map(name)).map { arm in
      let own = judged.filter { name($0) == arm }
      let lines = own.map { row in
        AccuracyPlot.Series(
          name: VisibleText.line(row.model),
          look: keys[models.firstIndex(of: row.model) ?? 0].keyLook,
          points: row.outcomes.atAttempt.map(\.cumulative))
      }
      let reference = control.flatMap { control in
        name(control) == arm
          ? nil
          : AccuracyPlot.Series(
            name: "unguided retry", look: "control",
            points: control.outcomes.atAttempt.map(\.cumulative))
      }
      return AccuracyPlot.drawing(
        arm, [reference].compactMap(\.self) + lines, attempts: attempts)
    }
    return [.init(keys: keys, hasControl: control != nil, drawings: drawings)]
  }

  private static func flows(
    _ rows: [FrictionReport.Row], _ models: [String]
  ) -> [ReportPage.Plots] {
    let drawings = rows.compactMap { row in
      FlowPlot.drawing(title(row, models), row.transitions)
    }
    return drawings.isEmpty ? [] : [.init(keys: [], hasControl: false, drawings: drawings)]
  }

  private static func costs(
    _ rows: [FrictionReport.Row], _ models: [String]
  ) -> [ReportPage.Plots] {
    let drawing = CostPlot.drawing(rows.map { (name: title($0, models), row: $0) })
    return drawing.map { [.init(keys: [], hasControl: false, drawings: [$0])] } ?? []
  }

  /// The arm, and the model where there are several.
  static func title(_ row: FrictionReport.Row, _ models: [String]) -> String {
    models.count > 1 ? "\(name(row)) · \(VisibleText.line(row.model))" : name(row)
  }
}

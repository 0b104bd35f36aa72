/// A friction report as text in aligned columns of at most 80 characters, ASCII only.
///
/// ```
/// Right at attempt k or before, in % [95 % interval]
/// feedback              lines  k=1            k=2            k=3
/// unary                    12  42 [19-68]     58 [32-81]     67 [39-86]
/// ```
/// `-` stands for what nobody knows.
public struct FrictionTable: Sendable {
  private let report: FrictionReport

  /// A table of `report`.
  public init(_ report: FrictionReport) { self.report = report }

  /// Lines that end in a line break each.
  public var text: String {
    guard !report.rows.isEmpty else {
      return "\(report.sessions) sessions, no reply in them: nothing to measure.\n"
    }
    var models: [String] = []
    for row in report.rows where models.last != row.model { models.append(row.model) }
    return models.map { model in
      let rows = report.rows.filter { $0.model == model }
      let parts = [
        [(models.count > 1 ? "Model \(Self.shown(model, 72))" : "")].filter { !$0.isEmpty },
        accuracy(rows), steps(rows), cost(rows),
      ].filter { !$0.isEmpty }
      return parts.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
    }.joined(separator: "\n")
  }

  private func accuracy(_ rows: [FrictionReport.Row]) -> [String] {
    let longest = rows.map(\.outcomes.atAttempt.count).max() ?? 0
    guard longest > 0 else {
      return ["No verdicts in these sessions: right and wrong are unknown."]
    }
    // Four columns fit; the last attempt matters more than the ones in between.
    let shown = longest <= 4 ? Array(1...longest) : [1, 2, 3, longest]
    let columns =
      [Column("feedback", 24), Column("lines", 6, .right), Column("", 1)]
      + shown.map { Column("k=\($0)", 12) }
    let cells = rows.map { row in
      [label(row), "\(row.outcomes.judgedLines)", ""]
        + shown.map { k in
          // A group whose longest line is shorter has no more right answers later.
          let at = row.outcomes.atAttempt
          return Self.percent(at.isEmpty ? nil : at[min(k, at.count) - 1].cumulative)
        }
    }
    return ["Right at attempt k or before, in % [95 % interval]"] + Self.lay(columns, cells)
  }

  private func steps(_ rows: [FrictionReport.Row]) -> [String] {
    let columns = [
      Column("feedback", 24), Column("wrong>right", 19), Column("right>wrong", 17),
      Column("other", 5, .right), Column("stuck", 6, .right), Column("repeat", 7, .right),
    ]
    let cells = rows.map { row in
      let steps = row.outcomes.steps
      let known = steps.fromWrong + steps.fromRight > 0
      return [
        label(row), Self.fraction(steps.recovery), Self.fraction(steps.regression),
        known ? "\(steps.otherWrong)" : "-", known ? "\(steps.stuck)" : "-",
        row.repetition.answerShare.map { "\(Self.rounded($0)) %" } ?? "-",
      ]
    }
    return ["From one attempt to the next (in %, [95 % interval]), and repeated answers"]
      + Self.lay(columns, cells)
  }

  private func cost(_ rows: [FrictionReport.Row]) -> [String] {
    let columns = [
      Column("feedback", 24), Column("sessions", 8, .right), Column("attempts", 10, .right),
      Column("prompt", 12, .right), Column("evaluated", 12, .right),
      Column("generated", 12, .right),
    ]
    let cells = rows.map { row in
      [label(row), "\(row.sessions)", "\(row.attempts)"]
        + [row.cost.total?.prompt, row.cost.total?.evaluated, row.cost.total?.generated].map {
          $0.map { "\($0)" } ?? "-"
        }
    }
    return ["Tokens: whole prompts, the part no cache held, and generated"]
      + Self.lay(columns, cells)
  }

  private func label(_ row: FrictionReport.Row) -> String {
    let kind =
      switch row.kind {
      case .regenerate: "regenerate (control)"
      case .none: "first attempt only"
      default: row.kind.rawValue
      }
    guard let arm = row.arm, arm != row.kind.rawValue else { return Self.shown(kind, 23) }
    return Self.shown(arm, 23 - row.kind.rawValue.count - 3) + " (\(row.kind.rawValue))"
  }
}

extension FrictionTable {
  private struct Column {
    enum Side { case left, right }
    var title: String
    var width: Int
    var side: Side

    init(_ title: String, _ width: Int, _ side: Side = .left) {
      self.title = title
      self.width = width
      self.side = side
    }
  }

  private static func lay(_ columns: [Column], _ cells: [[String]]) -> [String] {
    ([columns.map(\.title)] + cells).map { row in
      var line = ""
      for (column, cell) in zip(columns, row) {
        let fill = String(repeating: " ", count: max(0, column.width - cell.count))
        line += column.side == .left ? cell + fill : fill + cell
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  /// `42 [19-68]`
  private static func percent(_ proportion: Proportion?) -> String {
    guard let share = proportion?.share, let interval = proportion?.interval else { return "-" }
    return "\(rounded(share)) [\(rounded(interval.lowerBound))-\(rounded(interval.upperBound))]"
  }

  /// `3/7 43 [16-75]`
  private static func fraction(_ proportion: Proportion) -> String {
    guard proportion.total > 0 else { return "-" }
    return "\(proportion.count)/\(proportion.total) \(percent(proportion))"
  }

  private static func rounded(_ share: Double) -> Int { Int((share * 100).rounded()) }

  /// Names come from files: whatever is not printable ASCII becomes `?`, and long ones are cut.
  private static func shown(_ name: String, _ width: Int) -> String {
    let plain = name.unicodeScalars.map { (0x20...0x7E).contains($0.value) ? Character($0) : "?" }
    return plain.count <= width ? String(plain) : String(plain.prefix(max(0, width - 2))) + ".."
  }
}

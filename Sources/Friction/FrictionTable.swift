/// A friction report as text in aligned columns of at most 80 characters, ASCII only.
///
/// ```
/// Right at attempt k or before, in % [95 % interval]
/// feedback             lines k=1          k=2          k=3
/// unary                   12 42 [19-69]   58 [31-81]   67 [39-87]
/// ```
/// `-` stands for what nobody knows.
public struct FrictionTable: Sendable {
  /// What more than tables is shown, and how.
  public enum Look: Sendable {
    /// Tables only.
    case tables
    /// Curves too, all in ASCII.
    case plain
    /// Curves of braille dots, headings in bold where `colour` is set.
    case terminal(colour: Bool)
  }

  let report: FrictionReport
  let look: Look

  /// A table of `report`.
  public init(_ report: FrictionReport, look: Look = .tables) {
    self.report = report
    self.look = look
  }

  /// Lines that end in a line break each.
  public var text: String {
    guard !report.rows.isEmpty else {
      let sessions = report.sessions == 1 ? "1 session" : "\(report.sessions) sessions"
      return "\(sessions), no reply: nothing to measure.\n"
    }
    var models: [String] = []
    for row in report.rows where models.last != row.model { models.append(row.model) }
    return models.map { model in
      let rows = report.rows.filter { $0.model == model }
      let parts = [
        models.count > 1 ? [heading("Model \(Self.shown(model, 72))")] : [],
        accuracy(rows), curves(rows), steps(rows), cost(rows),
      ].filter { !$0.isEmpty }
      return parts.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
    }.joined(separator: "\n") + families + findings
  }

  private func accuracy(_ rows: [FrictionReport.Row]) -> [String] {
    let longest = rows.map(\.outcomes.atAttempt.count).max() ?? 0
    guard longest > 0 else {
      return ["No verdicts in these sessions: right and wrong are unknown."]
    }
    // Four columns fit; the last attempt matters more than the ones in between.
    let shown = longest <= 4 ? Array(1...longest) : [1, 2, 3, longest]
    let columns =
      [Column("feedback", 20), Column("lines", 6, .right), Column("", 1)]
      + shown.map { Column("k=\($0)", 13) }
    let cells = rows.map { row in
      [label(row), "\(row.outcomes.judgedLines)", ""]
        + shown.map { Self.percent(row.outcomes.cumulative(at: $0)) }
    }
    return [heading("Right at attempt k or before, in % [95 % interval]")]
      + Self.lay(columns, cells)
  }

  /// Panels side by side, a curve each.
  private func curves(_ rows: [FrictionReport.Row]) -> [String] {
    let style: CurveChart.Style
    switch look {
    case .tables: return []
    case .plain: style = .ascii
    case .terminal: style = .braille
    }
    let judged = rows.filter { $0.outcomes.judgedLines > 0 }
    let attempts = judged.map(\.outcomes.atAttempt.count).max() ?? 0
    guard attempts > 1 else { return [] }
    let panels = judged.map {
      CurveChart.lines(
        label($0), $0.outcomes.atAttempt.map { CurveChart.Point($0.cumulative) },
        attempts: attempts, style, size: CurveChart.reportSize)
    }
    let columns = 3
    var lines = [heading("The same as curves; bars are 95 % intervals")]
    for start in stride(from: 0, to: panels.count, by: columns) {
      if start > 0 { lines.append("") }
      let row = panels[start..<min(start + columns, panels.count)]
      let layout = row.map { _ in Column("", CurveChart.reportSize.width + 2) }
      // Names, the chart, the attempts; the empty head that a table would have is left out.
      lines += Self.lay(
        layout, (0..<CurveChart.reportSize.rows + 2).map { line in row.map { $0[line] } }
      )
      .dropFirst()
    }
    return lines
  }

  /// Bold where colour is wanted.
  func heading(_ text: String) -> String {
    guard case .terminal(colour: true) = look else { return text }
    return "\u{1B}[1m\(text)\u{1B}[0m"
  }

  private func steps(_ rows: [FrictionReport.Row]) -> [String] {
    guard rows.contains(where: { $0.outcomes.steps.all > 0 }) else { return [] }
    let columns = [
      Column("feedback", 24), Column("wrong>right", 22), Column("right>wrong", 22),
      Column("other", 5, .right), Column("stuck", 6, .right),
    ]
    let cells = rows.map { row in
      let steps = row.outcomes.steps
      return [
        label(row), Self.fraction(steps.recovery), Self.fraction(steps.regression),
        steps.all > 0 ? "\(steps.otherWrong)" : "-", steps.all > 0 ? "\(steps.stuck)" : "-",
      ]
    }
    return [
      heading("From one attempt to the next, in % [95 % interval] of n (other, stuck: counts)")
    ]
      + Self.lay(columns, cells)
  }

  private func cost(_ rows: [FrictionReport.Row]) -> [String] {
    let columns = [
      Column("feedback", 23), Column("sessions", 9, .right), Column("attempts", 9, .right),
      Column("repeated", 9, .right), Column("prompt", 10, .right),
      Column("evaluated", 10, .right), Column("generated", 10, .right),
    ]
    let cells = rows.map { row in
      [label(row), "\(row.sessions)", "\(row.attempts)"]
        + [row.repetition.answerShare.map { "\(Self.rounded($0.value)) %" } ?? "-"]
        + [row.cost.total?.prompt, row.cost.total?.evaluated, row.cost.total?.generated].map {
          $0.map { "\($0)" } ?? "-"
        }
    }
    return [heading("Answers repeated, and tokens: prompts, the part no cache held, generated")]
      + Self.lay(columns, cells)
  }

  private func label(_ row: FrictionReport.Row) -> String {
    let kind = row.kind.rawValue
    guard let name = row.arm ?? row.script else {
      // Beside planned sessions, say that nobody planned these.
      let planned = report.rows.contains { $0.model == row.model && ($0.arm ?? $0.script) != nil }
      if planned { return "chat: \(kind)" }
      switch row.kind {
      case .regenerate: return "regenerate (control)"
      case .none: return "first attempt only"
      default: return kind
      }
    }
    let isShared = report.rows.contains {
      ($0.arm ?? $0.script) == name && $0.model == row.model && $0.script != row.script
    }
    var full = name
    if isShared, let script = row.script, row.arm != nil { full = "\(script)/\(name)" }
    // A name too long to stand beside the kind mostly says it.
    if name == kind || full.count + kind.count + 3 > 20 { return Self.shown(full, 20) }
    return Self.shown(full, 20 - kind.count - 3) + " (\(kind))"
  }
}

extension FrictionTable {
  struct Column {
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

  static func lay(_ columns: [Column], _ cells: [[String]]) -> [String] {
    ([columns.map(\.title)] + cells).map { row in
      var line = ""
      for (column, cell) in zip(columns, row) {
        // A number too wide for its column still stands apart from the one before.
        if !line.isEmpty, column.side == .right, cell.count >= column.width { line += " " }
        let fill = String(repeating: " ", count: max(0, column.width - cell.count))
        line += column.side == .left ? cell + fill : fill + cell
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  /// `42 [19-68]`; the interval is rounded outwards, so that it never looks narrower than it is.
  static func percent(_ proportion: Proportion?) -> String {
    guard let share = proportion?.share, let interval = proportion?.interval else { return "-" }
    let low = Int((interval.lowerBound * 100).rounded(.down))
    let high = Int((interval.upperBound * 100).rounded(.up))
    return "\(rounded(share)) [\(low)-\(high)]"
  }

  /// `43 [16-75] of 7`
  private static func fraction(_ proportion: Proportion) -> String {
    proportion.total > 0 ? "\(percent(proportion)) of \(proportion.total)" : "-"
  }

  private static func rounded(_ share: Double) -> Int { Int((share * 100).rounded()) }

  /// Names come from files: whatever is not printable ASCII becomes `?`, and long ones are cut.
  static func shown(_ name: String, _ width: Int) -> String {
    let plain = name.unicodeScalars.map { (0x20...0x7E).contains($0.value) ? Character($0) : "?" }
    return plain.count <= width ? String(plain) : String(plain.prefix(max(0, width - 2))) + ".."
  }
}

import Friction

extension HTMLPage {
  /// Counts of how the model took feedback, added up session by session, so that those of many
  /// sessions take no more memory than those of one.
  struct Sums {
    /// One model under one treatment, as ``FrictionMeter`` groups them.
    struct Group: Hashable {
      var model: String
      var script: String?
      var arm: String?
      /// Nil when a script or an arm says what was done.
      var kind: FeedbackKind?
    }

    /// The counts of one group.
    struct Counts {
      var kind = FeedbackKind.none
      var lines = 0
      var attempts = 0
      var judgedAttempts = 0
      var judgedLines = 0
      /// Lines that were right at the attempt or before it, the first at 0.
      var rightByAttempt: [Int] = []
      var steps = Outcomes.Steps()
      var identical = (count: 0, total: 0)
      var tokens: Cost.Tokens?
    }

    private var groups: [Group: Counts] = [:]

    /// Adds what was measured of one session.
    mutating func add(_ rows: [FrictionReport.Row]) {
      for row in rows {
        let isPlanned = row.script != nil || row.arm != nil
        let group = Group(
          model: row.model, script: row.script, arm: row.arm, kind: isPlanned ? nil : row.kind)
        groups[group, default: Counts()].add(row)
      }
    }

    /// In the order of the report: by model, kind, arm and script.
    var sorted: [(group: Group, counts: Counts)] {
      groups.map { ($0, $1) }.sorted { one, other in
        let (a, b) = (one.0, other.0)
        if a.model != b.model { return a.model < b.model }
        let kinds = (one.1.kind.place, other.1.kind.place)
        if kinds.0 != kinds.1 { return kinds.0 < kinds.1 }
        if a.arm != b.arm { return (a.arm ?? "") < (b.arm ?? "") }
        return (a.script ?? "") < (b.script ?? "")
      }
    }
  }
}

extension HTMLPage.Sums.Counts {
  fileprivate mutating func add(_ row: FrictionReport.Row) {
    if row.kind != .none { kind = kind == .none || kind == row.kind ? row.kind : .mixed }
    lines += row.lines
    attempts += row.attempts
    judgedAttempts += row.outcomes.judgedAttempts
    let right = row.outcomes.atAttempt.map(\.cumulative.count)
    judgedLines += row.outcomes.atAttempt.last?.cumulative.total ?? 0
    // A line that ended early stays what it was.
    let length = max(right.count, rightByAttempt.count)
    rightByAttempt = (0..<length).map { Self.at($0, rightByAttempt) + Self.at($0, right) }
    steps.recovered += row.outcomes.steps.recovered
    steps.regressed += row.outcomes.steps.regressed
    steps.held += row.outcomes.steps.held
    steps.otherWrong += row.outcomes.steps.otherWrong
    steps.stuck += row.outcomes.steps.stuck
    identical.count += row.repetition.identical.count
    identical.total += row.repetition.identical.total
    if let more = row.cost.total { tokens = tokens.map { $0 + more } ?? more }
  }

  private static func at(_ place: Int, _ counts: [Int]) -> Int {
    counts.isEmpty ? 0 : counts[min(place, counts.count - 1)]
  }
}

extension FeedbackKind {
  fileprivate var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

extension HTMLPage {
  /// How the model took the feedback: a row a group of lines of attempts.
  struct Metrics {
    struct Row {
      var rowName: String
      var cells: [String]
    }
    var heads: [String]
    var metricRows: [Row]

    private typealias Line = (group: Sums.Group, counts: Sums.Counts)

    /// Nothing for sessions in which nothing was tried twice and nothing was judged.
    static func table(of sums: Sums) -> [Metrics] {
      let rows = sums.sorted.filter {
        $0.counts.attempts > $0.counts.lines || $0.counts.judgedAttempts > 0
      }
      guard !rows.isEmpty else { return [] }
      let columns: [(String, (Sums.Counts) -> String)] = [
        ("Lines", { "\($0.lines)" }), ("Attempts", { "\($0.attempts)" }),
        ("Right by attempt", rightByAttempt),
        ("Wrong → right", { share($0.steps.recovered, $0.steps.fromWrong) }),
        ("Right → wrong", { share($0.steps.regressed, $0.steps.fromRight) }),
        ("Other wrong", { $0.steps.all > 0 ? "\($0.steps.otherWrong)" : "" }),
        ("Stuck", { $0.steps.all > 0 ? "\($0.steps.stuck)" : "" }),
        ("Same reply again", { share($0.identical.count, $0.identical.total) }),
        ("Tokens read", { $0.tokens.map { "\($0.prompt)" } ?? "" }),
        ("Read anew", { $0.tokens.map { "\($0.evaluated)" } ?? "" }),
        ("Written", { $0.tokens.map { "\($0.generated)" } ?? "" }),
      ]
      // A column that nobody knows anything for is left out.
      let known = columns.filter { column in rows.contains { !column.1($0.counts).isEmpty } }
      return [
        Metrics(
          heads: known.map(\.0),
          metricRows: rows.map { row in
            let cells = known.map { $0.1(row.counts) }
            return Row(rowName: name(of: row), cells: cells.map { $0.isEmpty ? "–" : $0 })
          })
      ]
    }

    private static func name(of row: Line) -> String {
      let kind = Wording.text(of: row.counts.kind)
      let plan = (row.group.arm ?? row.group.script).map(VisibleText.line)
      return [plan, kind.isEmpty || kind == plan ? nil : kind].compactMap(\.self)
        .joined(separator: " · ")
    }

    /// `0, 1, 2 of 2`: at the first attempt none of the two lines was right yet.
    private static func rightByAttempt(_ counts: Sums.Counts) -> String {
      guard counts.judgedLines > 0 else { return "" }
      let right = counts.rightByAttempt.map(String.init).joined(separator: ", ")
      return "\(right) of \(counts.judgedLines)"
    }

    private static func share(_ count: Int, _ total: Int) -> String {
      total > 0 ? "\(count) of \(total)" : ""
    }
  }
}

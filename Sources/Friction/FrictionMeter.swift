import SessionCore

/// Sorts the lines of attempts of many sessions into groups that can be compared, one session at
/// a time.
///
/// A group is one model under one treatment. In an experiment the treatment is the arm, in a
/// script without arms the script, and its lines stay together however they went, because taking
/// apart those that were solved early would make every share wrong. Where somebody typed, it is
/// the kind of feedback that moved the line.
public struct FrictionMeter: Sendable {
  private struct Treatment: Hashable {
    var model: String
    var script: String?
    var arm: String?
    /// Nil when a script or an arm says what was done.
    var kind: FeedbackKind?
  }

  private var groups: [Treatment: [AttemptLine]] = [:]
  private var sessions = 0

  public init() {}

  /// Takes in one session.
  public mutating func add(_ session: Session) {
    sessions += 1
    for line in AttemptLine.lines(of: session, order: sessions) {
      let isPlanned = line.script != nil || line.arm != nil
      let treatment = Treatment(
        model: line.model, script: line.script, arm: line.arm, kind: isPlanned ? nil : line.kind)
      groups[treatment, default: []].append(line)
    }
  }

  /// What has been measured so far. Does not depend on the order of the sessions.
  public var report: FrictionReport {
    let rows = groups.map { treatment, lines in
      FrictionReport.Row(
        model: treatment.model, script: treatment.script, arm: treatment.arm, lines: lines)
    }
    return FrictionReport(sessions: sessions, rows: rows.sorted(by: Self.comesFirst))
  }

  private static func comesFirst(_ a: FrictionReport.Row, _ b: FrictionReport.Row) -> Bool {
    if a.model != b.model { return a.model < b.model }
    if a.kind != b.kind { return place(a.kind) < place(b.kind) }
    if a.arm != b.arm { return (a.arm ?? "") < (b.arm ?? "") }
    return (a.script ?? "") < (b.script ?? "")
  }

  private static func place(_ kind: FeedbackKind) -> Int {
    FeedbackKind.allCases.firstIndex(of: kind) ?? 0
  }
}

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
  private var userTurns: [String: UserTurns] = [:]
  private var sessions = 0
  private let readingParts: PartReader?

  /// - Parameter readingParts: whoever knows the parts of an answer; without it what becomes of
  ///   parts is not measured.
  public init(readingParts: PartReader? = nil) { self.readingParts = readingParts }

  /// Takes in one session.
  public mutating func add(_ session: Session) {
    sessions += 1
    let model = session.header.model
    userTurns[model, default: UserTurns(model: model)].add(session)
    for line in AttemptLine.lines(of: session, order: sessions, readingParts: readingParts) {
      let isPlanned = line.script != nil || line.arm != nil
      let treatment = Treatment(
        model: line.model, script: line.script, arm: line.arm, kind: isPlanned ? nil : line.kind)
      groups[treatment, default: []].append(line)
    }
  }

  /// What has been measured so far. Does not depend on the order of the sessions.
  public var report: FrictionReport {
    let bootstrap = Bootstrap()
    let rows = groups.map { treatment, lines in
      FrictionReport.Row(
        model: treatment.model, script: treatment.script, arm: treatment.arm, lines: lines,
        bootstrap)
    }
    return FrictionReport(
      sessions: sessions, rows: rows.sorted(by: Self.comesFirst), skills: skills,
      comparisons: Comparison.all(armLines, bootstrap), selectivities: selectivities(bootstrap),
      savings: savings(bootstrap),
      budgets: BudgetSeries.all(
        armLines.map { ($0.model, $0.script, $0.arm, $0.lines) }, bootstrap),
      userTurns: userTurns.values.filter { $0.total > 0 }.sorted { $0.model < $1.model },
      bootstrap: bootstrap)
  }

  private func selectivities(_ bootstrap: Bootstrap) -> [Selectivity] {
    let experiments = Dictionary(grouping: armLines) { "\($0.script)\u{0}\($0.model)" }
    return experiments.sorted { $0.key < $1.key }.map { _, groups in
      Selectivity(
        model: groups[0].model, script: groups[0].script,
        groups.sorted { $0.arm < $1.arm }.flatMap(\.lines), bootstrap)
    }.filter { $0.uptake.total + $0.flips.total > 0 }
  }

  private func savings(_ bootstrap: Bootstrap) -> [Saving] {
    let groups = armLines.sorted { ($0.script, $0.model, $0.arm) < ($1.script, $1.model, $1.arm) }
    return groups.filter { $0.kind == .edit }.flatMap { edit in
      groups.filter {
        $0.kind == .critique && $0.script == edit.script && $0.model == edit.model
      }.map { words in
        Saving(
          model: edit.model, script: edit.script, (edit.arm, edit.lines),
          (words.arm, words.lines), bootstrap)
      }
    }.filter { $0.tokens != nil }
  }

  /// The lines of experiments, by script, model and arm.
  private var armLines: [Comparison.Group] {
    groups.compactMap { treatment, lines in
      guard let script = treatment.script, let arm = treatment.arm else { return nil }
      return Comparison.Group(script: script, model: treatment.model, arm: arm, lines: lines)
    }
  }

  private var skills: [Skill] {
    struct Kind: Hashable {
      var model: String
      var script: String
      var family: String
      var difficulty: String?
    }
    var kinds: [Kind: [AttemptLine]] = [:]
    for line in groups.values.joined() {
      guard let family = line.family, let script = line.script else { continue }
      let kind = Kind(
        model: line.model, script: script, family: family, difficulty: line.difficulty)
      kinds[kind, default: []].append(line)
    }
    return kinds.map {
      Skill(
        model: $0.model, script: $0.script, family: $0.family, difficulty: $0.difficulty, $1)
    }.sorted {
      ($0.model, $0.script, $0.family, $0.difficulty ?? "")
        < ($1.model, $1.script, $1.family, $1.difficulty ?? "")
    }
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

import SessionCore

/// How a model took feedback: one row a group of comparable lines of attempts.
public struct FrictionReport: Equatable, Sendable {
  /// One model under one treatment.
  public struct Row: Equatable, Sendable {
    /// ``SessionHeader/model``.
    public let model: String
    /// ``AttemptLine/script``.
    public let script: String?
    /// ``AttemptLine/arm``.
    public let arm: String?
    /// What moved the lines from attempt to attempt.
    public let kind: FeedbackKind
    /// Sessions that have a line here.
    public let sessions: Int
    /// Lines of attempts: branches of one session that end apart are lines of their own.
    public let lines: Int
    /// Replies; one that several lines share is counted once.
    public let attempts: Int
    public let outcomes: Outcomes
    public let repetition: Repetition
    public let cost: Cost
    public let transitions: Transitions
    public let resistance: Resistance
    public let persistence: Persistence
    public let admissions: Admissions
    /// Pass@k for k = 1, 2 …; empty where the draws depend on what came out.
    public let passAt: [Double]
    /// Feedback in which the right answer still stood.
    public let leaks: Int

    init(model: String, script: String?, arm: String?, lines: [AttemptLine]) {
      self.model = model
      self.script = script
      self.arm = arm
      kind = FeedbackKind.common(lines.map(\.kind).filter { $0 != .none })
      sessions = Set(lines.map(\.session)).count
      self.lines = lines.count
      attempts = lines.distinctAttempts.count
      outcomes = Outcomes(lines)
      repetition = Repetition(lines)
      cost = Cost(lines)
      transitions = Transitions(lines)
      resistance = Resistance(lines)
      persistence = Persistence(lines)
      admissions = Admissions(lines)
      passAt = PassAtK.curve(lines)
      leaks = lines.distinctSteps.count { $0.to.feedback?.leaked == true }
    }
  }

  /// All sessions that were read, with or without a reply.
  public let sessions: Int
  /// Ordered by model, kind and arm.
  public let rows: [Row]
  /// One element a family and difficulty, for sessions that name theirs.
  public let skills: [Skill]
  public let comparisons: [Comparison]
  /// How the intervals of differences were drawn.
  public let bootstrap: Bootstrap

  init(sessions: Int, rows: [Row], skills: [Skill], comparisons: [Comparison], bootstrap: Bootstrap)
  {
    self.sessions = sessions
    self.rows = rows
    self.skills = skills
    self.comparisons = comparisons
    self.bootstrap = bootstrap
  }

  /// Measures sessions.
  public init(sessions: some Sequence<Session>) {
    var meter = FrictionMeter()
    for session in sessions { meter.add(session) }
    self = meter.report
  }
}

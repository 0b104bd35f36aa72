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
    public let budget: Budget
    public let rewards: Rewards
    public let diversity: Diversity
    public let vacillation: Vacillation
    public let verbosity: Verbosity
    public let acceptance: Acceptance
    public let confidence: InitialConfidence
    /// One element a moment at which there were enough draws of a prompt.
    public let entropies: [SemanticEntropy]
    /// Pass@k for k = 1, 2 …; empty where the draws depend on what came out.
    public let passAt: [Estimate]
    /// Feedback in which the right answer still stood.
    public let leaks: Int

    init(
      model: String, script: String?, arm: String?, lines: [AttemptLine], _ bootstrap: Bootstrap
    ) {
      let draws = TaskDraws(lines, bootstrap)
      self.model = model
      self.script = script
      self.arm = arm
      kind = FeedbackKind.common(lines.map(\.kind).filter { $0 != .none })
      sessions = Set(lines.map(\.session)).count
      self.lines = lines.count
      attempts = lines.distinctAttempts.count
      outcomes = Outcomes(lines)
      repetition = Repetition(lines, draws)
      cost = Cost(lines, draws)
      transitions = Transitions(lines)
      resistance = Resistance(lines, draws)
      persistence = Persistence(lines, draws)
      admissions = Admissions(lines)
      budget = Budget(lines, draws)
      rewards = Rewards(lines, draws)
      diversity = Diversity(lines, draws)
      vacillation = Vacillation(lines, draws)
      verbosity = Verbosity(lines, draws)
      acceptance = Acceptance(lines, draws)
      confidence = InitialConfidence(lines, draws)
      entropies = SemanticEntropy.Moment.allCases.map { SemanticEntropy($0, lines, draws) }
        .filter { $0.mean != nil }
      passAt = PassAtK.curve(lines, draws)
      leaks = lines.distinctSteps.count { $0.to.feedback?.leaked == true }
    }

    /// Every figure that is not a counted share, with its interval over tasks.
    public var figures: [Figure] {
      resistance.figures + persistence.figures + repetition.figures + budget.figures
        + rewards.figures + diversity.figures + vacillation.figures + verbosity.figures
        + acceptance.figures + confidence.figures + cost.figures
    }

    /// Counted shares besides those that have fields of their own.
    public var shares: [NamedShare] { diversity.shares + vacillation.shares }

    /// Figures attempt by attempt.
    public var curves: [Curve] {
      rewards.curves + diversity.curves + [Curve("pass_at", passAt)].compactMap(\.self)
    }
  }

  /// All sessions that were read, with or without a reply.
  public let sessions: Int
  /// Ordered by model, kind and arm.
  public let rows: [Row]
  /// One element a family and difficulty, for sessions that name theirs.
  public let skills: [Skill]
  public let comparisons: [Comparison]
  /// One element a model and experiment in which feedback moved something.
  public let selectivities: [Selectivity]
  /// One element a pair of an arm of edits and an arm of critiques.
  public let savings: [Saving]
  /// Arms that are named after their budgets of attempts.
  public let budgets: [BudgetSeries]
  /// One element a model whose users said something after a reply.
  public let userTurns: [UserTurns]
  /// How the intervals of differences were drawn.
  public let bootstrap: Bootstrap
}

extension FrictionReport {
  /// Measures sessions.
  public init(sessions: some Sequence<Session>) {
    var meter = FrictionMeter()
    for session in sessions { meter.add(session) }
    self = meter.report
  }
}

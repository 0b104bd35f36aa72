import SessionCore

/// All the sessions that a script or an experiment comes to, each with a name of its own. Pure: the
/// same script and choices give the same plan.
public struct Plan: Equatable, Sendable {
  public var script: String
  public var units: [PlanUnit]

  /// What the person who runs a script may choose instead of what it says.
  public struct Choices: Equatable, Sendable {
    public var model: String?
    /// Instead of the script's seeds.
    public var seeds: [UInt64]?
    /// Instead of what the model asks for.
    public var activations: ActivationPrecision?

    public init(
      model: String? = nil, seeds: [UInt64]? = nil, activations: ActivationPrecision? = nil
    ) {
      self.model = model
      self.seeds = seeds
      self.activations = activations
    }
  }

  /// Units in the order problem, seed, arm, so that a run cut short has whole comparisons.
  /// - Parameter shard: leaves out what other machines play.
  public init(_ script: Script, choosing choices: Choices = Choices(), shard: Shard? = nil) {
    self.script = script.name
    let problems: [Script.Problem?] = script.problems.isEmpty ? [nil] : script.problems
    units = []
    for (index, problem) in problems.enumerated() where shard?.holds(index) ?? true {
      for seed in choices.seeds ?? script.seeds {
        for arm in script.arms {
          units.append(PlanUnit(script, arm, problem, at: index, seed: seed, choices))
        }
      }
    }
  }
}

/// One session to be played.
public struct PlanUnit: Equatable, Sendable {
  /// Names the journal's file: script, arm, problem and seed, those there are, with dots between.
  public var id: String
  /// The session's seed. Arms of one problem share it, so that their first attempts are equal
  /// and the comparison is paired; problems do not, or all would draw from one stream.
  public var seed: UInt64
  public var sampling: Sampling
  public var history: HistoryStyle
  public var model: String
  public var activations: ActivationPrecision?
  public var system: String?
  public var provenance: Provenance
  /// With the problem's values put in.
  public var turns: [Script.Turn]
  public var stop: Script.StopRule
  public var judge: Script.Judge?
  /// What the turns ask, as far as it is known; nil for a script without problems.
  public var problem: PlanProblem?
  public var mitigation = Mitigation.none
  /// Earlier problems, of which the model may be reminded.
  public var memories: [Memory] = []

  /// A problem that was asked before, with the seed of its session.
  public struct Memory: Equatable, Sendable {
    public var problem: PlanProblem
    public var seed: UInt64
  }

  init(
    _ script: Script, _ arm: Script.Arm, _ problem: Script.Problem?, at index: Int, seed: UInt64,
    _ choices: Plan.Choices
  ) {
    id = [script.name, arm.name, problem?.id, "s\(seed)"].compactMap(\.self).joined(separator: ".")
    self.seed = seed ^ (UInt64(index) &* 0x9E37_79B9_7F4A_7C15)
    sampling = script.sampling
    history = script.history
    model = choices.model ?? script.model
    activations = choices.activations
    system = script.system.map { ScriptPlaceholders.fill($0, from: problem) }
    provenance = Provenance(script: script.name, arm: arm.name, problem: problem?.id)
    turns = arm.turns.map { turn in
      var turn = turn
      turn.action = turn.action.filled(from: problem)
      return turn
    }
    stop = script.stop
    judge = script.judge
    self.problem = problem.map(PlanProblem.init)
  }
}

extension Script.Action {
  /// With the problem's values in the place of placeholders. A prompt that asks the problem's
  /// question expects what the problem expects, unless it says otherwise.
  fileprivate func filled(from problem: Script.Problem?) -> Script.Action {
    let fill = { ScriptPlaceholders.fill($0, from: problem) }
    return switch self {
    case .prompt(let text, let expectation):
      .prompt(
        fill(text),
        expectation: expectation
          ?? (ScriptPlaceholders.asks(text) ? problem?.expectation : nil))
    case .unary(let text): .unary(fill(text))
    case .critique(let text): .critique(fill(text))
    case .challenge(let text): .challenge(fill(text))
    case .edit(let find, let replace, let otherwise):
      .edit(find: fill(find), replace: fill(replace), otherwise: otherwise.filled(from: problem))
    case .automatic(let source, let otherwise):
      .automatic(source, otherwise: otherwise.filled(from: problem))
    case .beginning(let text): .beginning(fill(text))
    case .rewrite(let text): .rewrite(fill(text))
    case .note(let text): .note(fill(text))
    case .tag(let text): .tag(fill(text))
    case .about(let turn, let action): .about(turn, action.filled(from: problem))
    case .drawn(let change, let action): .drawn(change, action.filled(from: problem))
    case .regenerate, .undo, .go, .rate, .bookmark: self
    }
  }
}

extension Script.Fallback {
  fileprivate func filled(from problem: Script.Problem?) -> Script.Fallback {
    switch self {
    case .skip: .skip
    case .action(let action): .action(action.filled(from: problem))
    }
  }
}

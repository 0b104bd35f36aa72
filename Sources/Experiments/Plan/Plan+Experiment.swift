import SessionCore

extension Plan {
  /// All the sessions of an experiment: problems x the cells of its matrix.
  ///
  /// Units come in the order model, problem, seed, arm, so that a run cut short has whole
  /// comparisons. A session's seed is made from the experiment's seed and the problem's key alone:
  /// all arms of a model begin with the same first attempt, and adding problems or arms changes no
  /// session that was played already.
  /// - Parameters:
  ///   - problems: from ``Experiment/problems()``.
  ///   - models: instead of the experiment's.
  ///   - shard: leaves out what other machines play.
  public init(
    _ experiment: Experiment, problems: [PlanProblem], models: [String]? = nil,
    shard: Shard? = nil
  ) {
    script = experiment.name
    units = []
    let models = models ?? experiment.models
    let names = Self.fileNames(models)
    for model in models {
      for (index, problem) in problems.enumerated() where shard?.holds(index) ?? true {
        for seed in experiment.seeds {
          for arm in experiment.arms where experiment.has(arm, model: model, seed: seed) {
            var unit = PlanUnit(
              experiment, arm, problem, model: (model, names[model] ?? model), seed: seed)
            unit.remember(from: problems[..<index], experiment, seed: seed)
            units.append(unit)
          }
        }
      }
    }
  }

  /// Short names for the files of models; two alike get numbers.
  private static func fileNames(_ models: [String]) -> [String: String] {
    var names: [String: String] = [:]
    for model in models {
      var short = model.split(separator: "/").last.map(String.init) ?? model
      if short.hasSuffix(".gguf") { short.removeLast(5) }
      short = PlanProblem.fileName(short)
      let isTaken = names.values.contains(short)
      names[model] = isTaken ? "\(short)-\(Fingerprint.of([model]).prefix(6))" : short
    }
    return names
  }
}

/// One part of a plan that several machines share: the i-th of n, counted from 1.
public struct Shard: Equatable, Sendable {
  public var index: Int
  public var count: Int

  /// Nil unless it reads `i/n` with 1 ≤ i ≤ n.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let index = parts[0], let count = parts[1], count >= 1,
      count <= 100_000,
      (1...count).contains(index)
    else { return nil }
    self.index = index
    self.count = count
  }

  /// Whether the problem at this place is played here. Problems are dealt out in turn, and all
  /// arms of one stay together.
  public func holds(_ place: Int) -> Bool { place % count == index - 1 }
}

extension Experiment {
  /// A row of the matrix without model and seed.
  struct Arm {
    var treatment: Treatment
    var mitigation: Named<Mitigation>
    var sampler: Named<Sampling>

    /// Feedback, then what is not plain. Does not depend on what else the experiment has, so that
    /// adding an arm renames none.
    var name: String {
      [treatment.name, mitigation.name, sampler.name].compactMap(\.self).joined(separator: "+")
    }
  }

  var arms: [Arm] {
    samplers.flatMap { sampler in
      mitigations.flatMap { mitigation in
        treatments.map { Arm(treatment: $0, mitigation: mitigation, sampler: sampler) }
      }
    }
  }

  /// The names of all arms, in order.
  public var armNames: [String] { arms.map(\.name) }

  func has(_ arm: Arm, model: String, seed: UInt64) -> Bool {
    let cell = Cell(
      model: model, feedback: arm.treatment.name, mitigation: arm.mitigation.name ?? "none",
      sampler: arm.sampler.name, seed: seed)
    return !excluded.contains { $0.fits(cell) } || included.contains { $0.fits(cell) }
  }
}

extension PlanUnit {
  fileprivate init(
    _ experiment: Experiment, _ arm: Experiment.Arm, _ problem: PlanProblem,
    model: (name: String, file: String), seed: UInt64
  ) {
    id = [experiment.name, model.file, arm.name, problem.id, "s\(seed)"].joined(separator: ".")
    self.seed = Self.seed(seed, of: problem)
    sampling = arm.sampler.value
    history = experiment.history
    self.model = model.name
    system = experiment.system
    provenance = Provenance(
      script: experiment.name, arm: arm.name, problem: problem.key, family: problem.family,
      difficulty: problem.difficulty)
    let treatment = arm.treatment
    turns = [
      Script.Turn(
        action: .prompt(treatment.prompt(problem), expectation: problem.expectation), line: 0),
      Script.Turn(
        action: .automatic(treatment.source, otherwise: treatment.otherwise),
        repeats: treatment.rounds, when: treatment.when, line: 0),
    ]
    stop = experiment.stop
    judge = experiment.judge
    self.problem = problem
    mitigation = arm.mitigation.value
  }

  /// Made from the experiment's seed and the problem's key alone.
  private static func seed(_ seed: UInt64, of problem: PlanProblem) -> UInt64 {
    seed ^ (UInt64(Fingerprint.of([problem.key]), radix: 16) ?? 0)
  }

  /// Looks for problems whose corrections may help: those before this one of its family, most
  /// words in common first. What is chosen does not depend on what comes after.
  fileprivate mutating func remember(
    from earlier: ArraySlice<PlanProblem>, _ experiment: Experiment, seed: UInt64
  ) {
    guard let count = mitigation.memory, let problem else { return }
    let words = Set(problem.prompt.split { !$0.isLetter && !$0.isNumber })
    let likeness = { (other: PlanProblem) in
      words.intersection(other.prompt.split { !$0.isLetter && !$0.isNumber }).count
    }
    let alike = earlier.filter { $0.family == problem.family }.suffix(Self.memorySearchMax)
      .map { (problem: $0, likeness: likeness($0)) }.enumerated()
      .sorted { ($1.element.likeness, $1.offset) < ($0.element.likeness, $0.offset) }
    memories = alike.prefix(4 * count).map {
      Memory(problem: $0.element.problem, seed: Self.seed(seed, of: $0.element.problem))
    }
  }

  /// Most earlier problems that are looked at for likeness.
  private static var memorySearchMax: Int { 200 }
}

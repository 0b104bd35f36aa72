import SessionCore

extension Experiment {
  /// Most problems of one task.
  static let problemsMax = 100_000

  /// One item of `tasks`.
  static func task(_ field: ScriptField) throws(ScriptError) -> TaskSet {
    let map = try field.mapping(of: ExperimentShape.task.keys)
    let (key, value) = try map.exactlyOne(of: ["family", "data"])
    let count = try map["count"]?.wholeNumber(in: 1...problemsMax)
    let seed = try map["seed"]?.seed() ?? 1
    let ofData = ["shape", "fields", "check", "command", "tolerance"]
    let others = key == "family" ? ofData : ["difficulty", "side"]
    for other in others where map[other] != nil {
      throw (map.keys[other] ?? field).error(.conflictingKeys([key, other]))
    }
    if key == "data" {
      return TaskSet(
        source: .data(try DataSet(value, map)), count: count, seed: seed, place: value.place)
    }
    let name = try value.word(of: TaskFamily.all.map(\.name))
    let family = TaskFamily.named(name)
    let difficulty = try map["difficulty"]?.word(of: family?.difficulties ?? [])
    let side: TaskFamily.Side =
      switch try map["side"]?.word(of: ["held_out", "training", "any"]) ?? "held_out" {
      case "training": .training
      case "any": .any
      default: .heldOut
      }
    guard let count else { throw map.field.error(.missingKey("count")) }
    return TaskSet(
      source: .family(name, difficulty: difficulty, side), count: count, seed: seed,
      place: value.place)
  }

  /// All problems, in the file's order, each once. The first n of a task stay the same when more
  /// are asked for, so that a larger experiment goes on from a smaller one.
  /// - Throws: ``ScriptError`` when a data set cannot be read or a family has too few.
  public func problems() throws(ScriptError) -> [PlanProblem] {
    var problems: [PlanProblem] = []
    var keys: Set<String> = []
    for task in tasks {
      for problem in try task.problems() where keys.insert(problem.key).inserted {
        problems.append(problem)
      }
    }
    return problems
  }
}

extension Experiment.TaskSet {
  fileprivate func problems() throws(ScriptError) -> [PlanProblem] {
    switch source {
    case .data(let data): return try data.problems(count, seed: seed, place)
    case .family(let name, let difficulty, let side):
      let wanted = count ?? 0
      let found =
        TaskFamily.named(name)?.problems(wanted, difficulty: difficulty, side: side, seed: seed)
        ?? []
      guard found.count == wanted else {
        throw place.error(.tooFewProblems(found: found.count, wanted: wanted))
      }
      return found.map(PlanProblem.init)
    }
  }
}

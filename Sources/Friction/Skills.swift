import SessionCore

/// How a model does on one family of tasks: first attempts, and what each kind of feedback made of
/// them.
public struct Skill: Equatable, Sendable {
  /// What one arm made of the family's lines.
  public struct Arm: Equatable, Sendable {
    public var arm: String
    public var transitions: Transitions
  }

  public let model: String
  public let script: String
  public let family: String
  public let difficulty: String?
  /// First attempts, each task and seed once whatever the number of arms: arms share them.
  public let first: Proportion
  /// First attempts that gave no answer.
  public let unanswered: Int
  public let arms: [Arm]

  init(
    model: String, script: String, family: String, difficulty: String?, _ lines: [AttemptLine]
  ) {
    self.model = model
    self.script = script
    self.family = family
    self.difficulty = difficulty
    var firsts: [String: Verdict.Outcome] = [:]
    for line in lines {
      guard let outcome = line.judged.first?.verdict?.outcome, let problem = line.problem else {
        continue
      }
      // Another sampler or another wording of the question is another first attempt.
      let sampler =
        line.attempts[0].reply.recipe.map { "\($0.sampling)\u{0}\($0.promptDigest)" } ?? ""
      firsts["\(problem)\u{0}\(line.seed)\u{0}\(sampler)"] = outcome
    }
    first = Proportion(firsts.values.count { $0 == .right }, of: firsts.count)
    unanswered = firsts.values.count { $0 == .noAnswer }
    let groups = Dictionary(grouping: lines) { $0.arm ?? "" }
    arms = groups.sorted { $0.key < $1.key }.map {
      Arm(arm: $0.key, transitions: Transitions($0.value))
    }
  }
}

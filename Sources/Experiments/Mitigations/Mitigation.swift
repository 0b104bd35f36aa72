import SessionCore

/// What is tried against friction when an answer is drawn again.
public struct Mitigation: Equatable, Sendable {
  /// How the temperature goes up with the attempts.
  public struct Rise: Equatable, Sendable {
    /// Added for each attempt before: 0.15 in *Feedback Friction* (arXiv 2506.11930v2, §4.2).
    public var step: Double
    /// The paper's code stops at 1.5.
    public var highest: Double
  }

  /// Which of several draws is taken.
  public enum Choice: String, CaseIterable, Sendable {
    /// One whose answer was not given before (*Feedback Friction*, §4.2); if all were, any.
    case newAnswer = "new-answer"
    /// One that gives an answer and in which no line is arithmetically wrong (*Review, Refine,
    /// Repeat* has a verifier choose); if there is none, any.
    case noWrongStep = "no-wrong-step"
  }

  public var rise: Rise?
  /// Draws for each attempt after the first; 1 takes what comes.
  public var draws = 1
  public var choice: Choice?
  /// So many corrections of earlier problems are put before the question. *Memory-assisted prompt
  /// editing* (MemPrompt).
  public var memory: Int?
  /// Whether the model writes down what went wrong before it answers again. *Reflect, Retry, Reward*.
  public var reflects = false

  public static let none = Mitigation()

  /// The sampling of attempt k, counted from 0: T = step * k.
  func sampling(_ plain: Sampling, attempt: Int) -> Sampling {
    guard let rise else { return plain }
    var sampling = plain
    sampling.temperature = min(rise.highest, rise.step * Double(attempt))
    return sampling
  }
}

extension Mitigation {
  /// Reads `{ temperature: 0.15, reject: 25 }` and the like.
  init(_ field: ScriptField) throws(ScriptError) {
    let map = try field.mapping(of: ExperimentShape.mitigation.keys)
    guard !map.values.isEmpty else { throw field.error(.emptyList) }
    if let value = map["temperature"] {
      let step = try value.number(in: 0...10)
      rise = Rise(step: step, highest: 1.5)
    }
    if map["reject"] != nil, map["select"] != nil {
      _ = try map.exactlyOne(of: ["reject", "select"])
    }
    if let value = map["reject"] {
      (draws, choice) = (try value.wholeNumber(in: 2...100), .newAnswer)
    }
    if let value = map["select"] {
      (draws, choice) = (try value.wholeNumber(in: 2...100), .noWrongStep)
    }
    memory = try map["memory"]?.wholeNumber(in: 1...20)
    reflects = try map["reflect"]?.truth() ?? false
  }
}

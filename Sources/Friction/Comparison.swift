import SessionCore

/// Two arms of one experiment, or one arm of two models, on the same tasks: a difference of shares
/// with its interval and tests.
public struct Comparison: Equatable, Sendable {
  /// What is compared.
  public enum Measure: String, Sendable, CaseIterable {
    /// Right at the first attempt.
    case first = "right at first"
    /// Right in the end, of the lines that began wrong and got feedback.
    case recovery = "wrong at first, right in the end"
    /// Wrong in the end, of the lines that began right and got feedback.
    case loss = "right at first, wrong in the end"
    /// Right at some attempt within ``Comparison/attempts``, of all judged lines: against the
    /// unguided retry this is the feedback-specific gain.
    case success = "right by the last attempt"
  }

  /// A side of the comparison.
  public struct Side: Equatable, Sendable {
    public var model: String
    public var arm: String
    public var share: Proportion
  }

  public let script: String
  public let measure: Measure
  /// The budget of attempts of ``Measure/success``: the longest that both sides have. At 5 the
  /// difference is MINT's Δ_feedback. Nil for the other measures.
  public let attempts: Int?
  public let a: Side
  public let b: Side
  /// share(a) - share(b).
  public let difference: Double
  /// By drawing tasks again; nil when there are too few.
  public let interval: ClosedRange<Double>?
  /// Pairs (same task and seed) that count on both sides, and those in which only a or only b has
  /// it.
  public let pairs: Int
  public let onlyA: Int
  public let onlyB: Int
  /// McNemar's exact test over the pairs.
  public let mcNemar: Double
  /// Turns the signs of whole tasks.
  public let permutation: Double
  /// McNemar's p adjusted by Holm over all comparisons of this measure.
  public internal(set) var holm: Double

  /// Nil when one side has nothing to count.
  init?(
    _ measure: Measure, script: String, _ a: (model: String, arm: String, lines: [AttemptLine]),
    _ b: (model: String, arm: String, lines: [AttemptLine]), _ bootstrap: Bootstrap
  ) {
    attempts = measure == .success ? min(Self.longest(a.lines), Self.longest(b.lines)) : nil
    let left = Self.outcomes(a.lines, measure, attempts ?? 0)
    let right = Self.outcomes(b.lines, measure, attempts ?? 0)
    let (shareA, shareB) = (Self.proportion(left), Self.proportion(right))
    guard let valueA = shareA.share, let valueB = shareB.share else { return nil }
    self.script = script
    self.measure = measure
    self.a = Side(model: a.model, arm: a.arm, share: shareA)
    self.b = Side(model: b.model, arm: b.arm, share: shareB)
    difference = valueA - valueB
    // In one order, whatever order the sessions came in.
    let problems = Set(left.keys.map(\.problem)).union(right.keys.map(\.problem)).sorted()
    let (tasksA, tasksB) = (Self.byTask(left), Self.byTask(right))
    interval = bootstrap.difference(
      problems.map { (tasksA[$0] ?? .nothing, tasksB[$0] ?? .nothing) })
    let paired = left.filter { right[$0.key] != nil }
    pairs = paired.count
    onlyA = paired.count { $0.value && right[$0.key] == false }
    onlyB = paired.count { !$0.value && right[$0.key] == true }
    mcNemar = PairedTests.mcNemar(onlyA, onlyB)
    var byTask: [String: Int] = [:]
    for (key, value) in paired {
      byTask[key.problem, default: 0] += (value ? 1 : 0) - (right[key] == true ? 1 : 0)
    }
    permutation = PairedTests.permutation(
      byTask.sorted { $0.key < $1.key }.map(\.value), seed: bootstrap.seed)
    holm = mcNemar
  }

  private struct Key: Hashable {
    var problem: String
    var seed: UInt64
  }

  /// The lines that count for a measure, and whether they have it. Of several lines of one session
  /// the last is taken.
  private static func outcomes(
    _ lines: [AttemptLine], _ measure: Measure, _ attempts: Int
  ) -> [Key: Bool] {
    var found: [Key: Bool] = [:]
    for line in lines {
      guard let problem = line.problem, let first = line.judged.first?.verdict,
        let last = line.judged.last?.verdict
      else { continue }
      let key = Key(problem: problem, seed: line.seed)
      let beganRight = first.outcome == .right
      switch measure {
      case .first: found[key] = beganRight
      case .recovery where !beganRight && line.judged.count > 1:
        found[key] = last.outcome == .right
      case .loss where beganRight && line.judged.count > 1:
        found[key] = last.outcome != .right
      case .success: found[key] = line.isSolved(by: attempts)
      case .recovery, .loss: break
      }
    }
    return found
  }

  private static func longest(_ lines: [AttemptLine]) -> Int {
    lines.map(\.judged.count).max() ?? 0
  }

  private static func proportion(_ outcomes: [Key: Bool]) -> Proportion {
    Proportion(outcomes.values.count { $0 }, of: outcomes.count)
  }

  private static func byTask(_ outcomes: [Key: Bool]) -> [String: Bootstrap.Part] {
    var tasks: [String: Bootstrap.Part] = [:]
    for (key, has) in outcomes {
      tasks[key.problem, default: .nothing] += Bootstrap.Part(has ? 1 : 0, of: 1)
    }
    return tasks
  }
}

extension Comparison {
  /// Whether the interval leaves out 0 and a second look agrees, because the interval of a few tasks is
  /// narrower than it should be: between arms McNemar's p below 0.05, between models, which began
  /// right on different tasks, Newcombe's interval of the two shares.
  public var isClear: Bool {
    guard let interval, interval.lowerBound > 0 || interval.upperBound < 0 else { return false }
    guard a.model != b.model else { return mcNemar < 0.05 }
    return Proportion.difference(a.share, b.share).map { !$0.contains(0) } ?? false
  }

  /// One plain sentence that names its uncertainty.
  public var sentence: String {
    let sameModel = a.model == b.model
    let (nameA, nameB) = sameModel ? (a.arm, b.arm) : (a.model, b.model)
    let verb =
      switch measure {
      case .first: "is right at first"
      case .recovery: "recovers"
      case .loss: "loses right answers"
      case .success: "reaches right answers"
      }
    let points = Int((abs(difference) * 100).rounded())
    let place = sameModel || measure == .first ? "" : " under \(a.arm)"
    let bounds = interval.map { interval in
      let low = Int((interval.lowerBound * 100).rounded(.down))
      let high = Int((interval.upperBound * 100).rounded(.up))
      return " [\(Self.signed(low)), \(Self.signed(high))]"
    }
    let sign = difference < 0 ? "-" : "+"
    let numbers = "\(sign)\(points) points\(bounds ?? "")"
    guard isClear else {
      return "\(nameA) and \(nameB)\(place): no clear difference (\(measure.rawValue)): \(numbers)"
    }
    let (more, less) = difference > 0 ? (nameA, nameB) : (nameB, nameA)
    let shown = difference > 0 ? numbers : "+\(points) points" + flippedBounds
    return "\(more) \(verb) more than \(less)\(place): \(shown)"
  }

  private var flippedBounds: String {
    interval.map { interval in
      let low = Int((-interval.upperBound * 100).rounded(.down))
      let high = Int((-interval.lowerBound * 100).rounded(.up))
      return " [\(Self.signed(low)), \(Self.signed(high))]"
    } ?? ""
  }

  private static func signed(_ value: Int) -> String { value > 0 ? "+\(value)" : "\(value)" }
}

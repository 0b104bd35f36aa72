import SessionCore

/// A kind of question of which there are many, drawn at random, each with an exact checker. The
/// families are specified in docs/method/tasks.md.
public struct TaskFamily: Sendable {
  /// Which side of the split between training and measuring problems come from.
  public enum Side: String, CaseIterable, Sendable {
    /// Never a question in the bundled model's training.
    case heldOut = "held-out"
    case training
    case any
  }

  let item: any TaskItem.Type

  /// Every family, in the order of docs/method/tasks.md.
  public static let all: [TaskFamily] = [
    TaskFamily(item: Multiplication.self), TaskFamily(item: Addition.self),
    TaskFamily(item: Subtraction.self), TaskFamily(item: Hexadecimal.self),
    TaskFamily(item: GridTask.self), TaskFamily(item: WordProblem.self),
    TaskFamily(item: StringTask.self), TaskFamily(item: FactTask.self),
    TaskFamily(item: OutsideTask.self), TaskFamily(item: LongMultiplication.self),
    TaskFamily(item: LongHexadecimal.self), TaskFamily(item: ZebraTask.self),
  ]

  public static func named(_ name: String) -> TaskFamily? { all.first { $0.name == name } }

  public var name: String { item.family }
  public var difficulties: [String] { item.difficulties }
  public var defaultDifficulty: String { item.defaultDifficulty }
}

extension TaskFamily {
  /// Draws that may come to nothing (the wrong side of the split, a problem that is there
  /// already) before a family is taken to have no more.
  static let drawsInVainMax = 2000

  /// A problem drawn at random; nil when the family has none of this difficulty on this side.
  /// - Parameter difficulty: one of ``difficulties``; nil for the default.
  public func draw(
    _ difficulty: String? = nil, side: Side = .heldOut, using chance: inout SplitMix64
  ) -> Problem? {
    let difficulty = difficulty ?? defaultDifficulty
    guard difficulties.contains(difficulty) else { return nil }
    for _ in 0..<Self.drawsInVainMax {
      guard let problem = item.draw(difficulty, using: &chance).map({ Problem($0) }) else {
        continue
      }
      switch side {
      case .heldOut where !problem.isHeldOut, .training where problem.isHeldOut: continue
      default: return problem
      }
    }
    return nil
  }

  /// Problems drawn at random, no two with the same key; the same seed gives the same ones. Fewer
  /// than `count` when the family has no more.
  public func problems(
    _ count: Int, difficulty: String? = nil, side: Side = .heldOut, seed: UInt64
  ) -> [Problem] {
    var chance = SplitMix64(seed: seed)
    var problems: [Problem] = []
    var keys: Set<String> = []
    var inVain = 0
    while problems.count < count, inVain < Self.drawsInVainMax,
      let problem = draw(difficulty, side: side, using: &chance)
    {
      guard keys.insert(problem.key).inserted else {
        inVain += 1
        continue
      }
      inVain = 0
      problems.append(problem)
    }
    return problems
  }
}

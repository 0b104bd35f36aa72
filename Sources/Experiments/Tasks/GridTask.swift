import SessionCore

/// Grids of three houses, three names, three colours and three pets, given by clues in words.
struct GridTask: GridItem {
  static let family = "grid"
  static let difficulties = ["medium", "easy", "hard"]
  static let defaultDifficulty = "medium"

  let puzzle: GridPuzzle

  private static let shape = GridShape(houses: 3, features: 3)
  private static let lexicon = shape.lexicon([.at, .not, .same, .left])

  /// The kinds of clue of a difficulty, each as often as it is to come.
  private static let kinds: [String: [GridClue.Kind]] = [
    "easy": [.at, .at, .same, .same, .same],
    "medium": [.at, .same, .same, .not, .not],
    "hard": [.same, .same, .not, .not, .left, .left, .at],
  ]

  /// All 216 ways to fill the grid.
  private static let solutions: [[Int]] = {
    let orders = [[1, 2, 3], [1, 3, 2], [2, 1, 3], [2, 3, 1], [3, 1, 2], [3, 2, 1]]
    return orders.flatMap { names in
      orders.flatMap { colours in orders.map { names + colours + $0 } }
    }
  }()

  static func draw(_ difficulty: String, using chance: inout SplitMix64) -> GridTask? {
    guard let kinds = kinds[difficulty] else { return nil }
    let clues = GridPuzzle.drawClues(
      shape, kinds: kinds, atMost: difficulty == "hard" ? 1 : .max, using: &chance
    ) { clues in
      solutions.count { solution in clues.allSatisfy { $0.holds(solution) } } == 1
    }
    guard let task = GridPuzzle(shape, clues).map({ GridTask(puzzle: $0) }),
      task.difficulty == difficulty
    else { return nil }
    return task
  }

  private init(puzzle: GridPuzzle) { self.puzzle = puzzle }

  init?(key: Substring) {
    guard let clues = GridPuzzle.clues(key, Self.lexicon),
      let puzzle = GridPuzzle(Self.shape, clues)
    else { return nil }
    self.init(puzzle: puzzle)
  }

  var key: String { puzzle.sentences.joined(separator: "|") }
  var difficulty: String? {
    let kinds = Set(puzzle.clues.map(\.kind))
    return kinds.contains(.left) ? "hard" : kinds.contains(.not) ? "medium" : "easy"
  }
}

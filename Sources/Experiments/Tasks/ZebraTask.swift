import SessionCore

/// Logic grids of two to six houses and features, after ZebraLogic (arXiv 2502.01100): values in
/// rows and columns, cells judged one by one, a solution that is proved to be the only one.
///
/// The wording is this program's own; sizes and the idea of judging cells are the paper's.
struct ZebraTask: GridItem {
  static let family = "zebra"
  static let difficulties = ["4x4", "2x2", "2x3", "3x3", "3x4", "4x3", "5x4", "5x5", "6x6"]
  static let defaultDifficulty = "4x4"
  static var isTrained: Bool { false }

  let puzzle: GridPuzzle

  private static let kinds: [GridClue.Kind] = [.same, .same, .left, .next, .not, .at]

  static func draw(_ difficulty: String, using chance: inout SplitMix64) -> ZebraTask? {
    guard let shape = shape(difficulty) else { return nil }
    let clues = GridPuzzle.drawClues(shape, kinds: kinds, using: &chance) { clues in
      GridSolver.solve(shape, clues) != nil
    }
    return GridPuzzle(shape, clues).map { ZebraTask(puzzle: $0) }
  }

  private init(puzzle: GridPuzzle) { self.puzzle = puzzle }

  /// `HOUSESxFEATURES:` and the clues joined by `|`.
  init?(key: Substring) {
    guard let colon = key.firstIndex(of: ":"), let shape = Self.shape(String(key[..<colon])),
      let clues = GridPuzzle.clues(
        key[key.index(after: colon)...], shape.lexicon([.at, .not, .same, .left, .next])),
      let puzzle = GridPuzzle(shape, clues)
    else { return nil }
    self.init(puzzle: puzzle)
  }

  /// Of a name such as `4x3`: four houses, three features.
  private static func shape(_ name: String) -> GridShape? {
    guard difficulties.contains(name) else { return nil }
    let sizes = name.split(separator: "x").compactMap { Int($0) }
    return sizes.count == 2 ? GridShape(houses: sizes[0], features: sizes[1]) : nil
  }

  var key: String { "\(size):\(puzzle.sentences.joined(separator: "|"))" }
  var difficulty: String? { size }
  private var size: String { "\(puzzle.shape.houses)x\(puzzle.shape.categories.count)" }
}

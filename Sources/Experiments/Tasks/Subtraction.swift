import SessionCore

/// Differences of decimal numbers of three to six digits, worked out in columns with borrowing.
struct Subtraction: WholeNumberTask {
  static let family = "subtraction"
  static let difficulties = ColumnWork.difficulties
  static let defaultDifficulty = "6"

  private let left: Int
  /// Not greater than ``left``.
  private let right: Int

  static func draw(_ difficulty: String, using chance: inout SplitMix64) -> Subtraction? {
    ColumnWork.draw(difficulty, using: &chance).map {
      Subtraction(left: max($0, $1), right: min($0, $1))
    }
  }

  private init(left: Int, right: Int) { (self.left, self.right) = (left, right) }

  init?(key: Substring) {
    guard let (left, right) = WholeNumber.pair(key, digitsMax: 6), left >= right else { return nil }
    self.init(left: left, right: right)
  }

  var key: String { "\(left),\(right)" }
  var difficulty: String? { ColumnWork.difficulty(left) }
  var prompt: String { "What is \(left) - \(right)?" }
  var answer: String { "\(left - right)" }
  var solution: [String] { ColumnWork.difference(left, right) + ["Answer: \(answer)"] }

  func isStep(_ line: String) -> Bool { ColumnWork.differenceForms.matches(line) }
}

import SessionCore

/// Sums of decimal numbers of three to six digits, worked out in columns with their carries.
struct Addition: WholeNumberTask {
  static let family = "addition"
  static let difficulties = ColumnWork.difficulties
  static let defaultDifficulty = "6"

  private let low: Int
  private let high: Int

  private init(_ first: Int, _ second: Int) {
    (low, high) = (min(first, second), max(first, second))
  }

  static func draw(_ difficulty: String, using chance: inout SplitMix64) -> Addition? {
    ColumnWork.draw(difficulty, using: &chance).map { Addition($0, $1) }
  }

  init?(key: Substring) {
    guard let (low, high) = WholeNumber.pair(key, digitsMax: 6), low <= high else { return nil }
    self.init(low, high)
  }

  var key: String { "\(low),\(high)" }
  var difficulty: String? { ColumnWork.difficulty(high) }
  var prompt: String { "What is \(low) + \(high)?" }
  var answer: String { "\(low + high)" }
  var solution: [String] { ColumnWork.sum(low, high) + ["Answer: \(answer)"] }

  func isStep(_ line: String) -> Bool { ColumnWork.sumForms.matches(line) }
}

import SessionCore

/// Products of decimal numbers of one to three digits, worked out by partial products.
struct Multiplication: WholeNumberTask {
  static let family = "multiplication"
  static let difficulties = ["3x3", "2x1", "2x2", "3x1", "3x2"]
  static let defaultDifficulty = "3x3"

  private let work: PartialProducts

  private init(_ left: Int, _ right: Int) {
    work = PartialProducts(left: max(left, right), right: min(left, right), radix: 10)
  }

  static func draw(_ difficulty: String, using chance: inout SplitMix64) -> Multiplication? {
    PartialProducts.draw(difficulty, radix: 10, using: &chance).map { Multiplication($0, $1) }
  }

  init?(key: Substring) {
    guard let (low, high) = WholeNumber.pair(key, digitsMax: 3), low <= high else { return nil }
    self.init(high, low)
  }

  var key: String { work.key }
  var difficulty: String? { Self.difficulties.contains(work.size) ? work.size : nil }
  var prompt: String { "What is \(work.left) × \(work.right)?" }
  var answer: String { work.text(work.product) }
  var solution: [String] { work.lines }

  func isStep(_ line: String) -> Bool { work.isStep(line) }
  func arithmeticStep(in reply: String) -> WrongStep? { WrongStep(arithmeticIn: reply) }
}

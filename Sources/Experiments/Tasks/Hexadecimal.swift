import SessionCore

/// Products of hexadecimal numbers of one to three digits, worked out by partial products.
struct Hexadecimal: WholeNumberTask {
  static let family = "hexadecimal"
  static let difficulties = ["3x2", "1x1", "2x1", "2x2"]
  static let defaultDifficulty = "3x2"
  static let radix = 16

  private let work: PartialProducts

  private init(_ left: Int, _ right: Int) {
    work = PartialProducts(left: max(left, right), right: min(left, right), radix: 16)
  }

  static func draw(_ difficulty: String, using chance: inout SplitMix64) -> Hexadecimal? {
    PartialProducts.draw(difficulty, radix: 16, using: &chance).map { Hexadecimal($0, $1) }
  }

  init?(key: Substring) {
    guard let (low, high) = WholeNumber.pair(key, digitsMax: 3, radix: 16), low <= high else {
      return nil
    }
    self.init(high, low)
  }

  var key: String { work.key }
  var difficulty: String? { Self.difficulties.contains(work.size) ? work.size : nil }
  var prompt: String {
    "What is \(work.text(work.left)) × \(work.text(work.right)) in hexadecimal?"
  }
  var answer: String { work.text(work.product) }
  var solution: [String] { work.lines }

  func isStep(_ line: String) -> Bool { work.isStep(line) }
  func arithmeticStep(in reply: String) -> WrongStep? { WrongStep(arithmeticIn: reply, radix: 16) }
}

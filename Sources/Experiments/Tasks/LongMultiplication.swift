import SessionCore

/// Products of two five-digit or six-digit numbers after *Feedback Friction* (arXiv 2506.11930v2,
/// App. C.1 and F): both factors from the same one of nine ranges (10000 to 19999 …), worked out by
/// splitting each at the thousands.
struct LongMultiplication: WholeNumberTask {
  static let family = "long-multiplication"
  static let difficulties = ["5", "6"]
  static let defaultDifficulty = "5"
  static var isTrained: Bool { false }

  private let left: Int
  private let right: Int

  private init(_ left: Int, _ right: Int) { (self.left, self.right) = (left, right) }

  static func draw(_ difficulty: String, using chance: inout SplitMix64) -> LongMultiplication? {
    let unit = difficulty == "6" ? 100_000 : 10_000
    let first = unit * chance.draw(from: 1...9)
    let left = first + chance.draw(from: 0...unit - 1)
    return LongMultiplication(left, first + chance.draw(from: 0...unit - 1))
  }

  init?(key: Substring) {
    guard let (left, right) = WholeNumber.pair(key, digitsMax: 6),
      Self.difficulties.contains("\("\(left)".count)"), "\(left)".count == "\(right)".count
    else { return nil }
    self.init(left, right)
  }

  var key: String { "\(left),\(right)" }
  var difficulty: String? { "\("\(left)".count)" }
  /// As the paper puts it, and where to put the answer.
  var prompt: String {
    "Calculate the following question: \(left) * \(right). "
      + "Put the final answer in \\boxed{}."
  }
  var answer: String { "\(left * right)" }

  private var partialProducts: [(Int, Int)] {
    let (high, low) = (left / 1000 * 1000, left % 1000)
    let (otherHigh, otherLow) = (right / 1000 * 1000, right % 1000)
    return [(high, otherHigh), (high, otherLow), (low, otherHigh), (low, otherLow)]
  }

  /// Seven steps (`digit_multiplication/decimal.py` of the paper's code, in equations) and the
  /// answer.
  var solution: [String] {
    let split = [left, right].map { "\($0) = \($0 / 1000 * 1000) + \($0 % 1000)" }
    let products = partialProducts.map { "\($0) * \($1) = \($0 * $1)" }
    let sum = partialProducts.map { "\($0 * $1)" }.joined(separator: " + ")
    return split + products + ["\(sum) = \(answer)", "Answer: \\boxed{\(answer)}"]
  }

  /// The four partial products and the answer, which the paper masks one by one.
  var secrets: [String] { partialProducts.map { "\($0 * $1)" } + [answer] }

  func reading(of answer: String) -> String? { BoxedAnswer.number(in: answer, radix: 10) }
  /// Models work in ways of their own: only arithmetic tells a wrong line.
  static var hasSteps: Bool { false }
  func isStep(_ line: String) -> Bool { false }
  func arithmeticStep(in reply: String) -> WrongStep? { WrongStep(arithmeticIn: reply) }
}

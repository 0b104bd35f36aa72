import SessionCore

/// Products of two five-digit hexadecimal numbers after *Feedback Friction* (arXiv 2506.11930v2,
/// App. C.2): the digits are drawn from 0 to 9 and read in base 16.
struct LongHexadecimal: WholeNumberTask {
  static let family = "long-hexadecimal"
  static let difficulties = ["5"]
  static let defaultDifficulty = "5"
  static let radix = 16
  static var isTrained: Bool { false }

  /// Five decimal digits each, zeros at the front included.
  private let left: String
  private let right: String

  private init(_ left: String, _ right: String) { (self.left, self.right) = (left, right) }

  static func draw(_ difficulty: String, using chance: inout SplitMix64) -> LongHexadecimal? {
    var digits: [String] = []
    for _ in 0..<10 { digits.append("\(chance.draw(from: 0...9))") }
    return LongHexadecimal(digits[..<5].joined(), digits[5...].joined())
  }

  init?(key: Substring) {
    let parts = key.split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count == 2,
      parts.allSatisfy({ $0.utf8.count == 5 && $0.utf8.allSatisfy { (48...57).contains($0) } })
    else { return nil }
    self.init(String(parts[0]), String(parts[1]))
  }

  var key: String { "\(left),\(right)" }
  var difficulty: String? { "5" }
  var prompt: String {
    "Calculate the following question in hexadecimal: \(left) * \(right). "
      + "Put the final answer in \\boxed{}."
  }
  var answer: String { Self.text((Int(left, radix: 16) ?? 0) * (Int(right, radix: 16) ?? 0)) }

  private static func text(_ number: Int) -> String {
    String(number, radix: 16, uppercase: true)
  }

  /// For each digit of the right factor, from its last: the partial product, shifted by as many
  /// zeros, and the running sum (`digit_multiplication/hexadecimal.py` of the paper's code, in
  /// equations).
  var solution: [String] {
    let factor = Int(left, radix: 16) ?? 0
    var lines: [String] = []
    var sum = 0
    for (place, digit) in right.reversed().enumerated() {
      let partial = factor * (digit.hexDigitValue ?? 0)
      let shifted = partial << (4 * place)
      lines.append("\(left) * \(digit) = \(Self.text(partial))")
      if place > 0 {
        let zeros = String(repeating: "0", count: place)
        lines.append("\(Self.text(partial)) * 1\(zeros) = \(Self.text(shifted))")
        lines.append("\(Self.text(sum)) + \(Self.text(shifted)) = \(Self.text(sum + shifted))")
      }
      sum += shifted
    }
    return lines + ["Answer: \\boxed{\(answer)}"]
  }

  func reading(of answer: String) -> String? { BoxedAnswer.number(in: answer, radix: 16) }
  /// Models work in ways of their own: only arithmetic tells a wrong line.
  static var hasSteps: Bool { false }
  func isStep(_ line: String) -> Bool { false }
  func arithmeticStep(in reply: String) -> WrongStep? { WrongStep(arithmeticIn: reply, radix: 16) }
}

import SessionCore

/// A question whose answer is one whole number.
protocol WholeNumberTask: TaskItem {
  /// The base that the answer is written in.
  static var radix: Int { get }
}

extension WholeNumberTask {
  static var radix: Int { 10 }

  func reading(of answer: String) -> String? {
    WholeNumber.reading(of: answer, radix: Self.radix)
  }
  func isRight(_ reading: String) -> Bool { reading == answer }
  func direction(for answer: String) -> String? {
    reading(of: answer).flatMap {
      WholeNumber.direction(from: $0, to: self.answer, radix: Self.radix)
    }
  }
  func wrongAnswer(using chance: inout SplitMix64) -> String {
    WholeNumber.wrong(for: answer, radix: Self.radix, using: &chance)
  }
}

/// Whole numbers as the families write, draw and compare them.
enum WholeNumber {
  /// With exactly so many digits; of one digit never 0.
  static func draw(
    digits: Int, radix: Int = 10, using chance: inout SplitMix64
  ) -> Int {
    var low = 1
    for _ in 1..<digits { low *= radix }
    return chance.draw(from: low...low * radix - 1)
  }

  /// The two numbers of a key such as `36,47`, without needless zeros or signs.
  static func pair(_ key: Substring, digitsMax: Int, radix: Int = 10) -> (Int, Int)? {
    let parts = key.split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count == 2, let first = number(parts[0], digitsMax: digitsMax, radix: radix),
      let second = number(parts[1], digitsMax: digitsMax, radix: radix)
    else { return nil }
    return (first, second)
  }

  /// A number in its one spelling: upper-case digits, no needless zeros.
  static func number(_ text: Substring, digitsMax: Int, radix: Int = 10) -> Int? {
    guard text.utf8.count <= digitsMax, let number = Int(text, radix: radix), number >= 0,
      String(number, radix: radix, uppercase: true) == text
    else { return nil }
    return number
  }

  /// The one spelling of a number that a reply announces; nil when it is anything else. Commas
  /// between groups of three are let pass, and so is emphasis around it.
  static func reading(of answer: String, radix: Int = 10) -> String? {
    let bytes = Array(answer.utf8).filter { !Array("*_$`".utf8).contains($0) }
    let groups = bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    guard groups.count == 1 || radix == 10 && groups.dropFirst().allSatisfy({ $0.count == 3 }),
      groups.allSatisfy({ !$0.isEmpty })
    else { return nil }
    let digits = groups.joined().map { (97...102).contains($0) ? $0 - 32 : $0 }
    let isNumber = digits.allSatisfy {
      (48...57).contains($0) || radix == 16 && (65...70).contains($0)
    }
    guard isNumber else { return nil }
    let plain = digits.drop { $0 == 48 }
    return plain.isEmpty ? "0" : String(decoding: plain, as: UTF8.self)
  }

  /// Whether an announced number is too high or too low; nil when it is no number or is right.
  static func direction(from answer: String, to right: String, radix: Int = 10) -> String? {
    guard let found = reading(of: answer, radix: radix), found != right else { return nil }
    // Without needless zeros the longer number is the greater one.
    let isLow = (found.utf8.count, found) < (right.utf8.count, right)
    return "The answer is too \(isLow ? "low" : "high")."
  }

  /// Another number that somebody might think is right: one digit off.
  static func wrong(
    for right: String, radix: Int = 10, using chance: inout SplitMix64
  ) -> String {
    var digits = right.compactMap { $0.hexDigitValue }
    let place = chance.draw(from: 0...digits.count - 1)
    // The first digit of several stays above 0.
    let least = place == 0 && digits.count > 1 ? 1 : 0
    let others = (least..<radix).filter { $0 != digits[place] }
    digits[place] = chance.pick(others)
    return digits.map { String($0, radix: radix, uppercase: true) }.joined()
  }
}

import SessionCore

/// Two-step questions in words, from the templates of word-problems.tsv.
struct WordProblem: WholeNumberTask {
  static let family = "word-problem"
  static let difficulties = ["large", "small"]
  static let defaultDifficulty = "large"

  private let template: Template
  /// As many as the template has slots.
  private let numbers: [Int]
  private let first: (text: String, value: Int)
  private let second: (text: String, value: Int)

  /// A line of the file.
  private struct Template: Sendable {
    var id: String
    var first: String
    var second: String
    var kinds: [String]
    var text: String
  }

  /// In the file's order.
  private static let templates = TaskTable.wordProblems.compactMap { fields in
    fields.count == 5
      ? Template(
        id: fields[0], first: fields[1], second: fields[2],
        kinds: fields[3].split(separator: ",").map { String($0) }, text: fields[4]) : nil
  }

  private static let ranges: [String: [String: ClosedRange<Int>]] = [
    "small": ["n": 2...9, "v": 2...12, "s": 2...30],
    "large": ["n": 3...9, "v": 12...99, "s": 100...999],
  ]

  /// Nil when a result is below 1.
  private init?(_ template: Template, _ numbers: [Int]) {
    guard numbers.count == template.kinds.count,
      let first = Self.worked(template.first, numbers, result: nil), first.value >= 1,
      let second = Self.worked(template.second, numbers, result: first.value), second.value >= 1
    else { return nil }
    (self.template, self.numbers, self.first, self.second) = (template, numbers, first, second)
  }

  static func draw(_ difficulty: String, using chance: inout SplitMix64) -> WordProblem? {
    let template = chance.pick(templates)
    let numbers = template.kinds.compactMap { ranges[difficulty]?[$0] }.map { range in
      chance.draw(from: range)
    }
    // Small numbers drawn from large ranges are no large problem.
    return WordProblem(template, numbers).flatMap { $0.difficulty == difficulty ? $0 : nil }
  }

  init?(key: Substring) {
    let parts = key.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let template = Self.templates.first(where: { $0.id == parts[0] }) else {
      return nil
    }
    let texts = parts[1].split(separator: ",", omittingEmptySubsequences: false)
    let numbers = texts.compactMap { WholeNumber.number($0, digitsMax: 4) }
    guard numbers.count == texts.count else { return nil }
    self.init(template, numbers)
  }

  var key: String { "\(template.id):\(numbers.map { "\($0)" }.joined(separator: ","))" }
  var difficulty: String? {
    let isSmall = zip(numbers, template.kinds).allSatisfy { number, kind in
      (Self.ranges["small"]?[kind]?.upperBound).map { number <= $0 } ?? false
    }
    return isSmall ? "small" : "large"
  }
  var prompt: String { Self.fill(template.text, numbers, result: nil) }
  var answer: String { "\(second.value)" }
  var solution: [String] {
    ["\(first.text) = \(first.value)", "\(second.text) = \(second.value)", "Answer: \(answer)"]
  }

  func isStep(_ line: String) -> Bool { Self.forms.matches(line) }
  func arithmeticStep(in reply: String) -> WrongStep? { WrongStep(arithmeticIn: reply) }

  private static let forms = ["N + N = N", "N - N = N", "N × N = N"].map { StepForm($0) }

  private static func fill(_ text: String, _ numbers: [Int], result: Int?) -> String {
    var filled = text
    for (name, number) in zip(["{a}", "{b}", "{c}"], numbers) {
      filled = filled.replacing(name, with: "\(number)")
    }
    return result.map { filled.replacing("{r}", with: "\($0)") } ?? filled
  }

  /// A step such as `{a} × {b}` with its numbers, and its value.
  private static func worked(
    _ step: String, _ numbers: [Int], result: Int?
  ) -> (text: String, value: Int)? {
    let text = fill(step, numbers, result: result)
    let words = text.split(separator: " ")
    guard words.count == 3, let left = Int(words[0]), let right = Int(words[2]) else { return nil }
    switch words[1] {
    case "×": return (text, left * right)
    case "+": return (text, left + right)
    case "-": return (text, left - right)
    default: return nil
    }
  }
}

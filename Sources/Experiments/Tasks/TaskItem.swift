import SessionCore

/// One question of a task family: what it asks, how it is worked out, and how a reply is judged.
/// The families are those of docs/method/tasks.md.
protocol TaskItem: Sendable {
  /// The family's name, which begins every key.
  static var family: String { get }
  static var difficulties: [String] { get }
  static var defaultDifficulty: String { get }
  /// Whether the bundled model is trained on the family: without it every item is held out.
  static var isTrained: Bool { get }

  /// A question of a difficulty, which is one of ``difficulties``; nil for a draw that is no item.
  static func draw(_ difficulty: String, using chance: inout SplitMix64) -> Self?

  /// The item that a key names, without the family's name and colon; nil when it names none.
  init?(key: Substring)

  /// Determines the item completely; without the family's name and colon.
  var key: String { get }
  /// Nil for an item that no difficulty would draw.
  var difficulty: String? { get }
  var prompt: String { get }
  /// In the spelling of the solution's last line.
  var answer: String { get }
  /// The lines of the reference solution, the answer's last.
  var solution: [String] { get }

  /// An announced answer in one spelling for equal answers; nil when it has no readable form.
  func reading(of answer: String) -> String?
  /// Whether a reading is right.
  func isRight(_ reading: String) -> Bool
  /// Whether replies are expected to follow the reference solution line by line.
  static var hasSteps: Bool { get }
  /// Whether a line has one of the family's step forms.
  func isStep(_ line: String) -> Bool
  /// Which way an announced answer is off, without saying the right one.
  func direction(for answer: String) -> String?

  // What follows has standard forms; families that differ bring their own.

  /// Right, wrong or no answer.
  func check(_ reply: String) -> Verdict
  /// The first step that differs from the reference solution, in a reply that is not right.
  func firstWrongStep(in reply: String) -> WrongStep?
  /// Which way a reply is off; nil when it is right or nothing can be said.
  func directionalCritique(of reply: String) -> String?
  /// The parts that can be judged one by one.
  func cells(in reply: String) -> [AnswerCell]
  /// The first false equation of a reply that has no line in a step form, as replies of models
  /// have that work in another way.
  func arithmeticStep(in reply: String) -> WrongStep?
  /// An answer of the right kind that is not right, for somebody who misleads.
  func wrongAnswer(using chance: inout SplitMix64) -> String
  /// What a critic has to mask, in the solution's order, the answer last.
  var secrets: [String] { get }
  /// What the question expects, for the record.
  var expectation: Expectation { get }
}

/// One part of an answer that is judged for itself, such as a cell of a grid.
public struct AnswerCell: Equatable, Sendable {
  /// Where it stands, such as `house 1 pet`.
  public let name: String
  public let expected: String
  /// As the reply has it; nil when it has nothing there.
  public let found: String?

  public var outcome: Verdict.Outcome {
    guard let found else { return .noAnswer }
    return found == expected ? .right : .wrong
  }
}

extension TaskItem {
  static var isTrained: Bool { true }
  static var hasSteps: Bool { true }
  func cells(in reply: String) -> [AnswerCell] { [] }
  func arithmeticStep(in reply: String) -> WrongStep? { nil }
  var secrets: [String] { [answer] }
  var expectation: Expectation { .task("\(Self.family):\(key)") }

  func check(_ reply: String) -> Verdict {
    guard let answer = AnnouncedAnswer(in: reply)?.text else {
      return Verdict(.noAnswer, answer: nil, checker: Self.family)
    }
    guard let reading = reading(of: answer) else {
      return Verdict(.wrong, answer: answer, checker: Self.family)
    }
    return Verdict(isRight(reading) ? .right : .wrong, answer: reading, checker: Self.family)
  }

  func directionalCritique(of reply: String) -> String? {
    guard let answer = AnnouncedAnswer(in: reply)?.text,
      reading(of: answer).map(isRight) != true
    else { return nil }
    return direction(for: answer)
  }

  /// The k-th step of the reply against the k-th line of the reference solution, as text.
  func firstWrongStep(in reply: String) -> WrongStep? {
    guard check(reply).outcome != .right else { return nil }
    let lines = ReplyLines(reply)
    let reference = solution
    let steps = lines.beforeAnswer.filter { isStep(lines.text($0)) }
    if !lines.lines.contains(where: { isStep(lines.text($0)) }),
      let step = arithmeticStep(in: reply)
    {
      return step
    }
    for (place, step) in steps.enumerated() {
      let right = place < reference.count - 1 ? reference[place] : reference[reference.count - 1]
      guard lines.text(step) != right else { continue }
      return WrongStep(
        step, of: lines.bytes, right: right, isAnswer: right == reference[reference.count - 1])
    }
    guard let answer = lines.answer, lines.announced != nil else { return nil }
    let next = Self.hasSteps ? min(steps.count, reference.count - 1) : reference.count - 1
    return WrongStep(
      answer, of: lines.bytes, right: reference[next], isAnswer: next == reference.count - 1)
  }
}

import Foundation
import SessionCore

/// Judges recorded replies again with another checker, and no model: the right answer is the one
/// that the record expects.
public struct Rescoring: Sendable {
  /// How the replies are read.
  public enum NewChecker: Equatable, Sendable {
    /// As the record says, by this program's checkers of today.
    case recorded
    case number, exact, normalised, boxed, choice
    /// `{answer}` in it stands for the right answer, letter by letter.
    case regex(String)
    case command(String)
  }

  /// The verdicts of one session that are new, and how they compare with those that stood.
  public struct Outcome: Equatable, Sendable {
    /// Replies that both checkers judged: old outcome, new outcome.
    public var pairs: [(Verdict.Outcome, Verdict.Outcome)] = []
    /// Verdicts that the record does not have yet.
    public var events: [Event] = []
    /// Replies whose question expects nothing that the new checker can use.
    public var unjudged = 0

    public static func == (left: Self, right: Self) -> Bool {
      left.events == right.events && left.unjudged == right.unjudged
        && left.pairs.elementsEqual(right.pairs, by: ==)
    }
  }

  public let checker: NewChecker
  private let tools: JudgingTools

  public init(_ checker: NewChecker, tools: JudgingTools = JudgingTools()) {
    self.checker = checker
    self.tools = tools
  }

  /// Names that ``init(parsing:tools:)`` takes, for messages.
  public static let names = [
    "recorded", "number", "exact", "normalised", "boxed", "choice", "regex:PATTERN",
    "command:COMMAND",
  ]

  /// Nil for a name that is none, and for a pattern that is none.
  public init?(parsing text: String, tools: JudgingTools = JudgingTools()) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let argument = parts.count > 1 ? String(parts[1]) : nil
    switch (parts.first.map(String.init) ?? "", argument) {
    case ("recorded", nil): self.init(.recorded, tools: tools)
    case ("number", nil): self.init(.number, tools: tools)
    case ("exact", nil): self.init(.exact, tools: tools)
    case ("normalised", nil): self.init(.normalised, tools: tools)
    case ("boxed", nil): self.init(.boxed, tools: tools)
    case ("choice", nil): self.init(.choice, tools: tools)
    case ("regex", let pattern?)
    where RegexChecker.accepts(pattern.replacingOccurrences(of: "{answer}", with: "x")):
      self.init(.regex(pattern), tools: tools)
    case ("command", let command?) where !command.isEmpty:
      self.init(.command(command), tools: tools)
    default: return nil
    }
  }

  /// Judges every whole reply of a session.
  public func judge(_ session: Session) async -> Outcome {
    var outcome = Outcome()
    for turn in session.turns where turn.role == .assistant {
      guard case .complete = turn.state else { continue }
      guard let recorded = session.expectation(for: turn.id),
        let expectation = expectation(insteadOf: recorded),
        let verdict = await tools.judge(turn.text, by: expectation)
      else {
        outcome.unjudged += 1
        continue
      }
      let old = session.verdicts[turn.id]
      if let old { outcome.pairs.append((old.outcome, verdict.outcome)) }
      if old != verdict { outcome.events.append(.judged(turn.id, verdict)) }
    }
    return outcome
  }

  /// What the new checker looks for; nil where the record does not say it.
  func expectation(insteadOf recorded: Expectation) -> Expectation? {
    if checker == .recorded { return recorded }
    if case .command(let command) = checker { return .command(command) }
    guard let answers = Self.answers(of: recorded), let answer = answers.first else {
      // A pattern without the answer in it needs none.
      if case .regex(let pattern) = checker, !pattern.contains("{answer}") {
        return .regex(pattern)
      }
      return nil
    }
    switch checker {
    case .recorded, .command: return nil
    case .number: return answer.isEmpty ? nil : .number(answer)
    case .exact: return .exact(answer)
    case .normalised: return .anyOf(answers)
    case .boxed: return .boxed(answer)
    case .choice: return .choice(answer)
    case .regex(let pattern):
      let escaped = NSRegularExpression.escapedPattern(for: answer)
      return .regex(pattern.replacingOccurrences(of: "{answer}", with: escaped))
    }
  }

  /// The right answer as text, aliases after it.
  private static func answers(of expectation: Expectation) -> [String]? {
    switch expectation {
    case .number(let number), .numberWithin(let number, _): [number]
    case .exact(let text), .boxed(let text), .choice(let text): [text]
    case .anyOf(let texts): texts
    case .task(let key): Problem(key: key).map { [$0.answer] }
    case .judge(_, let reference): reference.map { [$0] }
    case .regex, .cells, .command: nil
    }
  }
}

import SessionCore

/// How long replies are and how much of a reply changes, in words (runs without white space).
public struct Verbosity: Equatable, Sendable {
  /// Mean words of a reply, every reply once.
  public let words: Estimate?
  /// Words of the last attempt / words of the first, summed over lines with two attempts or more.
  public let growth: Estimate?
  /// Words of wrong replies minus words of right ones, on average; nil without both. *Verbosity
  /// Bias in Preference Labeling* (arXiv 2310.10076) warns of judges who take length for quality.
  public let wrongMinusRight: Estimate?
  /// Mean over steps of (words removed + words added) / (words before + words after): 0 for the same
  /// words, 1 for no word in common.
  public let editDistance: Estimate?

  /// Past so many changes a step counts as changed between common beginning and end.
  private static let editsMax = 512

  public init(_ lines: [AttemptLine], _ draws: TaskDraws? = nil) {
    let draws = draws ?? TaskDraws(lines)
    let attempts = lines.distinctAttempts.map { (attempt: $0.attempt, task: $0.task) }
    words = draws.quotient(attempts.map { Part($0.task, Double(Self.count($0.attempt))) })
    growth = draws.quotient(
      lines.filter { $0.attempts.count > 1 }.map { line in
        Part(
          line.task, Double(line.attempts.last.map(Self.count) ?? 0),
          of: Double(Self.count(line.attempts[0])))
      })
    let judged = { (isRight: Bool) in
      attempts.filter { $0.attempt.verdict.map { ($0.outcome == .right) == isRight } ?? false }
        .map { Part($0.task, Double(Self.count($0.attempt))) }
    }
    wrongMinusRight = draws.figure(of: [judged(false), judged(true)]) { $0[0] - $0[1] }
    editDistance = draws.quotient(
      lines.distinctSteps.compactMap { step in
        Self.distance(step.from.reply.text, step.to.reply.text).map { Part(step.task, $0) }
      })
  }

  var figures: [Figure] {
    [
      Figure("words_per_reply", words), Figure("length_growth", growth),
      Figure("wrong_minus_right_words", wrongMinusRight), Figure("edit_distance", editDistance),
    ].compactMap(\.self)
  }

  private static func count(_ attempt: Attempt) -> Int {
    attempt.reply.text.split(whereSeparator: \.isWhitespace).count
  }

  /// Nil for two replies without a word.
  static func distance(_ old: String, _ new: String) -> Double? {
    var names: [Substring: Int] = [:]
    let number = { (text: String) in
      text.split(whereSeparator: \.isWhitespace).map { word in
        let name = names[word] ?? names.count
        names[word] = name
        return name
      }
    }
    let (before, after) = (number(old), number(new))
    guard !before.isEmpty || !after.isEmpty else { return nil }
    let script = EditScript.shortest(from: before, to: after, editsMax: editsMax)
    let changed = script.steps.count { if case .same = $0 { false } else { true } }
    return Double(changed) / Double(before.count + after.count)
  }
}

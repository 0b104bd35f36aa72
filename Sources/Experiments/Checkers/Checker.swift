import SessionCore

/// Judges replies by what their question expects. Three outcomes: a reply in which there is no
/// answer to be found is neither right nor wrong. docs/method/checkers.md says what each reads.
public enum Checker {
  /// The verdict of a checker that needs nothing but the reply; nil for those that run a command
  /// or ask a model (``JudgingTools``).
  public static func judge(_ reply: String, by expectation: Expectation) -> Verdict? {
    switch expectation {
    case .number(let number): NumberChecker.judge(reply, number, within: nil)
    case .numberWithin(let number, let tolerance):
      NumberChecker.judge(reply, number, within: tolerance)
    case .exact(let text): ExactChecker.judge(reply, text)
    case .anyOf(let texts): NormalisedChecker.judge(reply, texts)
    case .regex(let pattern): RegexChecker.judge(reply, pattern)
    case .boxed(let text): BoxedChecker.judge(reply, text)
    case .choice(let letter): ChoiceChecker.judge(reply, letter)
    case .cells(let rows): CellsChecker.judge(reply, rows)
    case .task(let key):
      // A record may name a task that this program does not know.
      Problem(key: key)?.check(reply) ?? Verdict(.noAnswer, answer: nil, checker: "task")
    case .command, .judge: nil
    }
  }
}

extension String {
  /// Without white space at both ends.
  var trimmed: String {
    var scalars = unicodeScalars[...]
    while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
    while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
    return String(scalars)
  }
}

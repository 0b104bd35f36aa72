import Friction
import SessionCore

/// Judges replies by what their question expects.
enum Checker {
  /// The verdict on a reply's text. Three outcomes: a reply in which there is no answer to be
  /// found is neither right nor wrong.
  ///
  /// - `number`: the reply's final number (``FinalAnswer``), equal as a decimal number.
  /// - `exact`: the whole reply, white space at both ends aside; an empty reply is no answer.
  /// - `regex`: the pattern is found somewhere; an empty reply, or one on which the search goes
  ///   beyond ``RegexChecker/progressMax``, is no answer.
  static func judge(_ reply: String, by expectation: Expectation) -> Verdict {
    let trimmed = reply.trimmed
    switch expectation {
    case .number(let expected):
      guard let found = FinalAnswer(in: reply)?.number else {
        return Verdict(.noAnswer, answer: nil, checker: "number")
      }
      let isRight = found == FinalAnswer.normalised(expected)
      return Verdict(isRight ? .right : .wrong, answer: found, checker: "number")
    case .exact(let expected):
      guard !trimmed.isEmpty else { return Verdict(.noAnswer, answer: nil, checker: "exact") }
      // Compared by scalars: canonically equal texts are still different texts.
      let isRight = trimmed.unicodeScalars.elementsEqual(expected.trimmed.unicodeScalars)
      return Verdict(isRight ? .right : .wrong, answer: trimmed, checker: "exact")
    case .regex(let pattern):
      guard !trimmed.isEmpty else { return Verdict(.noAnswer, answer: nil, checker: "regex") }
      switch RegexChecker(pattern)?.search(reply) {
      case .found(let text): return Verdict(.right, answer: text, checker: "regex")
      case .notFound: return Verdict(.wrong, answer: trimmed, checker: "regex")
      case .gaveUp, nil: return Verdict(.noAnswer, answer: nil, checker: "regex")
      }
    case .task(let key):
      return Problem(key: key)?.check(reply) ?? Verdict(.noAnswer, answer: nil, checker: "task")
    case .numberWithin, .anyOf, .boxed, .choice, .cells, .command, .judge:
      return Verdict(.noAnswer, answer: nil, checker: "none")
    }
  }
}

extension String {
  fileprivate var trimmed: String {
    var scalars = unicodeScalars[...]
    while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
    while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
    return String(scalars)
  }
}

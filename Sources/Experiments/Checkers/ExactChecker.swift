import SessionCore

/// The whole reply, white space at both ends aside; an empty reply is no answer.
enum ExactChecker {
  static func judge(_ reply: String, _ expected: String) -> Verdict {
    let reply = reply.trimmed
    guard !reply.isEmpty else { return Verdict(.noAnswer, answer: nil, checker: "exact") }
    // Compared by scalars: canonically equal texts are still different texts.
    let isRight = reply.unicodeScalars.elementsEqual(expected.trimmed.unicodeScalars)
    return Verdict(isRight ? .right : .wrong, answer: reply, checker: "exact")
  }
}

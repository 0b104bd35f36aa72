import SessionCore

/// The announced answer, or the whole reply when none is announced, equal to one of several texts
/// when both are normalised: the exact match of TriviaQA and SQuAD.
enum NormalisedChecker {
  static func judge(_ reply: String, _ accepted: [String]) -> Verdict {
    let found = normalised(AnnouncedAnswer(in: reply)?.text ?? reply)
    guard !found.isEmpty else { return Verdict(.noAnswer, answer: nil, checker: "any_of") }
    let isRight = accepted.contains { normalised($0) == found }
    return Verdict(isRight ? .right : .wrong, answer: found, checker: "any_of")
  }

  /// Small letters; ASCII punctuation and `‘’´` as blanks; the words a, an, the left out; one blank
  /// between words. The rules of `normalize_answer` in TriviaQA's `triviaqa_evaluation.py` (v1.0);
  /// SQuAD's differs in joining what punctuation parts.
  static func normalised(_ text: String) -> String {
    var words: [String] = []
    for part in text.lowercased().unicodeScalars.split(whereSeparator: isGap) {
      let word = String(part)
      if !["a", "an", "the"].contains(word) { words.append(word) }
    }
    return words.joined(separator: " ")
  }

  private static func isGap(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "!"..."/", ":"..."@", "["..."`", "{"..."~", "‘", "’", "´": true
    default: scalar.properties.isWhitespace
    }
  }
}

import SessionCore

/// The letter of an option in a multiple-choice question.
///
/// Read is the announced answer: its first letter in brackets, else a letter that stands alone at
/// its beginning. Without an announcement: the last `answer is X`, `option X` or `choice X`, else
/// the last letter in brackets, else a reply that is nothing but a letter.
enum ChoiceChecker {
  static func judge(_ reply: String, _ expected: String) -> Verdict {
    guard let found = letter(in: reply) else {
      return Verdict(.noAnswer, answer: nil, checker: "choice")
    }
    return Verdict(
      found == expected.trimmed.uppercased() ? .right : .wrong, answer: found, checker: "choice")
  }

  static func letter(in reply: String) -> String? {
    if let announced = AnnouncedAnswer(in: reply)?.text {
      let bytes = Array(announced.utf8)
      return bracketed(bytes, last: false) ?? leading(bytes[...])
    }
    let bytes = Array(reply.utf8)
    return afterPhrase(bytes) ?? bracketed(bytes, last: true) ?? lone(bytes)
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (65...90).contains(byte & 0xDF) }

  private static func text(_ byte: UInt8) -> String {
    String(UnicodeScalar(byte & 0xDF))
  }

  /// A letter in brackets, `(B)` or `[B]`.
  private static func bracketed(_ bytes: [UInt8], last: Bool) -> String? {
    let found = bytes.indices.dropLast(2).filter { index in
      [40, 91].contains(bytes[index]) && isLetter(bytes[index + 1])
        && [41, 93].contains(bytes[index + 2])
    }
    return (last ? found.last : found.first).map { text(bytes[$0 + 1]) }
  }

  /// A letter after blanks and emphasis that no other letter or digit follows. A small one, or an
  /// `A` before a word, is taken only when nothing but a mark follows.
  private static func leading(_ bytes: ArraySlice<UInt8>) -> String? {
    let rest = bytes.drop { Array(" \t*_$`\"".utf8).contains($0) }
    guard let first = rest.first, isLetter(first) else { return nil }
    guard let next = rest.dropFirst().first else { return text(first) }
    if Array(").:,;*_`\"".utf8).contains(next) { return text(first) }
    let isWord = isLetter(next) || (48...57).contains(next) || next >= 0x80
    let isArticle = first == UInt8(ascii: "A") || first == UInt8(ascii: "I") || first >= 97
    return isWord || isArticle ? nil : text(first)
  }

  /// The letter after the last of the phrases that has one.
  private static func afterPhrase(_ bytes: [UInt8]) -> String? {
    let small = bytes.map { (65...90).contains($0) ? $0 | 0x20 : $0 }
    let phrases = ["answer is", "option", "choice"].map { Array($0.utf8) }
    for end in small.indices.reversed() {
      for phrase in phrases where end + 1 >= phrase.count {
        guard small[(end + 1 - phrase.count)...end].elementsEqual(phrase) else { continue }
        var rest = bytes[(end + 1)...].prefix(12)
        rest = rest.drop { Array(" :([*".utf8).contains($0) }
        if let letter = leading(rest) { return letter }
      }
    }
    return nil
  }

  private static func lone(_ bytes: [UInt8]) -> String? {
    let marks = Array(" \t\r\n*_.)(`\"".utf8)
    let letters = bytes.filter { !marks.contains($0) }
    return letters.count == 1 && isLetter(letters[0]) ? text(letters[0]) : nil
  }
}

import SessionCore

/// Keeps feedback from giving the answer away: replaces it, word by word, and looks whether it
/// still stands there.
///
/// *Feedback Friction* (arXiv 2506.11930v2, §3.1 and appendix A.4) replaces by regular expressions,
/// which miss answers that begin or end with a sign and hit the article "A". Here a text is cut
/// into words first (runs of letters and digits; every other character but white space stands
/// alone; `1,692` is the number 1692), and an answer is a run of whole words.
struct AnswerMask {
  /// As in the paper.
  static let mask = "[masked]"

  /// Answers as their words, longest first.
  private let answers: [[String]]
  /// What stands in the place of each.
  private let masks: [[String]: String]

  /// - Parameters:
  ///   - answers: every spelling of the answer.
  ///   - isNumbered: whether each has a mask of its own, `[Mask1]` and so on, as the partial
  ///     products of the paper's five-digit task.
  init(_ answers: [String], isNumbered: Bool = false) {
    var masks: [[String]: String] = [:]
    for (index, answer) in answers.enumerated() {
      let words = Self.words(of: answer).map(\.folded)
      guard !words.isEmpty, masks[words] == nil else { continue }
      masks[words] = isNumbered ? "[Mask\(index + 1)]" : Self.mask
    }
    self.masks = masks
    self.answers = masks.keys.sorted {
      $0.count != $1.count ? $0.count > $1.count : $0.joined() < $1.joined()
    }
  }

  /// The text without the answers, and what was taken out.
  func applied(to text: String) -> (text: String, masked: [String]) {
    let words = Self.words(of: text)
    var result = ""
    var masked: [String] = []
    var written = text.startIndex
    var index = 0
    while index < words.count {
      guard let answer = match(words, at: index) else {
        index += 1
        continue
      }
      let length = answer.count
      let range = words[index].range.lowerBound..<words[index + length - 1].range.upperBound
      result += text[written..<range.lowerBound] + (masks[answer] ?? Self.mask)
      masked.append(String(text[range]))
      written = range.upperBound
      index += length
    }
    return (result + text[written...], masked)
  }

  /// Whether an answer stands in the text, letter case and the grouping of digits aside. A single
  /// letter or digit is part of too much to tell.
  func leaks(in text: String) -> Bool {
    let words = Self.words(of: Self.ungrouped(text)).map { $0.folded.lowercased() }
    return answers.contains { answer in
      guard answer.joined().count > 1, answer.count <= words.count else { return false }
      return (0...words.count - answer.count).contains { start in
        zip(words[start...], answer).allSatisfy { $0 == $1.lowercased() }
      }
    }
  }

  /// `1 692` and `1'692` as `1692`.
  private static func ungrouped(_ text: String) -> String {
    let characters = Array(text)
    var result = ""
    for (index, character) in characters.enumerated() {
      let isSeparator =
        [" ", "\u{A0}", "\u{2009}", "\u{202F}", "'", "_"].contains(character) && index > 0
        && characters[index - 1].isNumber && index + 3 < characters.count
        && characters[index + 1...index + 3].allSatisfy(\.isNumber)
      if !isSeparator { result.append(character) }
    }
    return result
  }

  private func match(_ words: [Word], at index: Int) -> [String]? {
    for answer in answers where index + answer.count <= words.count {
      let here = words[index..<index + answer.count]
      guard zip(here, answer).allSatisfy({ $0.folded == $1 }) else { continue }
      // A single capital letter is a choice only where it looks like one: the article "A" and the
      // pronoun "I" stand before a lower-case word.
      if answer.count == 1, let letter = here.first, letter.isOneLetter,
        !letter.isChoice(in: words, at: index)
      {
        continue
      }
      return answer
    }
    return nil
  }
}

extension AnswerMask {
  struct Word {
    var text: Substring
    /// Lower case, without separators of thousands; a single letter keeps its case.
    var folded: String
    var range: Range<String.Index> { text.startIndex..<text.endIndex }
    var isOneLetter: Bool { text.count == 1 && (text.first?.isLetter ?? false) }

    func isChoice(in words: [Word], at index: Int) -> Bool {
      guard text.first?.isUppercase ?? false else { return false }
      guard text == "A" || text == "I", index + 1 < words.count else { return true }
      let next = words[index + 1]
      let touches = next.range.lowerBound == range.upperBound
      return touches || !(next.text.first?.isLowercase ?? false)
    }
  }

  static func words(of text: String) -> [Word] {
    var words: [Word] = []
    var index = text.startIndex
    while index < text.endIndex {
      let start = index
      let first = text[index]
      index = text.index(after: index)
      guard !first.isWhitespace else { continue }
      if first.isLetter || first.isNumber {
        while index < text.endIndex, goesOn(text, index) { index = text.index(after: index) }
      }
      let piece = text[start..<index]
      let plain = piece.filter { $0 != "," }
      words.append(
        Word(text: piece, folded: plain.count == 1 ? String(plain) : plain.lowercased()))
    }
    return words
  }

  private static func goesOn(_ text: String, _ index: String.Index) -> Bool {
    let here = text[index]
    if here.isLetter || here.isNumber { return true }
    guard here == "," || here == "." else { return false }
    let next = text.index(after: index)
    return text[text.index(before: index)].isNumber && next < text.endIndex && text[next].isNumber
  }
}

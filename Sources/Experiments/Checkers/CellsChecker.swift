import SessionCore

/// Rows of words, such as `1: Ann, red, cat`, each word judged for itself; the reply is right when
/// every one is.
///
/// A row is a line `LABEL: WORD, WORD …` or a line of a Markdown table, `| LABEL | WORD | WORD |`,
/// whose label is one of the expected ones; the first one counts. Letter case is let pass.
enum CellsChecker {
  static func judge(_ reply: String, _ expected: [String]) -> Verdict {
    let cells = cells(reply, expected)
    guard cells.contains(where: { $0.found != nil }) else {
      return Verdict(.noAnswer, answer: nil, checker: "cells")
    }
    let isRight = cells.allSatisfy { $0.outcome == .right }
    let answer = cells.map { $0.found ?? "" }.joined(separator: ", ")
    return Verdict(isRight ? .right : .wrong, answer: answer, checker: "cells")
  }

  /// The expected cells, row by row, with what the reply has in their places.
  static func cells(_ reply: String, _ expected: [String]) -> [AnswerCell] {
    let expected = expected.compactMap(row)
    let labels = Set(expected.map(\.label))
    var found: [String: [String]] = [:]
    for line in reply.split(whereSeparator: \.isNewline) {
      guard let row = row(String(line)), labels.contains(row.label), found[row.label] == nil
      else { continue }
      found[row.label] = row.words
    }
    return expected.flatMap { row in
      row.words.enumerated().map { index, word in
        let words = found[row.label] ?? []
        return AnswerCell(
          name: "\(row.label) \(index + 1)", expected: word,
          found: words.indices.contains(index) ? words[index] : nil)
      }
    }
  }

  private static func row(_ line: String) -> (label: String, words: [String])? {
    let line = line.trimmed
    let parts: [Substring]
    if line.hasPrefix("|") {
      parts = line.split(separator: "|")
    } else {
      guard let colon = line.firstIndex(of: ":") else { return nil }
      parts = [line[..<colon]] + line[line.index(after: colon)...].split(separator: ",")
    }
    let words = parts.map { plain(String($0)) }
    guard words.count > 1, !words[0].isEmpty else { return nil }
    return (words[0], Array(words.dropFirst()))
  }

  private static func plain(_ text: String) -> String {
    text.filter { $0 != "*" && $0 != "`" }.trimmed.lowercased()
  }
}

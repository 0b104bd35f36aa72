import SessionCore

/// The words in braces of a turn's text that each problem fills: `{prompt}`, `{critique}`,
/// `{answer}`, `{find}`, `{replace}`. `{{prompt}}` stands for the text `{prompt}`; other words in
/// braces are text, unless they look like a misspelt placeholder.
struct ScriptPlaceholders {
  static let names = ["prompt", "critique", "answer", "find", "replace"]
  let problems: [Script.Problem]

  /// Checks that every placeholder is known and filled by every problem.
  func check(_ text: String, _ field: ScriptField) throws(ScriptError) {
    for piece in Self.pieces(of: text) {
      guard case .word(let word) = piece else { continue }
      guard Self.names.contains(word) else {
        guard !problems.isEmpty, let nearest = ScriptError.nearest(to: word, among: Self.names)
        else { continue }
        throw field.error(.unknownPlaceholder(word, allowed: Self.names, nearest: nearest))
      }
      guard !problems.isEmpty else { throw field.error(.placeholderWithoutProblems(word)) }
      for problem in problems where problem.value(of: word) == nil {
        throw field.error(.unfilledPlaceholder(word, problem: problem.id))
      }
    }
  }

  /// Whether the text asks the problem's own question.
  static func asks(_ text: String) -> Bool {
    pieces(of: text).contains { $0 == .word("prompt") }
  }

  /// The text with the problem's values put in. Values are not looked into again.
  static func fill(_ text: String, from problem: Script.Problem?) -> String {
    pieces(of: text).map { piece in
      switch piece {
      case .text(let text): text
      case .literal(let word): "{\(word)}"
      case .word(let word): problem?.value(of: word) ?? "{\(word)}"
      }
    }.joined()
  }

  /// A text that ``fill(_:from:)`` gives back as `text`.
  static func escaped(_ text: String) -> String {
    names.reduce(text) { $0.replacing("{\($1)}", with: "{{\($1)}}") }
  }

  private enum Piece: Equatable {
    case text(String)
    /// A word in one pair of braces.
    case word(String)
    /// A placeholder's name in two pairs of braces.
    case literal(String)
  }

  private static func pieces(of text: String) -> [Piece] {
    var pieces: [Piece] = []
    var rest = text[...]
    var plain = ""
    while let open = rest.firstIndex(of: "{") {
      plain += rest[..<open]
      rest = rest[open...]
      let isDouble = rest.dropFirst().first == "{"
      let after = rest.dropFirst(isDouble ? 2 : 1)
      let word = String(after.prefix { ("a"..."z").contains($0) || $0 == "_" })
      let closing = isDouble ? "}}" : "}"
      let tail = after.dropFirst(word.count)
      let isPlaceholder = isDouble ? names.contains(word) : !word.isEmpty
      guard isPlaceholder, tail.hasPrefix(closing) else {
        plain += "{"
        rest = rest.dropFirst()
        continue
      }
      if !plain.isEmpty { pieces.append(.text(plain)) }
      plain = ""
      pieces.append(isDouble ? .literal(word) : .word(word))
      rest = tail.dropFirst(closing.count)
    }
    plain += rest
    if !plain.isEmpty { pieces.append(.text(plain)) }
    return pieces
  }
}

extension Script.Problem {
  fileprivate func value(of placeholder: String) -> String? {
    switch placeholder {
    case "prompt": prompt
    case "critique": critique
    case "find": find
    case "replace": replace
    case "answer": answer
    default: nil
    }
  }
}

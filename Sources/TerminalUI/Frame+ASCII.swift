// The picture for a terminal that has only ASCII: every cell keeps its place.
extension Frame {
  /// The same frame in ASCII. Lines and signs become their nearest likeness; any other character
  /// becomes `?`, for what stands in the record is told elsewhere.
  public var inASCII: Frame {
    var frame = self
    frame.replaceCells { cell in
      guard !cell.text.isEmpty, !cell.text.utf8.allSatisfy({ $0 < 0x80 }) else { return cell.text }
      return String(Self.likeness(of: cell.text))
    }
    return frame
  }

  private static func likeness(of text: String) -> Character {
    guard let first = text.unicodeScalars.first else { return " " }
    // Without its accent a letter is still read.
    if first.isASCII { return Character(first) }
    return likenesses[first] ?? "?"
  }

  private static let likenesses: [Unicode.Scalar: Character] = [
    "─": "-", "│": "|", "┆": ":", "├": "+", "└": "+", "┌": "+", "┐": "+", "┘": "+", "┼": "+",
    "▸": ">",
    "·": "-", "…": "~", "×": "x", "÷": "/", "−": "-", "–": "-", "—": "-", "•": "*", "→": ">",
    "←": "<", "↑": "^", "↓": "v", "≈": "~", "≤": "<", "≥": ">", "≠": "#", "✓": "+", "✗": "x",
    "“": "\"", "”": "\"", "„": "\"", "«": "\"", "»": "\"", "‘": "'", "’": "'", "\u{A0}": " ",
    "ä": "a", "ö": "o", "ü": "u", "ß": "s", "Ä": "A", "Ö": "O", "Ü": "U", "é": "e", "è": "e",
    "ê": "e", "à": "a", "á": "a", "â": "a", "ç": "c", "ñ": "n", "ó": "o", "í": "i", "ú": "u",
  ]
}

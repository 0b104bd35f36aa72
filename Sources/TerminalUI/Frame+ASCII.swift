// The picture for a terminal that has only ASCII: every cell keeps its place.
extension Frame {
  /// The same frame in ASCII. Lines and signs become their nearest likeness; any other character
  /// becomes `?`, for what stands in the record is told elsewhere.
  public var inASCII: Frame {
    var frame = self
    frame.replaceCells { cell in
      guard !cell.text.isEmpty, !cell.text.utf8.allSatisfy({ $0 < 0x80 }) else { return cell.text }
      return cell.text.first.map { String(Self.likeness(of: $0)) } ?? " "
    }
    return frame
  }

  static func likeness(of cluster: Character) -> Character {
    guard let first = cluster.unicodeScalars.first else { return " " }
    // Without its accent a letter is still read.
    if first.isASCII { return Character(first) }
    if let likeness = likenesses[first] { return likeness }
    switch first.value {
    case 0x2500...0x257F: return "+"
    case 0x2580...0x259F: return "#"
    default: return "?"
    }
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

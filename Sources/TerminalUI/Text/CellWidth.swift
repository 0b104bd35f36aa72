/// How many terminal cells a piece of text takes.
///
/// The unit is the grapheme cluster, as a person counts characters. An emoji of several code
/// points is one picture two cells wide; other clusters are as wide as their spacing characters
/// together, for that is how terminals set Indic vowel signs and conjuncts.
enum CellWidth {
  /// 0 or more. Control characters count 1: ``Sanitise`` replaces them before they are drawn.
  static func of(_ cluster: Character) -> Int {
    if let ascii = cluster.asciiValue { return ascii == 0 ? 0 : 1 }
    let scalars = cluster.unicodeScalars
    if scalars.contains(emojiStyle) || isFlag(scalars) { return 2 }
    if let first = scalars.first, isPicture(first) { return 2 }
    return scalars.reduce(0) { $0 + width(of: $1) }
  }

  /// The sum over the clusters of `text`.
  static func of(_ text: String) -> Int {
    text.reduce(0) { $0 + of($1) }
  }

  /// U+FE0F asks for the coloured, two-cell form of the symbol before it.
  private static let emojiStyle: Unicode.Scalar = "\u{FE0F}"

  private static func isFlag(_ scalars: Character.UnicodeScalarView) -> Bool {
    scalars.count == 2 && scalars.allSatisfy { (0x1F1E6...0x1F1FF).contains($0.value) }
  }

  private static func width(of scalar: Unicode.Scalar) -> Int {
    if isWide(scalar) { return 2 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: return isMedialJamo(scalar) ? 0 : 1
    }
  }

  /// Vowels and final consonants that stack under a leading Hangul consonant.
  private static func isMedialJamo(_ scalar: Unicode.Scalar) -> Bool {
    (0x1160...0x11FF).contains(scalar.value)
  }

  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    guard scalar.value >= 0x1100 else { return false }
    return isPicture(scalar) || wideRanges.contains { $0.contains(scalar.value) }
  }

  /// A single regional indicator is a letter in a box, not a picture.
  private static func isPicture(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isEmojiPresentation && !(0x1F1E6...0x1F1FF).contains(scalar.value)
  }

  /// Wide and fullwidth ranges of EastAsianWidth.txt (Unicode 15), emoji left out: those come
  /// from the standard library's property.
  private static let wideRanges: [ClosedRange<UInt32>] = [
    0x1100...0x115F,  // Hangul leading consonants
    0x2329...0x232A,  // angle brackets
    0x2E80...0x303E,  // CJK radicals, ideographic punctuation
    0x3041...0x4DBF,  // kana, bopomofo, compatibility Jamo, CJK extension A
    0x4E00...0xA4CF,  // CJK, Yi
    0xA960...0xA97C,  // Hangul extended A
    0xAC00...0xD7A3,  // Hangul syllables
    0xF900...0xFAFF,  // CJK compatibility
    0xFE10...0xFE19, 0xFE30...0xFE6B,  // vertical and small forms
    0xFF01...0xFF60, 0xFFE0...0xFFE6,  // fullwidth forms
    0x16FE0...0x18D08,  // Tangut, Khitan, Nushu marks
    0x1AFF0...0x1B2FB,  // kana supplements, Nushu
    0x1F200...0x1F265,  // squared ideographs
    0x20000...0x3FFFD,  // CJK extensions B and later
  ]
}

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
    guard let first = scalars.first else { return 0 }
    let rest = scalars.dropFirst()
    guard !rest.isEmpty else { return of(first) }
    if isPicture(first, rest) { return 2 }
    return scalars.reduce(0) { $0 + of($1) }
  }

  /// The sum over the clusters of `text`.
  static func of(_ text: String) -> Int {
    text.reduce(0) { $0 + of($1) }
  }

  /// One scalar by itself.
  static func of(_ scalar: Unicode.Scalar) -> Int {
    guard scalar.value >= 0xA1 else { return 1 }
    if contains(WidthTable.none, scalar.value) { return 0 }
    if contains(WidthTable.two, scalar.value) { return 2 }
    return contains(WidthTable.ambiguous, scalar.value) ? TextLook.current.ambiguousColumns : 1
  }

  /// U+FE0F asks for the coloured, two-cell form of the symbol before it.
  private static let emojiStyle: Unicode.Scalar = "\u{FE0F}"

  private static func isPicture(
    _ first: Unicode.Scalar, _ rest: Substring.UnicodeScalarView
  ) -> Bool {
    if isRegional(first) { return rest.count == 1 && rest.first.map(isRegional) == true }
    if rest.contains(emojiStyle), first.properties.isEmoji { return true }
    // A letter in the same cluster as a wide picture does not happen: a picture begins its own.
    return first.properties.isEmojiPresentation
  }

  /// Two letters of a region in boxes make a flag.
  private static func isRegional(_ scalar: Unicode.Scalar) -> Bool {
    (0x1F1E6...0x1F1FF).contains(scalar.value)
  }

  /// Whether one of the ranges (first, last, first, last …, rising) holds `value`.
  private static func contains(_ ranges: [UInt32], _ value: UInt32) -> Bool {
    var (low, high) = (0, ranges.count / 2)
    while low < high {
      let middle = (low + high) / 2
      if ranges[2 * middle + 1] < value { low = middle + 1 } else { high = middle }
    }
    return low < ranges.count / 2 && ranges[2 * low] <= value
  }
}

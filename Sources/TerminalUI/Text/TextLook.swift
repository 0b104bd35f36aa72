/// What differs from terminal to terminal about characters; the same for as long as one is used.
///
/// It is the task's, not the state's: every line that is measured depends on it, and nothing ever
/// changes it.
public struct TextLook: Equatable, Sendable {
  /// Cells of the characters that Unicode calls ambiguous (UAX #11): 1, or 2 as terminals for
  /// Chinese, Japanese and Korean have it.
  public var ambiguousColumns: Int
  /// Emoji are shown by their Unicode names.
  public var namesEmoji: Bool

  public init(ambiguousColumns: Int = 1, namesEmoji: Bool = false) {
    self.ambiguousColumns = ambiguousColumns
    self.namesEmoji = namesEmoji
  }

  @TaskLocal public static var current = TextLook()
}

extension Sanitise {
  /// What is drawn for a cluster: what is harmless of it, by its name or in ASCII where the
  /// terminal's look asks for that.
  static func drawn(_ cluster: Character) -> String {
    if cluster.isASCII { return visible(cluster) }
    let look = TextLook.current
    if look.namesEmoji, let name = name(ofPicture: cluster) { return name }
    // Lines of cells twice as wide would fit no grid.
    if look.ambiguousColumns > 1, cluster.isOfLines { return String(Frame.likeness(of: cluster)) }
    return visible(cluster)
  }

  static func drawn(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return visible(text) }
    return text.reduce(into: "") { $0 += drawn($1) }
  }

  /// Such as `[grinning face]`; nil for what is no emoji.
  private static func name(ofPicture cluster: Character) -> String? {
    let scalars = cluster.unicodeScalars
    guard let first = scalars.first,
      first.properties.isEmojiPresentation || scalars.contains("\u{FE0F}")
    else { return nil }
    // Joiners, colour styles and tags have no picture of their own.
    let names = scalars.filter { $0.properties.generalCategory != .format && $0 != "\u{FE0F}" }
      .compactMap(\.properties.name)
    return names.isEmpty ? nil : "[" + names.joined(separator: ", ").lowercased() + "]"
  }
}

extension Character {
  /// Whether it is of the blocks Box Drawing and Block Elements.
  var isOfLines: Bool {
    unicodeScalars.first.map { (0x2500...0x259F).contains($0.value) } ?? false
  }
}

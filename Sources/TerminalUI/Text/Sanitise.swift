/// Makes hostile text harmless: what a model, a file or a paste contains is shown, never obeyed.
///
/// A control byte becomes its control picture (ESC is `␛`), a C1 control its hexadecimal value
/// (`<9B>`), and characters that are invisible or turn the writing direction around become their
/// code point (`<U+202E>`). Line feeds and tabs stay; the layout deals with them.
public enum Sanitise {
  /// Most scalars of one cluster that are drawn; a pile of accents beyond that is cut.
  static let clusterScalarsMax = 16

  /// `text` without anything a terminal could take for an order.
  public static func visible(_ text: String) -> String {
    guard !text.utf8.allSatisfy(isHarmless) else { return text }
    return text.reduce(into: "") { $0 += visible($1) }
  }

  /// The safe form of one cluster: usually the cluster itself.
  public static func visible(_ cluster: Character) -> String {
    if let ascii = cluster.asciiValue, ascii >= 0x20, ascii < 0x7F { return String(cluster) }
    if cluster == "\n" || cluster == "\r\n" { return "\n" }
    if cluster == "\t" { return "\t" }
    return replacement(for: cluster) ?? String(cluster)
  }

  private static func isHarmless(_ byte: UInt8) -> Bool {
    (byte >= 0x20 && byte < 0x7F) || byte == 0x0A || byte == 0x09
  }

  private static func replacement(for cluster: Character) -> String? {
    let scalars = cluster.unicodeScalars
    guard let first = scalars.first else { return nil }
    switch first.properties.generalCategory {
    case .control: return scalars.map(controlPicture).joined()
    case .format, .lineSeparator, .paragraphSeparator:
      return scalars.map(codePoint).joined()
    // An accent with nothing under it would land on whatever stands to its left.
    case .nonspacingMark, .enclosingMark: return "\u{25CC}" + String(cluster)
    default: break
    }
    // Fillers and the like: nothing would be seen of them.
    if CellWidth.of(cluster) == 0 { return scalars.map(codePoint).joined() }
    if hidesTags(scalars) { return scalars.map { isTag($0) ? codePoint($0) : String($0) }.joined() }
    guard scalars.count > clusterScalarsMax else { return nil }
    return String(String.UnicodeScalarView(scalars.prefix(clusterScalarsMax)))
  }

  /// Tag characters spell the region of a flag; anywhere else they are unseen text.
  private static func hidesTags(_ scalars: Character.UnicodeScalarView) -> Bool {
    scalars.first != "\u{1F3F4}" && scalars.contains(where: isTag)
  }

  private static func isTag(_ scalar: Unicode.Scalar) -> Bool {
    (0xE0000...0xE007F).contains(scalar.value)
  }

  private static func controlPicture(_ scalar: Unicode.Scalar) -> String {
    switch scalar.value {
    case 0..<0x20: Unicode.Scalar(0x2400 + scalar.value).map(String.init) ?? codePoint(scalar)
    case 0x7F: "\u{2421}"
    default: "<" + String(scalar.value, radix: 16, uppercase: true) + ">"
    }
  }

  private static func codePoint(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "<U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + ">"
  }
}

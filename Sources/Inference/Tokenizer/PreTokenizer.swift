/// Cuts text into the words that byte-pair merges never cross.
///
/// GPT-2's pattern, written as a scanner over Unicode scalars (its alternatives in order):
/// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
struct PreTokenizer {
  /// Values of `tokenizer.ggml.pre` that mean this pattern.
  static let supported = ["gpt-2"]

  private enum Kind: UInt8 { case letter, number, space, other }

  private let kinds: [Kind]
  private let scalars: [Unicode.Scalar]
  /// Index of the next unread scalar.
  private var position = 0

  init(_ text: String) {
    scalars = Array(text.unicodeScalars)
    kinds = scalars.map(PreTokenizer.kind)
  }

  /// The UTF-8 bytes of the next word; nil at the end.
  mutating func next() -> [UInt8]? {
    guard position < scalars.count else { return nil }
    let end = wordEnd(from: position)
    var bytes: [UInt8] = []
    for scalar in scalars[position..<end] { bytes.append(contentsOf: scalar.utf8) }
    position = end
    return bytes
  }

  private func wordEnd(from start: Int) -> Int {
    if let end = contractionEnd(from: start) { return end }
    // ` ?` and then a run of one kind.
    let first = scalars[start] == " " ? start + 1 : start
    if first < scalars.count, kinds[first] != .space {
      return runEnd(from: first)
    }
    // Here the scalar at `start` is a space: all of a run at the end of the text or of length
    // one; else all but its last, which may belong to the next word.
    let end = runEnd(from: start)
    return end == scalars.count || end == start + 1 ? end : end - 1
  }

  private func runEnd(from start: Int) -> Int {
    var end = start + 1
    while end < kinds.count, kinds[end] == kinds[start] { end += 1 }
    return end
  }

  private func contractionEnd(from start: Int) -> Int? {
    guard scalars[start] == "'", start + 1 < scalars.count else { return nil }
    let next = scalars[start + 1]
    if next == "s" || next == "t" || next == "m" || next == "d" { return start + 2 }
    guard start + 2 < scalars.count else { return nil }
    switch (next, scalars[start + 2]) {
    case ("r", "e"), ("v", "e"), ("l", "l"): return start + 3
    default: return nil
    }
  }

  private static func kind(_ scalar: Unicode.Scalar) -> Kind {
    switch scalar.value {
    case 0x61...0x7a, 0x41...0x5a: return .letter
    case 0x30...0x39: return .number
    case 0x20, 0x09...0x0d: return .space
    case 0..<0x80: return .other
    default: break
    }
    if scalar.properties.isWhitespace { return .space }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
      return .letter
    case .decimalNumber, .letterNumber, .otherNumber: return .number
    default: return .other
    }
  }
}

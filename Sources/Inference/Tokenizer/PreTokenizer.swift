/// Cuts text into the words that byte-pair merges never cross: the patterns that model files name,
/// written as scanners over UTF-8.
struct PreTokenizer {
  /// The patterns, by what they do.
  enum Pattern: Sendable {
    /// openai/gpt-2, `encoder.py`:
    /// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
    case gpt2
    /// Llama 3 (3 digits at most) and Qwen 2 (1 digit):
    /// `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|`
    /// ` ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
    case llama3(digits: Int)
    /// Every number character by itself, and GPT-2's pattern between them.
    case smolLM
    /// Runs of punctuation, then GPT-2's pattern between them, then numbers by themselves and
    /// their ASCII digits by threes (what llama.cpp does for files that ask for `default`).
    case standard
  }

  /// The pattern of a value of `tokenizer.ggml.pre`; nil for unknown ones.
  static func pattern(_ name: String) -> Pattern? {
    switch name {
    case "gpt-2": .gpt2
    case "llama-bpe", "llama3", "llama-v3", "falcon3", "falcon_e": .llama3(digits: 3)
    case "qwen2": .llama3(digits: 1)
    case "smollm": .smolLM
    case "default": .standard
    default: nil
    }
  }

  /// Values of `tokenizer.ggml.pre` that mean one of these patterns.
  static let supported = [
    "gpt-2", "llama-bpe", "llama3", "llama-v3", "falcon3", "falcon_e", "qwen2", "smollm", "default",
  ]

  private enum Kind: UInt8 { case letter, number, space, lineEnd, other }

  private let pattern: Pattern
  let bytes: [UInt8]
  /// Where the next word begins.
  private var position: Int
  private let end: Int
  /// Where the part ends that the first cut of a pattern of several cuts left.
  private var partEnd = 0
  private var partIsWord = false

  /// - Parameter range: the part of `bytes` to cut; it begins and ends with whole characters.
  init(_ bytes: [UInt8], _ range: Range<Int>, _ pattern: Pattern) {
    self.bytes = bytes
    self.pattern = pattern
    position = range.lowerBound
    end = range.upperBound
  }

  /// The next word's bytes; nil at the end.
  mutating func next() -> Range<Int>? {
    guard position < end else { return nil }
    let start = position
    position =
      switch pattern {
      case .gpt2: gpt2End(start, end)
      case .llama3(let digits): llama3End(start, digits)
      case .smolLM: smolLMEnd(start)
      case .standard: standardEnd(start)
      }
    return start..<position
  }

  // MARK: Patterns

  private func gpt2End(_ start: Int, _ limit: Int) -> Int {
    if let end = contractionEnd(start, limit, anyCase: false) { return end }
    // ` ?` and then a run of one kind.
    let first = bytes[start] == 0x20 ? start + 1 : start
    if first < limit {
      let (kind, length) = character(first)
      if !isSpace(kind) { return runEnd(of: kind, from: first + length, limit) }
    }
    return spaceEnd(start, limit)
  }

  /// `\s+(?!\S)|\s+`: all blanks at the end of the text, else all but the last one.
  private func spaceEnd(_ start: Int, _ limit: Int) -> Int {
    var index = start
    var last = start
    while index < limit {
      let (kind, length) = character(index)
      guard isSpace(kind) else { return last > start ? last : index }
      last = index
      index += length
    }
    return limit
  }

  private func llama3End(_ start: Int, _ digits: Int) -> Int {
    if let end = contractionEnd(start, end, anyCase: true) { return end }
    let (kind, length) = character(start)
    let second = start + length
    if kind == .letter { return runEnd(of: .letter, from: second, end) }
    let next = second < end ? character(second) : nil
    if kind == .space || kind == .other, let next, next.kind == .letter {
      return runEnd(of: .letter, from: second + next.length, end)
    }
    if kind == .number {
      var index = second
      for _ in 1..<digits where index < end {
        let (kind, length) = character(index)
        guard kind == .number else { break }
        index += length
      }
      return index
    }
    var symbols: Int?
    if kind == .other { symbols = second }
    if bytes[start] == 0x20, let next, next.kind == .other { symbols = second + next.length }
    if let symbols {
      var index = runEnd(of: .other, from: symbols, end)
      while index < end, bytes[index] == 10 || bytes[index] == 13 { index += 1 }
      return index
    }
    // `\s*[\r\n]+`: up to the last end of a line among the blanks.
    var index = start
    var lineEnd: Int?
    while index < end {
      let (kind, length) = character(index)
      guard isSpace(kind) else { break }
      index += length
      if kind == .lineEnd { lineEnd = index }
    }
    return lineEnd ?? spaceEnd(start, end)
  }

  private mutating func smolLMEnd(_ start: Int) -> Int {
    if start >= partEnd {
      let (kind, length) = character(start)
      if kind == .number { return start + length }
      partEnd = start
      while partEnd < end {
        let (kind, length) = character(partEnd)
        if kind == .number { break }
        partEnd += length
      }
    }
    return gpt2End(start, partEnd)
  }

  private mutating func standardEnd(_ start: Int) -> Int {
    if start >= partEnd {
      partIsWord = isPunctuation(start)
      partEnd = start
      while partEnd < end, isPunctuation(partEnd) == partIsWord {
        partEnd += character(partEnd).length
      }
      if partIsWord { return partEnd }
    }
    let (kind, _) = character(start)
    if kind == .number { return digitsEnd(start, runEnd(of: .number, from: start, partEnd)) }
    if bytes[start] == 0x20, start + 1 < partEnd, character(start + 1).kind == .number {
      return start + 1
    }
    return gpt2End(start, partEnd)
  }

  /// Within a run of numbers: three ASCII digits, or what stands before the next three.
  private func digitsEnd(_ start: Int, _ limit: Int) -> Int {
    func isTriple(_ index: Int) -> Bool {
      index + 3 <= limit && bytes[index..<index + 3].allSatisfy { (0x30...0x39).contains($0) }
    }
    if isTriple(start) { return start + 3 }
    var index = start
    while index < limit, !isTriple(index) { index += character(index).length }
    return index
  }

  private func contractionEnd(_ start: Int, _ limit: Int, anyCase: Bool) -> Int? {
    guard bytes[start] == 0x27, start + 1 < limit else { return nil }
    func letter(_ index: Int) -> UInt8 {
      guard index < limit else { return 0 }
      return anyCase && (0x41...0x5A).contains(bytes[index]) ? bytes[index] | 0x20 : bytes[index]
    }
    switch (letter(start + 1), letter(start + 2)) {
    case (0x73, _), (0x74, _), (0x6D, _), (0x64, _): return start + 2
    case (0x72, 0x65), (0x76, 0x65), (0x6C, 0x6C): return start + 3
    // The long s is an s in another case.
    case (0xC5, 0xBF) where anyCase: return start + 3
    default: return nil
    }
  }

  // MARK: Characters

  private func runEnd(of kind: Kind, from start: Int, _ limit: Int) -> Int {
    var index = start
    while index < limit {
      let (next, length) = character(index)
      guard next == kind else { break }
      index += length
    }
    return index
  }

  private func isSpace(_ kind: Kind) -> Bool { kind == .space || kind == .lineEnd }

  private func character(_ index: Int) -> (kind: Kind, length: Int) {
    let byte = bytes[index]
    if byte < 0x80 { return (PreTokenizer.asciiKinds[Int(byte)], 1) }
    let (scalar, length) = scalar(index)
    return (PreTokenizer.kind(scalar), length)
  }

  private func scalar(_ index: Int) -> (Unicode.Scalar, Int) {
    let first = UInt32(bytes[index])
    let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    guard index + length <= bytes.count else { return ("\u{FFFD}", bytes.count - index) }
    var value = first & (0xFF >> UInt32(length + 1))
    for offset in 1..<length { value = value << 6 | UInt32(bytes[index + offset] & 0x3F) }
    return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
  }

  private static let asciiKinds: [Kind] = (0..<0x80).map { value in
    switch UInt8(value) {
    case 0x61...0x7A, 0x41...0x5A: .letter
    case 0x30...0x39: .number
    case 0x0A, 0x0D: .lineEnd
    case 0x20, 0x09, 0x0B, 0x0C: .space
    default: .other
    }
  }

  private static func kind(_ scalar: Unicode.Scalar) -> Kind {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
      return .letter
    case .decimalNumber, .letterNumber, .otherNumber: return .number
    default: return scalar.properties.isWhitespace ? .space : .other
    }
  }

  /// `[\p{P}$+<=>^~|]`.
  private func isPunctuation(_ index: Int) -> Bool {
    let byte = bytes[index]
    if byte < 0x80 {
      switch byte {
      case 0x21...0x2F, 0x3A...0x40, 0x5B...0x5F, 0x7B...0x7E: return true
      default: return false
      }
    }
    switch scalar(index).0.properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
      .initialPunctuation, .finalPunctuation, .otherPunctuation:
      return true
    default: return false
    }
  }
}

/// Reads one JSON value strictly (RFC 8259) from bytes that nobody vouches for.
///
/// Stricter than the standard where ambiguity could hide damage: keys may not repeat, text must
/// be valid UTF-8, surrogates must come in pairs, depth and the length of numbers are limited.
package struct JSONParser {
  /// Deeper nesting than any record has; keeps a hostile line from exhausting the stack.
  package static let depthMax = 16
  /// Longer than any 64-bit integer or shortest round-trip double.
  package static let numberBytesMax = 40

  /// Valid for as long as ``parse(_:depthMax:isOpen:)`` runs.
  private let bytes: UnsafeBufferPointer<UInt8>
  private let depthMax: Int
  /// The bytes are an object that lacks its closing brace.
  private let isOpen: Bool
  private var position = 0

  private init(_ bytes: UnsafeBufferPointer<UInt8>, depthMax: Int, isOpen: Bool) {
    self.bytes = bytes
    self.depthMax = depthMax
    self.isOpen = isOpen
  }

  /// The one value that `bytes` hold.
  /// - Parameters:
  ///   - depthMax: how deep it may be nested; files of others go deeper than records.
  ///   - isOpen: whether the value is an object without its closing brace.
  package static func parse(
    _ bytes: ArraySlice<UInt8>, depthMax: Int = Self.depthMax, isOpen: Bool = false
  ) throws(JSONSyntaxError) -> JSONValue {
    try bytes.withUnsafeBufferPointer { (bytes) throws(JSONSyntaxError) in
      var parser = JSONParser(bytes, depthMax: depthMax, isOpen: isOpen)
      let value = try parser.value(depth: 0)
      parser.skipSpace()
      guard parser.position == bytes.endIndex else { throw parser.failure }
      if isOpen, case .object = value { return value }
      guard !isOpen else { throw parser.failure }
      return value
    }
  }

  private var failure: JSONSyntaxError { JSONSyntaxError(offset: position) }

  private var next: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
      position += 1
    }
  }

  private mutating func take(_ byte: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: byte) else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONValue {
    guard depth <= depthMax else { throw failure }
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return .number(try number())
    }
  }

  private mutating func word(
    _ spelling: String, _ value: JSONValue
  ) throws(JSONSyntaxError) -> JSONValue {
    guard bytes[position...].starts(with: spelling.utf8) else { throw failure }
    position += spelling.utf8.count
    return value
  }

  private mutating func object(depth: Int) throws(JSONSyntaxError) -> JSONValue {
    position += 1
    skipSpace()
    let lacksBrace = isOpen && depth == 0
    if !lacksBrace, take("}") { return .object([]) }
    var members: [JSONMember] = []
    var keys = Keys()
    repeat {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw failure }
      let key = try string()
      guard keys.insert(key, after: members) else { throw failure }
      skipSpace()
      guard take(":") else { throw failure }
      members.append(JSONMember(key, try value(depth: depth + 1)))
      skipSpace()
    } while take(",")
    guard lacksBrace ? position == bytes.endIndex : take("}") else { throw failure }
    return .object(members)
  }

  private mutating func array(depth: Int) throws(JSONSyntaxError) -> JSONValue {
    position += 1
    skipSpace()
    if take("]") { return .array([]) }
    var values: [JSONValue] = []
    repeat {
      values.append(try value(depth: depth + 1))
      skipSpace()
    } while take(",")
    guard take("]") else { throw failure }
    return .array(values)
  }

  private mutating func number() throws(JSONSyntaxError) -> String {
    let start = position
    _ = take("-")
    if !take("0") { try digits() }
    if take(".") { try digits() }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      try digits()
    }
    guard position - start <= Self.numberBytesMax else { throw failure }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func digits() throws(JSONSyntaxError) {
    let start = position
    while let byte = next, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
    guard position > start else { throw failure }
  }

  private mutating func string() throws(JSONSyntaxError) -> String {
    position += 1
    let whole = position
    try skipPlain()
    // Most strings have no escape: what stands there is the text.
    if take("\"") {
      return try text(UnsafeBufferPointer(rebasing: bytes[whole..<(position - 1)]))
    }
    var unescaped: [UInt8] = []
    var start = whole
    while take("\\") {
      unescaped += bytes[start..<(position - 1)]
      unescaped += UTF8.encode(try escape()) ?? UTF8.encodedReplacementCharacter
      start = position
      try skipPlain()
    }
    unescaped += bytes[start..<position]
    guard take("\"") else { throw failure }
    return try unescaped.withUnsafeBufferPointer { (utf8) throws(JSONSyntaxError) in
      try text(utf8)
    }
  }

  /// Up to the next quotation mark or backslash.
  private mutating func skipPlain() throws(JSONSyntaxError) {
    while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
      guard byte >= 0x20 else { throw failure }
      position += 1
    }
  }

  /// The text of UTF-8 that has to be valid. `String(validating:as:)` does the same for any
  /// encoding, and takes several times as long.
  private func text(_ utf8: UnsafeBufferPointer<UInt8>) throws(JSONSyntaxError) -> String {
    let text = String(decoding: utf8, as: UTF8.self)
    // What is invalid was replaced, and differs.
    guard text.utf8.elementsEqual(utf8) else { throw failure }
    return text
  }

  private mutating func escape() throws(JSONSyntaxError) -> Unicode.Scalar {
    guard let byte = next else { throw failure }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape()
    default: throw failure
    }
  }

  private mutating func unicodeEscape() throws(JSONSyntaxError) -> Unicode.Scalar {
    let first = try hexUnit()
    if let scalar = Unicode.Scalar(first) { return scalar }
    // What is no scalar is a surrogate; only a high one followed by a low one means anything.
    guard first < 0xDC00, take("\\"), take("u") else { throw failure }
    let second = try hexUnit()
    guard (0xDC00...0xDFFF).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw failure }
    return scalar
  }

  private mutating func hexUnit() throws(JSONSyntaxError) -> UInt32 {
    guard position + 4 <= bytes.endIndex else { throw failure }
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue else {
        throw failure
      }
      unit = unit << 4 | UInt32(digit)
      position += 1
    }
    return unit
  }
}

/// The keys of an object so far. Few are gone through, many are looked up.
private struct Keys {
  private static let fewMax = 16
  private var many: Set<ExactText> = []

  /// False when one of the members has the key already.
  mutating func insert(_ key: String, after members: [JSONMember]) -> Bool {
    guard members.count >= Self.fewMax else {
      return !members.contains { ExactText(text: $0.key) == ExactText(text: key) }
    }
    if many.isEmpty { many = Set(members.map { ExactText(text: $0.key) }) }
    return many.insert(ExactText(text: key)).inserted
  }
}

/// A text that equals another only when its bytes do: vocabularies hold an é beside an e with an
/// accent, which are equal to `String`.
private struct ExactText: Hashable {
  let text: String

  static func == (one: ExactText, other: ExactText) -> Bool {
    one.text.utf8.count == other.text.utf8.count && one.text.utf8.elementsEqual(other.text.utf8)
  }

  func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
  }
}

/// Bytes that are not JSON, or not the strict kind.
package struct JSONSyntaxError: Error, Equatable, Sendable {
  /// In bytes from the beginning, counted from 0.
  package var offset: Int
}

/// One JSON value as the journal writes it: fixed key order, one spelling for everything.
///
/// Foundation's encoder is not used because a journal must come out byte for byte the same on
/// every platform and release.
enum JSONValue: Equatable, Sendable {
  case null
  case bool(Bool)
  /// The number as it is spelt, so that 64-bit integers and doubles survive alike.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([JSONMember])

  static func integer(_ value: some BinaryInteger) -> JSONValue { .number(String(value)) }

  /// Appends the value's text.
  func write(to text: inout [UInt8]) {
    switch self {
    case .null: text += "null".utf8
    case .bool(let value): text += (value ? "true" : "false").utf8
    case .number(let spelling): text += spelling.utf8
    case .string(let value): Self.write(value, to: &text)
    case .array(let values):
      text.append(UInt8(ascii: "["))
      for (index, value) in values.enumerated() {
        if index > 0 { text.append(UInt8(ascii: ",")) }
        value.write(to: &text)
      }
      text.append(UInt8(ascii: "]"))
    case .object(let members):
      text.append(UInt8(ascii: "{"))
      Self.write(members, to: &text)
      text.append(UInt8(ascii: "}"))
    }
  }

  /// Members without the braces around them.
  static func write(_ members: [JSONMember], to text: inout [UInt8]) {
    for (index, member) in members.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      write(member.key, to: &text)
      text.append(UInt8(ascii: ":"))
      member.value.write(to: &text)
    }
  }

  /// Writes control characters as escapes, the C1 set among them, so that a journal shown in a
  /// terminal cannot command it.
  private static func write(_ string: String, to text: inout [UInt8]) {
    text.append(UInt8(ascii: "\""))
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\"".utf8
      case "\\": text += "\\\\".utf8
      case "\n": text += "\\n".utf8
      case "\r": text += "\\r".utf8
      case "\t": text += "\\t".utf8
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}":
        let digits = String(scalar.value, radix: 16)
        text += ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8
      default: text += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
      }
    }
    text.append(UInt8(ascii: "\""))
  }
}

/// A key and its value, in the order they are written.
struct JSONMember: Equatable, Sendable {
  var key: String
  var value: JSONValue

  init(_ key: String, _ value: JSONValue) {
    self.key = key
    self.value = value
  }
}

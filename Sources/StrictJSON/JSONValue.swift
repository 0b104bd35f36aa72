/// One JSON value as journals and exports write it: fixed key order, one spelling for everything.
///
/// Foundation's encoder is not used because a file must come out byte for byte the same on every
/// platform and release.
package enum JSONValue: Equatable, Sendable {
  case null
  case bool(Bool)
  /// The number as it is spelt, so that 64-bit integers and doubles survive alike.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([JSONMember])

  package static func integer(_ value: some BinaryInteger) -> JSONValue { .number(String(value)) }

  /// Appends the value's text.
  /// - Parameter escapingSeparators: also U+2028 and U+2029 become escapes. They end a line to
  ///   some readers of JSON Lines (Python's `splitlines`), though not to JSON.
  package func write(to text: inout [UInt8], escapingSeparators: Bool = false) {
    switch self {
    case .null: text += "null".utf8
    case .bool(let value): text += (value ? "true" : "false").utf8
    case .number(let spelling): text += spelling.utf8
    case .string(let value): Self.write(value, to: &text, escapingSeparators)
    case .array(let values):
      text.append(UInt8(ascii: "["))
      for (index, value) in values.enumerated() {
        if index > 0 { text.append(UInt8(ascii: ",")) }
        value.write(to: &text, escapingSeparators: escapingSeparators)
      }
      text.append(UInt8(ascii: "]"))
    case .object(let members):
      text.append(UInt8(ascii: "{"))
      Self.write(members, to: &text, escapingSeparators: escapingSeparators)
      text.append(UInt8(ascii: "}"))
    }
  }

  /// Members without the braces around them.
  package static func write(
    _ members: [JSONMember], to text: inout [UInt8], escapingSeparators: Bool = false
  ) {
    for (index, member) in members.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      write(member.key, to: &text, escapingSeparators)
      text.append(UInt8(ascii: ":"))
      member.value.write(to: &text, escapingSeparators: escapingSeparators)
    }
  }

  /// Writes control characters as escapes, the C1 set among them, so that a file shown in a
  /// terminal cannot command it.
  private static func write(
    _ string: String, to text: inout [UInt8], _ escapingSeparators: Bool
  ) {
    text.append(UInt8(ascii: "\""))
    var string = string
    string.withUTF8 { bytes in
      var start = 0
      var position = 0
      while position < bytes.count {
        let byte = bytes[position]
        // In UTF-8 the C1 set is C2 80 to C2 9F, U+2028 and U+2029 are E2 80 A8 and E2 80 A9.
        let isC1 = byte == 0xC2 && bytes[position + 1] < 0xA0
        let isSeparator =
          byte == 0xE2 && escapingSeparators && bytes[position + 1] == 0x80
          && bytes[position + 2] & 0xFE == 0xA8
        let isPlain = byte >= 0x20 && byte != 0x22 && byte != 0x5C && byte != 0x7F
        guard !isPlain || isC1 || isSeparator else {
          position += 1
          continue
        }
        text += bytes[start..<position]
        if isSeparator {
          text += (bytes[position + 2] == 0xA8 ? "\\u2028" : "\\u2029").utf8
        } else {
          text += escape(isC1 ? bytes[position + 1] : byte).utf8
        }
        position += isSeparator ? 3 : isC1 ? 2 : 1
        start = position
      }
      text += bytes[start...]
    }
    text.append(UInt8(ascii: "\""))
  }

  private static func escape(_ code: UInt8) -> String {
    switch code {
    case UInt8(ascii: "\""): return "\\\""
    case UInt8(ascii: "\\"): return "\\\\"
    case UInt8(ascii: "\n"): return "\\n"
    case UInt8(ascii: "\r"): return "\\r"
    case UInt8(ascii: "\t"): return "\\t"
    default:
      let digits = String(code, radix: 16)
      return "\\u00" + (digits.count < 2 ? "0" : "") + digits
    }
  }
}

/// A key and its value, in the order they are written.
package struct JSONMember: Equatable, Sendable {
  package var key: String
  package var value: JSONValue

  package init(_ key: String, _ value: JSONValue) {
    self.key = key
    self.value = value
  }
}

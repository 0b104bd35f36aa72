/// `tojson` as Hugging Face's chat templates have it: Python's `json.dumps` without escapes for
/// HTML and, unless asked for, without escapes for what is not ASCII.
struct JinjaJSON {
  var indent: Int?
  var isASCII = false
  var sortsKeys = false
  var itemSeparator = ", "
  var keySeparator = ": "

  /// The JSON of a value; nil for values that JSON has no form for.
  func text(_ value: JinjaValue, depth: Int = 0) -> JinjaText? {
    switch value {
    case .none: JinjaText("null")
    case .boolean(let value): JinjaText(value ? "true" : "false")
    case .integer(let value): JinjaText("\(value)")
    case .float(let value):
      JinjaText(
        value.isNaN
          ? "NaN"
          : value.isInfinite
            ? (value < 0 ? "-Infinity" : "Infinity")
            : JinjaValue.spelling(value))
    case .text(let text): quoted(text)
    case .list(let items, _): bracketed(items, "[", "]", depth) { self.text($0, depth: depth + 1) }
    case .dictionary(let dictionary): object(dictionary, depth)
    default: nil
    }
  }

  private func object(_ dictionary: JinjaDictionary, _ depth: Int) -> JinjaText? {
    var pairs: [(key: JinjaText, value: JinjaValue)] = []
    for (key, value) in dictionary.pairs {
      switch key {
      case .text(let text): pairs.append((text, value))
      case .none, .boolean, .integer, .float:
        guard let text = text(key) else { return nil }
        pairs.append((text, value))
      default: return nil
      }
    }
    if sortsKeys { pairs.sort { JinjaText.precedes($0.key, $1.key) } }
    return bracketed(pairs, "{", "}", depth) { pair in
      guard let value = text(pair.value, depth: depth + 1) else { return nil }
      return JinjaText(units: quoted(pair.key).units + JinjaText(keySeparator).units + value.units)
    }
  }

  private func bracketed<Item>(
    _ items: [Item], _ start: String, _ end: String, _ depth: Int, _ part: (Item) -> JinjaText?
  ) -> JinjaText? {
    guard !items.isEmpty else { return JinjaText(start + end) }
    func lineStart(_ depth: Int) -> String {
      indent.map { "\n" + String(repeating: " ", count: max(0, $0) * depth) } ?? ""
    }
    var text = JinjaText(start + lineStart(depth + 1))
    // With an indent Python's separator loses the blank at its end.
    let separator = (indent == nil ? itemSeparator : ",") + lineStart(depth + 1)
    for (index, item) in items.enumerated() {
      guard let part = part(item) else { return nil }
      if index > 0 { text.units += JinjaText(separator).units }
      text.units += part.units
    }
    text.units += JinjaText(lineStart(depth) + end).units
    return text
  }

  private func quoted(_ text: JinjaText) -> JinjaText {
    var units: [UInt32] = [34]
    for unit in text.units {
      let scalar = JinjaText.scalar(unit)
      let mark = unit & JinjaText.foreign
      if let escape = escape(scalar) {
        units += escape.unicodeScalars.map { $0.value | mark }
      } else {
        units.append(unit)
      }
    }
    return JinjaText(units: units + [34])
  }

  private func escape(_ scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "\"": return "\\\""
    case "\\": return "\\\\"
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    case "\u{8}": return "\\b"
    case "\u{C}": return "\\f"
    default: break
    }
    guard scalar.value < 0x20 || (isASCII && scalar.value > 0x7E) else { return nil }
    return UTF16.encode(scalar)?.map { unit in
      let digits = String(unit, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }.joined()
  }
}

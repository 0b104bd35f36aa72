/// How Python prints values: `str` and `repr`.
extension JinjaValue {
  /// `str`; nil for kinds whose spelling depends on addresses in memory.
  var printed: JinjaText? {
    switch self {
    case .undefined: JinjaText("")
    case .text(let text): text
    default: spelled
    }
  }

  /// `repr`, with the same gaps.
  private var spelled: JinjaText? {
    switch self {
    case .none: return JinjaText("None")
    case .boolean(let value): return JinjaText(value ? "True" : "False")
    case .integer(let value): return JinjaText("\(value)")
    case .float(let value): return JinjaText(JinjaValue.spelling(value))
    case .undefined: return JinjaText("Undefined")
    case .text(let text): return JinjaValue.quoted(text)
    case .list(let items, let isTuple):
      let end = isTuple && items.count == 1 ? ",)" : isTuple ? ")" : "]"
      return JinjaValue.joined(items, "\(isTuple ? "(" : "[")", end) { $0.spelled }
    case .dictionary(let dictionary):
      return JinjaValue.joined(dictionary.pairs, "{", "}") { pair in
        guard let key = pair.key.spelled, let value = pair.value.spelled else { return nil }
        return JinjaText(units: key.units + JinjaText(": ").units + value.units)
      }
    case .generator, .namespace, .loop, .macro, .function, .method: return nil
    }
  }

  private static func joined<Item>(
    _ items: [Item], _ start: String, _ end: String, _ spelling: (Item) -> JinjaText?
  ) -> JinjaText? {
    var text = JinjaText(start)
    for (index, item) in items.enumerated() {
      guard let part = spelling(item) else { return nil }
      if index > 0 { text.units += JinjaText(", ").units }
      text.units += part.units
    }
    text.units += JinjaText(end).units
    return text
  }

  /// Python's `repr` of a float: the shortest digits, an exponent from 1e16 and below 1e-4.
  static func spelling(_ value: Double) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    let text = "\(value)"
    guard let mark = text.firstIndex(of: "e") else {
      return text
    }
    // Swift writes 1e+16 and 1.5e-05 as Python does, but begins at other sizes.
    var mantissa = text[..<mark]
    let exponent = Int(text[text.index(after: mark)...].replacing("+", with: "")) ?? 0
    if mantissa.hasSuffix(".0") { mantissa = mantissa.dropLast(2) }
    guard exponent < -4 || exponent >= 16 else { return plain(mantissa, exponent) }
    let digits = exponent.magnitude < 10 ? "0\(exponent.magnitude)" : "\(exponent.magnitude)"
    return "\(mantissa)e\(exponent < 0 ? "-" : "+")\(digits)"
  }

  private static func plain(_ mantissa: Substring, _ exponent: Int) -> String {
    let sign = mantissa.hasPrefix("-") ? "-" : ""
    let digits = mantissa.filter { $0.isNumber }
    if exponent < 0 {
      return sign + "0." + String(repeating: "0", count: -exponent - 1) + digits
    }
    let padded = digits + String(repeating: "0", count: max(0, exponent + 1 - digits.count))
    let whole = padded.prefix(exponent + 1)
    let rest = padded.dropFirst(exponent + 1)
    return sign + whole + "." + (rest.isEmpty ? "0" : rest)
  }

  private static func quoted(_ text: JinjaText) -> JinjaText {
    let scalars = text.units.map(JinjaText.scalar)
    let quote: Unicode.Scalar = scalars.contains("'") && !scalars.contains("\"") ? "\"" : "'"
    var units = [quote.value]
    for (unit, scalar) in zip(text.units, scalars) {
      let escaped: String? =
        switch scalar {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        case "\\": "\\\\"
        case quote: "\\\(quote)"
        case _ where isPrintable(scalar): nil
        default: escape(scalar)
        }
      if let escaped { units += JinjaText(escaped).units } else { units.append(unit) }
    }
    return JinjaText(units: units + [quote.value])
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16)
    let (letter, width) =
      scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
    return "\\\(letter)" + String(repeating: "0", count: width - digits.count) + digits
  }

  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    if scalar == " " { return true }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator, .lineSeparator,
      .paragraphSeparator:
      return false
    default: return true
    }
  }
}

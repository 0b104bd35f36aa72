/// Jinja's filters (jinja2/filters.py), as far as chat templates use them.
extension JinjaEvaluator {
  static let filters: Set<String> = [
    "capitalize", "count", "d", "default", "dictsort", "first", "float", "int", "items", "join",
    "last", "length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "replace",
    "reverse", "select", "selectattr", "sort", "string", "sum", "title", "tojson", "trim", "unique",
    "upper", "abs",
  ]

  func apply(_ filter: JinjaFilterUse, to value: JinjaValue) throws(InferenceError) -> JinjaValue {
    let call = try evaluate(filter.arguments)
    line = filter.line
    try spend()
    return try self.filter(filter.name, value, call)
  }

  private func filter(
    _ name: String, _ value: JinjaValue, _ call: JinjaCall
  ) throws(InferenceError) -> JinjaValue {
    switch name {
    case "default", "d":
      let isMissing =
        value.isUndefined || (call.value(1, "boolean")?.isTrue == true && !value.isTrue)
      return isMissing ? call.value(0, "default_value") ?? .text("") : value
    case "upper": return try checked(try printed(value).uppercased)
    case "lower": return try checked(try printed(value).lowercased)
    case "title": return try checked(try printed(value).wordsTitled)
    case "capitalize": return try checked(try printed(value).capitalized)
    case "string": return try checked(try printed(value))
    case "trim":
      let text = try printed(value)
      try spend(text.count)
      guard let characters = call.value(0, "chars"), !characters.isNone else {
        return .text(text.stripped(nil, left: true, right: true))
      }
      return .text(text.stripped(try printed(characters), left: true, right: true))
    case "replace":
      guard let old = call.value(0, "old"), let new = call.value(1, "new") else {
        throw wrong(name, call)
      }
      return try replaced(
        try printed(value), try printed(old), try printed(new),
        call.value(2, "count")?.integer ?? -1)
    case "tojson": return try json(value, call)
    case "length", "count": return .integer(try length(of: value))
    case "first", "last": return try end(name, of: value)
    case "list": return .list(try elements(of: value, for: name), isTuple: false)
    case "join": return try joined(value, call)
    case "items": return try pairs(of: value)
    case "int", "float", "abs": return try converted(name, value, call)
    default: return try selected(name, value, call)
    }
  }

  private func length(of value: JinjaValue) throws(InferenceError) -> Int {
    switch value {
    case .text(let text): return text.count
    case .list(let items, _): return items.count
    case .dictionary(let dictionary): return dictionary.count
    case .undefined: return 0
    case .loop(let loop): return loop.items.count
    default: throw failure(.wrongType(operation: "length", value: value.kindName))
    }
  }

  private func end(_ name: String, of value: JinjaValue) throws(InferenceError) -> JinjaValue {
    if name == "last", case .generator = value {
      throw failure(.wrongType(operation: name, value: value.kindName))
    }
    let items = try elements(of: value, for: name)
    return (name == "first" ? items.first : items.last)
      ?? .undefined("the \(name) item of an empty value")
  }

  private func joined(_ value: JinjaValue, _ call: JinjaCall) throws(InferenceError) -> JinjaValue {
    let separator = try printed(call.value(0, "d") ?? .text(""))
    var text = JinjaText("")
    for (index, item) in try elements(of: value, for: "join").enumerated() {
      var item = item
      if let attribute = call.value(1, "attribute") { item = try path(attribute, of: item) }
      if index > 0 { text.units += separator.units }
      text.units += try printed(item).units
      try check(length: text.count)
    }
    return .text(text)
  }

  private func pairs(of value: JinjaValue) throws(InferenceError) -> JinjaValue {
    switch value {
    case .undefined: return .generator(JinjaGenerator([]))
    case .dictionary(let dictionary):
      return .generator(
        JinjaGenerator(dictionary.pairs.map { .list([$0.key, $0.value], isTuple: true) }))
    default: throw failure(.wrongType(operation: "items", value: value.kindName))
    }
  }

  private func json(_ value: JinjaValue, _ call: JinjaCall) throws(InferenceError) -> JinjaValue {
    var writer = JinjaJSON()
    guard call.fits(1, ["ensure_ascii", "indent", "separators", "sort_keys"]) else {
      throw wrong("tojson", call)
    }
    writer.isASCII = call.value(0, "ensure_ascii")?.isTrue ?? false
    writer.indent = call.named.first { $0.name == "indent" }?.value.integer
    writer.sortsKeys = call.named.first { $0.name == "sort_keys" }?.value.isTrue ?? false
    if case .list(let items, _) = call.named.first(where: { $0.name == "separators" })?.value {
      guard items.count == 2 else { throw wrong("tojson", call) }
      guard writer.indent == nil else {
        throw failure(.unsupported(construct: "tojson with indent and separators"))
      }
      writer.itemSeparator = try printed(items[0]).string
      writer.keySeparator = try printed(items[1]).string
    }
    guard let text = writer.text(value) else {
      throw failure(.wrongType(operation: "tojson", value: value.kindName))
    }
    return try checked(text)
  }

  private func converted(
    _ name: String, _ value: JinjaValue, _ call: JinjaCall
  ) throws(InferenceError) -> JinjaValue {
    guard call.named.isEmpty, call.positional.count <= 1, name != "abs" || call.fits(0) else {
      throw failure(.unsupported(construct: "\(name) with these arguments"))
    }
    if name == "abs" {
      if let number = value.integer, number != Int.min { return .integer(abs(number)) }
      guard let number = value.number else { throw wrong(name, call) }
      return .float(abs(number))
    }
    var number = value.number
    var whole = value.integer
    if case .text(let text) = value {
      let digits = text.stripped(nil, left: true, right: true).string
      number = Double(digits)
      whole = Int(digits)
    }
    if case .undefined(let name) = value { throw failure(.undefined(name: name)) }
    if name == "float" { return number.map { .float($0) } ?? call.positional.first ?? .float(0) }
    if let whole { return .integer(whole) }
    if let number, number.magnitude < 9e18 { return .integer(Int(number)) }
    return call.positional.first ?? .integer(0)
  }

  // MARK: Lists

  private func selected(
    _ name: String, _ value: JinjaValue, _ call: JinjaCall
  ) throws(InferenceError) -> JinjaValue {
    if name == "reverse", case .text(let text) = value {
      return try checked(JinjaText(units: text.units.reversed()))
    }
    if name == "dictsort" { return try sortedPairs(value, call) }
    let items = try elements(of: value, for: name)
    switch name {
    case "reverse": return .generator(JinjaGenerator(items.reversed()))
    case "map": return .generator(JinjaGenerator(try mapped(items, call)))
    case "select", "reject", "selectattr", "rejectattr":
      return .generator(JinjaGenerator(try chosen(name, items, call)))
    case "sum":
      guard call.fits(0) else { throw failure(.unsupported(construct: "sum with arguments")) }
      var total = 0
      for item in items {
        guard let number = item.integer else {
          throw failure(.unsupported(construct: "sum of \(item.kindName)"))
        }
        let (sum, overflow) = total.addingReportingOverflow(number)
        guard !overflow else { throw failure(.limitExceeded(.integers)) }
        total = sum
      }
      return .integer(total)
    case "sort", "min", "max", "unique": return try ordered(name, items, call)
    default: throw failure(.unsupported(construct: "the filter \(name)"))
    }
  }

  /// What Jinja compares by: texts without regard to case.
  private func key(_ value: JinjaValue) -> JinjaValue {
    if case .text(let text) = value { return .text(text.lowercased) }
    return value
  }

  private func ordered(
    _ name: String, _ items: [JinjaValue], _ call: JinjaCall
  ) throws(InferenceError) -> JinjaValue {
    guard call.fits(1, ["reverse", "attribute"]), name == "sort" || call.fits(0, ["attribute"])
    else {
      throw failure(.unsupported(construct: "\(name) with these arguments"))
    }
    let attribute = call.named.first { $0.name == "attribute" }?.value
    var keyed: [(key: JinjaValue, value: JinjaValue)] = []
    for item in items {
      let part = try attribute.map { name throws(InferenceError) in try path(name, of: item) }
      keyed.append((key(part ?? item), item))
    }
    if name == "unique" {
      var seen: [JinjaValue] = []
      var kept: [JinjaValue] = []
      for (key, value) in keyed {
        try spend(seen.count * 16)
        guard !seen.contains(where: { $0.equals(key) }) else { continue }
        seen.append(key)
        kept.append(value)
      }
      return .generator(JinjaGenerator(kept))
    }
    if name == "sort" {
      let isReversed = call.value(0, "reverse")?.isTrue ?? false
      let sorted = try merged(keyed.map { ($0.key, $0.value) }, isReversed)
      return .list(sorted.map(\.1), isTuple: false)
    }
    guard var best = keyed.first else {
      return .undefined("the \(name) of an empty value")
    }
    for candidate in keyed.dropFirst() {
      let isBetter =
        name == "min"
        ? try precedes(candidate.key, best.key) : try precedes(best.key, candidate.key)
      if isBetter { best = candidate }
    }
    return best.value
  }

  /// A stable merge sort whose comparisons may fail.
  private func merged(
    _ pairs: [(JinjaValue, JinjaValue)], _ isReversed: Bool
  ) throws(InferenceError) -> [(JinjaValue, JinjaValue)] {
    guard pairs.count > 1 else { return pairs }
    let middle = pairs.count / 2
    var left = try merged(Array(pairs[..<middle]), isReversed)[...]
    var right = try merged(Array(pairs[middle...]), isReversed)[...]
    try spend(pairs.count)
    var output: [(JinjaValue, JinjaValue)] = []
    while let first = left.first, let second = right.first {
      let takesRight =
        isReversed ? try precedes(first.0, second.0) : try precedes(second.0, first.0)
      output.append(takesRight ? right.removeFirst() : left.removeFirst())
    }
    return output + left + right
  }

  private func sortedPairs(
    _ value: JinjaValue, _ call: JinjaCall
  ) throws(InferenceError) -> JinjaValue {
    guard case .dictionary(let dictionary) = value, call.fits(0) else {
      throw failure(.unsupported(construct: "dictsort of \(value.kindName) or with arguments"))
    }
    let pairs = dictionary.pairs.map {
      (key($0.key), JinjaValue.list([$0.key, $0.value], isTuple: true))
    }
    return .list(try merged(pairs, false).map(\.1), isTuple: false)
  }

  /// `a.b.0`: attributes and indices with dots between them.
  private func path(_ path: JinjaValue, of value: JinjaValue) throws(InferenceError) -> JinjaValue {
    guard case .text(let text) = path else { return try item(path, of: value) }
    var value = value
    for part in text.parts(by: JinjaText("."), Int.max, fromRight: false) {
      let name = part.string
      value = try item(Int(name).map { .integer($0) } ?? .text(name), of: value)
    }
    return value
  }

  private func mapped(
    _ items: [JinjaValue], _ call: JinjaCall
  ) throws(InferenceError) -> [JinjaValue] {
    if let attribute = call.named.first(where: { $0.name == "attribute" })?.value {
      let standard = call.named.first { $0.name == "default" }?.value
      guard call.fits(0, ["attribute", "default"]) else { throw wrong("map", call) }
      return try items.map { item throws(InferenceError) in
        let part = try path(attribute, of: item)
        return part.isUndefined ? standard ?? part : part
      }
    }
    guard case .text(let name) = call.positional.first,
      JinjaEvaluator.filters.contains(name.string)
    else { throw failure(.unsupported(construct: "map with this filter")) }
    let rest = JinjaCall(positional: Array(call.positional.dropFirst()), named: call.named)
    return try items.map { item throws(InferenceError) in
      try nested { () throws(InferenceError) in try filter(name.string, item, rest) }
    }
  }

  private func chosen(
    _ name: String, _ items: [JinjaValue], _ call: JinjaCall
  ) throws(InferenceError) -> [JinjaValue] {
    var arguments = call.positional
    var attribute: JinjaValue?
    if name.hasSuffix("attr") {
      guard !arguments.isEmpty else { throw wrong(name, call) }
      attribute = arguments.removeFirst()
    }
    var test: String?
    if !arguments.isEmpty {
      guard case .text(let text) = arguments.removeFirst(),
        JinjaEvaluator.tests.contains(text.string)
      else { throw failure(.unsupported(construct: "\(name) with this test")) }
      test = text.string
    }
    guard call.named.isEmpty else { throw wrong(name, call) }
    let wants = name.hasPrefix("select")
    var kept: [JinjaValue] = []
    for item in items {
      try spend()
      let subject = try attribute.map { part throws(InferenceError) in try path(part, of: item) }
      let value = subject ?? item
      let holds = try test.map { name throws(InferenceError) in
        try self.test(name, value, arguments)
      }
      if (holds ?? value.isTrue) == wants { kept.append(item) }
    }
    return kept
  }
}

extension JinjaValue {
  var isUndefined: Bool {
    if case .undefined = self { return true }
    return false
  }
}

/// Functions of templates and methods of values.
extension JinjaEvaluator {
  func call(_ function: JinjaValue, _ call: JinjaCall) throws(InferenceError) -> JinjaValue {
    switch function {
    case .macro(let macro): return .text(try self.call(macro, call))
    case .function(let name): return try callFunction(name, call)
    case .method(let receiver, let name): return try callMethod(name, of: receiver, call)
    case .undefined(let name): throw failure(.undefined(name: name))
    default: throw failure(.wrongType(operation: "a call", value: function.kindName))
    }
  }

  private func callFunction(_ name: String, _ call: JinjaCall) throws(InferenceError) -> JinjaValue
  {
    switch name {
    case "raise_exception":
      let message = try printed(call.positional.first ?? .none)
      throw failure(.raised(message: message.string))
    case "strftime_now":
      guard case .text(let format) = call.value(0, "format") else {
        throw wrong("strftime_now", call)
      }
      return .text(try JinjaDate.text(format.string, failure))
    case "namespace", "dict":
      var dictionary = JinjaDictionary()
      for value in call.positional {
        guard case .dictionary(let other) = value, call.positional.count == 1 else {
          throw wrong(name, call)
        }
        dictionary = other
      }
      for (key, value) in call.named { dictionary.set(.text(key), value) }
      guard name == "namespace" else { return .dictionary(dictionary) }
      let namespace = JinjaNamespace()
      namespace.attributes = dictionary
      return .namespace(namespace)
    default: return try range(call)
    }
  }

  private func range(_ call: JinjaCall) throws(InferenceError) -> JinjaValue {
    let numbers = call.positional.compactMap(\.integer)
    guard numbers.count == call.positional.count, call.named.isEmpty,
      (1...3).contains(numbers.count)
    else { throw wrong("range", call) }
    let start = numbers.count == 1 ? 0 : numbers[0]
    let end = numbers.count == 1 ? numbers[0] : numbers[1]
    let step = numbers.count == 3 ? numbers[2] : 1
    guard step != 0 else { throw wrong("range", call) }
    let values = stride(from: start, to: end, by: step)
    // The sandbox of Jinja2 stops at 100,000 as well.
    var items: [JinjaValue] = []
    for value in values {
      guard items.count < 100_000 else { throw failure(.limitExceeded(.steps)) }
      items.append(.integer(value))
    }
    try spend(items.count)
    return .list(items, isTuple: false)
  }

  func wrong(_ operation: String, _ call: JinjaCall) -> InferenceError {
    let kinds = call.positional.map(\.kindName) + call.named.map { "\($0.name)=" }
    return failure(
      .wrongType(
        operation: operation, value: kinds.isEmpty ? "nothing" : kinds.joined(separator: ", ")))
  }

  private func callMethod(
    _ name: String, of receiver: JinjaValue, _ call: JinjaCall
  ) throws(InferenceError) -> JinjaValue {
    switch receiver {
    case .text(let text): return try textMethod(name, text, call)
    case .dictionary(let dictionary): return try dictionaryMethod(name, dictionary, call)
    case .list(let items, _): return try listMethod(name, items, call)
    case .loop(let loop):
      guard !call.positional.isEmpty, call.named.isEmpty else { throw wrong("loop.cycle", call) }
      return call.positional[loop.index % call.positional.count]
    default: throw wrong(name, call)
    }
  }

  private func dictionaryMethod(
    _ name: String, _ dictionary: JinjaDictionary, _ call: JinjaCall
  ) throws(InferenceError) -> JinjaValue {
    try spend(dictionary.count)
    if name == "get" {
      guard let key = call.positional.first, call.fits(2) else { throw wrong(name, call) }
      return dictionary[key] ?? call.value(1, "default") ?? .none
    }
    guard call.fits(0) else { throw wrong(name, call) }
    return .list(
      dictionary.pairs.map { key, value in
        switch name {
        case "keys": key
        case "values": value
        default: .list([key, value], isTuple: true)
        }
      }, isTuple: false)
  }

  private func listMethod(
    _ name: String, _ items: [JinjaValue], _ call: JinjaCall
  ) throws(InferenceError) -> JinjaValue {
    try spend(items.count)
    guard let value = call.positional.first, call.fits(1) else { throw wrong(name, call) }
    if name == "count" { return .integer(items.count { $0.equals(value) }) }
    guard let index = items.firstIndex(where: { $0.equals(value) }) else {
      throw failure(.wrongType(operation: "index", value: "a value that is not in the list"))
    }
    return .integer(index)
  }

  // MARK: Texts

  static let textMethods: Set<String> = [
    "strip", "lstrip", "rstrip", "split", "rsplit", "splitlines", "replace", "startswith",
    "endswith", "upper", "lower", "title", "capitalize", "join", "find", "rfind", "count",
    "removeprefix", "removesuffix", "isdigit", "isspace",
  ]
  /// What Python's strings have besides; naming one of them is no undefined value.
  static let otherTextMethods: Set<String> = [
    "casefold", "center", "encode", "expandtabs", "format", "format_map", "index", "isalnum",
    "isalpha", "isascii", "isdecimal", "isidentifier", "islower", "isnumeric", "isprintable",
    "istitle", "isupper", "ljust", "maketrans", "partition", "rindex", "rjust", "rpartition",
    "swapcase", "translate", "zfill",
  ]

  private func textMethod(
    _ name: String, _ text: JinjaText, _ call: JinjaCall
  ) throws(InferenceError) -> JinjaValue {
    try spend(text.count)
    let arguments = call.positional
    func argument(_ index: Int) throws(InferenceError) -> JinjaText {
      guard index < arguments.count, case .text(let value) = arguments[index] else {
        throw wrong(name, call)
      }
      return value
    }
    guard call.fits(3, name.hasSuffix("split") ? ["sep", "maxsplit"] : []) else {
      throw wrong(name, call)
    }
    switch name {
    case "upper": return try checked(text.uppercased)
    case "lower": return try checked(text.lowercased)
    case "title": return try checked(text.titled)
    case "capitalize": return try checked(text.capitalized)
    case "strip", "lstrip", "rstrip":
      var characters: JinjaText?
      if let first = arguments.first, !first.isNone { characters = try argument(0) }
      return .text(
        text.stripped(characters, left: name != "rstrip", right: name != "lstrip"))
    case "split", "rsplit": return try split(name, text, call)
    case "splitlines": return .list(text.lines.map { .text($0) }, isTuple: false)
    case "replace":
      let limit = arguments.count > 2 ? arguments[2].integer : -1
      guard let limit else { throw wrong(name, call) }
      return try replaced(text, try argument(0), try argument(1), limit)
    case "startswith", "endswith":
      guard arguments.count == 1 else {
        throw failure(.unsupported(construct: "\(name) in a part"))
      }
      var candidates = arguments
      if case .list(let items, isTuple: true) = arguments[0] { candidates = items }
      for candidate in candidates {
        guard case .text(let part) = candidate else { throw wrong(name, call) }
        if name == "startswith" ? text.starts(with: part) : text.ends(with: part) {
          return .boolean(true)
        }
      }
      return .boolean(false)
    case "join":
      guard arguments.count == 1 else { throw wrong(name, call) }
      var joined = JinjaText("")
      for (index, item) in try elements(of: arguments[0], for: name).enumerated() {
        guard case .text(let part) = item else { throw wrong(name, call) }
        if index > 0 { joined.units += text.units }
        joined.units += part.units
        try check(length: joined.count)
      }
      return .text(joined)
    case "isspace": return .boolean(text.count > 0 && text.units.allSatisfy(JinjaText.isSpace))
    case "isdigit": return .boolean(text.isDigits)
    default: return try searched(name, text, call)
    }
  }

  private func searched(
    _ name: String, _ text: JinjaText, _ call: JinjaCall
  ) throws(InferenceError) -> JinjaValue {
    guard call.positional.count == 1, case .text(let part) = call.positional[0] else {
      throw wrong(name, call)
    }
    try spend(text.count * min(part.count, 64))
    switch name {
    case "count": return .integer(text.occurrences(of: part))
    case "find": return .integer(text.firstIndex(of: part) ?? -1)
    case "rfind": return .integer(text.lastIndex(of: part, before: text.count) ?? -1)
    case "removeprefix":
      return .text(
        text.starts(with: part) ? JinjaText(units: text.units.dropFirst(part.count)) : text)
    default:
      return .text(text.ends(with: part) ? JinjaText(units: text.units.dropLast(part.count)) : text)
    }
  }

  func replaced(
    _ text: JinjaText, _ old: JinjaText, _ new: JinjaText, _ limit: Int
  ) throws(InferenceError) -> JinjaValue {
    // Counted before it is made: every character may become `new`.
    let count = limit < 0 ? text.occurrences(of: old) : min(limit, text.occurrences(of: old))
    let growth = count.multipliedReportingOverflow(by: new.count)
    try check(length: growth.overflow ? Int.max : text.count + growth.partialValue)
    return .text(text.replacing(old, with: new, count: limit))
  }

  private func split(
    _ name: String, _ text: JinjaText, _ call: JinjaCall
  ) throws(InferenceError) -> JinjaValue {
    var limit = call.value(1, "maxsplit")?.integer ?? -1
    if limit < 0 { limit = Int.max }
    let parts: [JinjaText]
    switch call.value(0, "sep") ?? .none {
    case .none: parts = text.words(limit, fromRight: name == "rsplit")
    case .text(let separator) where separator.count > 0:
      parts = text.parts(by: separator, limit, fromRight: name == "rsplit")
    default: throw wrong(name, call)
    }
    try spend(text.count + parts.count)
    return .list(parts.map { .text($0) }, isTuple: false)
  }
}

extension JinjaValue {
  var isNone: Bool {
    if case .none = self { return true }
    return false
  }
}

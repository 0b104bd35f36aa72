/// A call's arguments, computed.
struct JinjaCall {
  var positional: [JinjaValue] = []
  var named: [(name: String, value: JinjaValue)] = []

  /// The argument at a place or of a name.
  func value(_ index: Int, _ name: String) -> JinjaValue? {
    index < positional.count ? positional[index] : named.first { $0.name == name }?.value
  }

  /// Whether there is nothing but up to `count` arguments without and some with names.
  func fits(_ count: Int, _ names: [String] = []) -> Bool {
    positional.count <= count && named.allSatisfy { names.contains($0.name) }
  }
}

/// Runs expressions, with Python's rules for every operator.
extension JinjaEvaluator {
  func value(of name: String) -> JinjaValue { scope.value(of: name) ?? .undefined(name) }

  func evaluate(_ expression: JinjaExpression) throws(InferenceError) -> JinjaValue {
    line = expression.line
    try spend()
    return try nested { () throws(InferenceError) in try compute(expression) }
  }

  private func compute(_ expression: JinjaExpression) throws(InferenceError) -> JinjaValue {
    switch expression.kind {
    case .none: return .none
    case .boolean(let value): return .boolean(value)
    case .integer(let value): return .integer(value)
    case .float(let value): return .float(value)
    case .text(let text): return .text(text)
    case .name(let name): return try named(name)
    case .list(let items, let isTuple):
      return .list(
        try items.map { item throws(InferenceError) in try evaluate(item) }, isTuple: isTuple)
    case .dictionary(let pairs):
      var dictionary = JinjaDictionary()
      for (key, value) in pairs {
        try spend(dictionary.count)
        dictionary.set(try evaluate(key), try evaluate(value))
      }
      return .dictionary(dictionary)
    case .attribute(let object, let name):
      return try attribute(name, of: try evaluate(object))
    case .item(let object, let key):
      return try item(try evaluate(key), of: try evaluate(object))
    case .slice(let object, let parts):
      let value = try evaluate(object)
      return try slice(
        value,
        try parts.map { part throws(InferenceError) in
          try part.map { part throws(InferenceError) in try evaluate(part) }
        })
    case .call(let callee, let arguments):
      let function = try evaluate(callee)
      let call = try evaluate(arguments)
      line = expression.line
      return try self.call(function, call)
    case .filter(let value, let filter): return try apply(filter, to: try evaluate(value))
    case .test(let value, let name, let arguments):
      let subject = try evaluate(value)
      return .boolean(try test(name, subject, try evaluate(arguments).positional))
    default: return try computeOperator(expression)
    }
  }

  private func computeOperator(
    _ expression: JinjaExpression
  ) throws(InferenceError) -> JinjaValue {
    switch expression.kind {
    case .not(let value): return .boolean(!(try evaluate(value).isTrue))
    case .sign(let value, let negative): return try sign(try evaluate(value), negative)
    case .arithmetic(let symbol, let left, let right):
      let (left, right) = (try evaluate(left), try evaluate(right))
      line = expression.line
      return try arithmetic(symbol, left, right)
    case .comparison(let first, let rest):
      var left = try evaluate(first)
      for (symbol, operand) in rest {
        let right = try evaluate(operand)
        guard try compare(symbol, left, right) else { return .boolean(false) }
        left = right
      }
      return .boolean(true)
    case .and(let left, let right):
      let value = try evaluate(left)
      return value.isTrue ? try evaluate(right) : value
    case .or(let left, let right):
      let value = try evaluate(left)
      return value.isTrue ? value : try evaluate(right)
    case .concatenation(let parts):
      var text = JinjaText("")
      for part in parts {
        text.units += try printed(try evaluate(part)).units
        try check(length: text.count)
      }
      return .text(text)
    case .conditional(let condition, let then, let otherwise):
      if try evaluate(condition).isTrue { return try evaluate(then) }
      return try otherwise.map { value throws(InferenceError) in try evaluate(value) }
        ?? .undefined("the else of an inline if")
    default: throw failure(.unsupported(construct: "this expression"))
    }
  }

  /// Arguments from left to right.
  func evaluate(_ arguments: JinjaArguments) throws(InferenceError) -> JinjaCall {
    var call = JinjaCall()
    for value in arguments.positional { call.positional.append(try evaluate(value)) }
    for (name, value) in arguments.named { call.named.append((name, try evaluate(value))) }
    return call
  }

  private func named(_ name: String) throws(InferenceError) -> JinjaValue {
    if let value = scope.value(of: name) { return value }
    switch name {
    case "range", "namespace", "dict", "raise_exception", "strftime_now": return .function(name)
    case "joiner", "cycler", "lipsum", "self", "super", "varargs", "kwargs":
      throw failure(.unsupported(construct: name))
    default: return .undefined(name)
    }
  }

  // MARK: Members

  /// `object.name`: Python's attribute, or else the item of that name.
  func attribute(_ name: String, of object: JinjaValue) throws(InferenceError) -> JinjaValue {
    try item(.text(name), of: object, attributeFirst: true)
  }

  /// `object[key]`: the item, or else Python's attribute of that name.
  func item(
    _ key: JinjaValue, of object: JinjaValue, attributeFirst: Bool = false
  ) throws(InferenceError) -> JinjaValue {
    var name: String?
    if case .text(let text) = key { name = text.string }
    if attributeFirst, let name, let member = try member(name, of: object) { return member }
    switch object {
    case .undefined(let name): throw failure(.undefined(name: name))
    case .dictionary(let dictionary):
      try spend(dictionary.count)
      if let value = dictionary[key] { return value }
    case .namespace(let namespace) where attributeFirst:
      try spend(namespace.attributes.count)
      if let value = namespace.attributes[key] { return value }
    case .list(let items, _):
      if let index = key.integer {
        let place = index < 0 ? index + items.count : index
        if items.indices.contains(place) { return items[place] }
      }
    case .text(let text):
      if let index = key.integer {
        let place = index < 0 ? index + text.count : index
        if text.units.indices.contains(place) {
          return .text(JinjaText(units: text.units[place...place]))
        }
      }
    case .loop(let loop):
      if let name, let value = loop.attribute(name) { return value }
    default: break
    }
    if !attributeFirst, let name, let member = try member(name, of: object) { return member }
    return .undefined(name ?? key.printed?.string ?? key.kindName)
  }

  /// A method of a value; nil where Python has no such attribute.
  private func member(_ name: String, of object: JinjaValue) throws(InferenceError) -> JinjaValue? {
    if name.hasPrefix("__") { throw failure(.unsupported(construct: ".\(name)")) }
    let (known, refused): (Set<String>, Set<String>) =
      switch object {
      case .text: (JinjaEvaluator.textMethods, JinjaEvaluator.otherTextMethods)
      case .dictionary: (["get", "items", "keys", "values"], JinjaEvaluator.otherDictionaryMethods)
      case .list:
        (
          ["count", "index"],
          [
            "append", "clear", "copy", "extend", "insert", "pop",
            "remove", "reverse", "sort",
          ]
        )
      case .loop: (["cycle"], ["changed"])
      case .integer, .float, .boolean:
        (
          [],
          [
            "bit_length", "is_integer", "real", "imag", "conjugate",
            "numerator", "denominator", "hex", "to_bytes", "as_integer_ratio", "bit_count",
          ]
        )
      case .macro: ([], ["name", "arguments", "catch_kwargs", "catch_varargs", "caller"])
      default: ([], [])
      }
    if known.contains(name) { return .method(object, name) }
    if refused.contains(name) { throw failure(.unsupported(construct: ".\(name)")) }
    return nil
  }

  private static let otherDictionaryMethods: Set<String> = [
    "clear", "copy", "fromkeys", "pop", "popitem", "setdefault", "update",
  ]

  /// Python's slice, with its rules for places outside and negative steps.
  private func slice(
    _ object: JinjaValue, _ parts: [JinjaValue?]
  ) throws(InferenceError) -> JinjaValue {
    func number(_ index: Int) throws(InferenceError) -> Int? {
      guard index < parts.count, let part = parts[index] else { return nil }
      if case .none = part { return nil }
      guard let value = part.integer else {
        throw failure(.wrongType(operation: "a slice", value: part.kindName))
      }
      return value
    }
    let step = try number(2) ?? 1
    guard step != 0 else { throw failure(.wrongType(operation: "a slice", value: "a step of 0")) }
    func indices(_ count: Int) throws(InferenceError) -> [Int] {
      func place(_ value: Int?, _ standard: Int) -> Int {
        guard let value else { return standard }
        let low = step < 0 ? -1 : 0
        let high = step < 0 ? count - 1 : count
        return min(max(value < 0 ? max(value, -count - 1) + count : value, low), high)
      }
      let start = place(try number(0), step < 0 ? count - 1 : 0)
      let end = place(try number(1), step < 0 ? -1 : count)
      let bounded = step < 0 ? max(step, -count - 1) : min(step, count + 1)
      return Array(stride(from: start, to: end, by: bounded))
    }
    switch object {
    case .text(let text):
      return try checked(JinjaText(units: try indices(text.count).map { text.units[$0] }))
    case .list(let items, let isTuple):
      let indices = try indices(items.count)
      try spend(indices.count)
      return .list(indices.map { items[$0] }, isTuple: isTuple)
    case .undefined(let name): throw failure(.undefined(name: name))
    default: throw failure(.wrongType(operation: "a slice", value: object.kindName))
    }
  }

  /// What a loop over a value sees.
  func elements(of value: JinjaValue, for use: String) throws(InferenceError) -> [JinjaValue] {
    let items: [JinjaValue]
    switch value {
    case .undefined: items = []
    case .list(let values, _): items = values
    case .dictionary(let dictionary): items = dictionary.keys
    case .generator(let generator): items = generator.take()
    case .text(let text): items = text.units.map { .text(JinjaText(units: [$0])) }
    default: throw failure(.wrongType(operation: use, value: value.kindName))
    }
    try spend(items.count)
    return items
  }

  // MARK: Operators

  private func sign(_ value: JinjaValue, _ negative: Bool) throws(InferenceError) -> JinjaValue {
    if case .undefined(let name) = value { throw failure(.undefined(name: name)) }
    if let number = value.integer {
      guard negative else { return .integer(number) }
      return try integer(number.multipliedReportingOverflow(by: -1))
    }
    guard let number = value.number else {
      throw failure(.wrongType(operation: negative ? "-" : "+", value: value.kindName))
    }
    return .float(negative ? -number : number)
  }

  private func integer(
    _ result: (partialValue: Int, overflow: Bool)
  ) throws(InferenceError) -> JinjaValue {
    guard !result.overflow else { throw failure(.limitExceeded(.integers)) }
    return .integer(result.partialValue)
  }

  private func arithmetic(
    _ symbol: String, _ left: JinjaValue, _ right: JinjaValue
  ) throws(InferenceError) -> JinjaValue {
    for case .undefined(let name) in [left, right] { throw failure(.undefined(name: name)) }
    if let first = left.integer, let second = right.integer, symbol != "/" {
      return try integers(symbol, first, second)
    }
    if let first = left.number, let second = right.number {
      return .float(try floats(symbol, first, second))
    }
    switch (symbol, left, right) {
    case ("+", .text(let first), .text(let second)):
      return try checked(JinjaText(units: first.units + second.units))
    case ("+", .list(let first, let isTuple), .list(let second, let isOther))
    where isTuple == isOther:
      try spend(first.count + second.count)
      return .list(first + second, isTuple: isTuple)
    case ("*", .text(let text), .integer(let count)), ("*", .integer(let count), .text(let text)):
      let length = text.count.multipliedReportingOverflow(by: max(0, count))
      try check(length: length.overflow ? Int.max : length.partialValue)
      return .text(JinjaText(units: (0..<max(0, count)).flatMap { _ in text.units }))
    case ("%", .text, _): throw failure(.unsupported(construct: "% on a text"))
    case ("*", .list, .integer): throw failure(.unsupported(construct: "* on a list"))
    default:
      throw failure(
        .wrongType(operation: symbol, value: "\(left.kindName) and \(right.kindName)"))
    }
  }

  private func integers(
    _ symbol: String, _ left: Int, _ right: Int
  ) throws(InferenceError) -> JinjaValue {
    switch symbol {
    case "+": return try integer(left.addingReportingOverflow(right))
    case "-": return try integer(left.subtractingReportingOverflow(right))
    case "*": return try integer(left.multipliedReportingOverflow(by: right))
    case "//", "%":
      guard right != 0 else {
        throw failure(.wrongType(operation: symbol, value: "a division by zero"))
      }
      guard left != Int.min || right != -1 else { throw failure(.limitExceeded(.integers)) }
      let (quotient, rest) = left.quotientAndRemainder(dividingBy: right)
      // Python rounds down, and its remainder has the divisor's sign.
      let isBelow = rest != 0 && (rest < 0) != (right < 0)
      return .integer(
        symbol == "%" ? (isBelow ? rest + right : rest) : quotient - (isBelow ? 1 : 0))
    case "**" where right >= 0:
      var result = 1
      for _ in 0..<min(right, 64) where right <= 64 || left.magnitude > 1 {
        let product = result.multipliedReportingOverflow(by: left)
        guard !product.overflow else { throw failure(.limitExceeded(.integers)) }
        result = product.partialValue
      }
      if right > 64 {
        guard left.magnitude <= 1 else { throw failure(.limitExceeded(.integers)) }
        result = left == -1 && right % 2 == 0 ? 1 : left
      }
      return .integer(result)
    default: throw failure(.unsupported(construct: "\(symbol) with a negative exponent"))
    }
  }

  private func floats(
    _ symbol: String, _ left: Double, _ right: Double
  ) throws(InferenceError) -> Double {
    switch symbol {
    case "+": return left + right
    case "-": return left - right
    case "*": return left * right
    case "/", "//", "%":
      guard right != 0 else {
        throw failure(.wrongType(operation: symbol, value: "a division by zero"))
      }
      if symbol == "/" { return left / right }
      let rest = left.truncatingRemainder(dividingBy: right)
      let modulo = rest != 0 && (rest < 0) != (right < 0) ? rest + right : rest
      return symbol == "%" ? modulo : ((left - modulo) / right).rounded()
    default: throw failure(.unsupported(construct: "\(symbol) of numbers that are not whole"))
    }
  }

  func compare(
    _ symbol: String, _ left: JinjaValue, _ right: JinjaValue
  ) throws(InferenceError) -> Bool {
    switch symbol {
    case "==": return left.equals(right)
    case "!=": return !left.equals(right)
    case "in": return try contains(right, left)
    case "not in": return try !contains(right, left)
    case "<": return try precedes(left, right)
    case ">": return try precedes(right, left)
    case "<=": return try precedes(left, right) || left.equals(right)
    default: return try precedes(right, left) || left.equals(right)
    }
  }

  /// Python's `<`.
  func precedes(_ left: JinjaValue, _ right: JinjaValue) throws(InferenceError) -> Bool {
    for case .undefined(let name) in [left, right] { throw failure(.undefined(name: name)) }
    if let first = left.integer, let second = right.integer { return first < second }
    if let first = left.number, let second = right.number { return first < second }
    switch (left, right) {
    case (.text(let first), .text(let second)):
      try spend(min(first.count, second.count))
      return JinjaText.precedes(first, second)
    case (.list(let first, let isTuple), .list(let second, let isOther)) where isTuple == isOther:
      for (one, other) in zip(first, second) where !one.equals(other) {
        return try precedes(one, other)
      }
      return first.count < second.count
    default:
      throw failure(
        .wrongType(operation: "a comparison", value: "\(left.kindName) and \(right.kindName)"))
    }
  }

  private func contains(
    _ container: JinjaValue, _ value: JinjaValue
  ) throws(InferenceError) -> Bool {
    switch container {
    case .text(let text):
      if case .undefined(let name) = value { throw failure(.undefined(name: name)) }
      guard case .text(let part) = value else {
        throw failure(.wrongType(operation: "in a text", value: value.kindName))
      }
      try spend(text.count)
      return text.firstIndex(of: part) != nil
    case .dictionary(let dictionary):
      try spend(dictionary.count)
      return dictionary[value] != nil
    default:
      return try elements(of: container, for: "in").contains { $0.equals(value) }
    }
  }
}

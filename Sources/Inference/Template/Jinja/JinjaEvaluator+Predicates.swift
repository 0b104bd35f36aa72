/// Jinja's tests, what stands behind `is` (jinja2/tests.py).
extension JinjaEvaluator {
  static let tests: Set<String> = [
    "boolean", "callable", "defined", "divisibleby", "eq", "equalto", "even", "false", "float",
    "ge",
    "greaterthan", "gt", "in", "integer", "iterable", "le", "lessthan", "lt", "lower", "mapping",
    "ne", "none", "number", "odd", "sequence", "string", "true", "undefined", "upper",
  ]

  func test(
    _ name: String, _ value: JinjaValue, _ arguments: [JinjaValue]
  ) throws(InferenceError) -> Bool {
    if let comparison = JinjaEvaluator.comparisons[name] {
      guard arguments.count == 1 else {
        throw wrong("the test \(name)", JinjaCall(positional: arguments))
      }
      return try compare(comparison, value, arguments[0])
    }
    switch name {
    case "odd", "even", "divisibleby":
      let divisor = name == "divisibleby" ? arguments.first?.integer : 2
      guard let number = value.integer, let divisor, divisor != 0 else {
        throw failure(.wrongType(operation: "the test \(name)", value: value.kindName))
      }
      if number == Int.min, divisor == -1 { return true }
      return (number % divisor == 0) == (name != "odd")
    case "lower", "upper":
      let text = try printed(value)
      let other = name == "lower" ? text.lowercased : text.uppercased
      // Python's `islower` wants one letter that has a case and none of the other.
      return other == text
        && text.units.contains { JinjaText.scalar($0).properties.isCased }
    default: return isKind(name, value)
    }
  }

  private static let comparisons = [
    "eq": "==", "equalto": "==", "ne": "!=", "lt": "<", "lessthan": "<", "le": "<=", "gt": ">",
    "greaterthan": ">", "ge": ">=", "in": "in",
  ]

  private func isKind(_ name: String, _ value: JinjaValue) -> Bool {
    switch (name, value) {
    case ("defined", .undefined): false
    case ("defined", _): true
    case ("undefined", .undefined): true
    case ("none", .none): true
    case ("true", .boolean(let truth)): truth
    case ("false", .boolean(let truth)): !truth
    case ("boolean", .boolean): true
    case ("integer", .integer), ("float", .float): true
    case ("number", .integer), ("number", .float), ("number", .boolean): true
    case ("string", .text): true
    case ("mapping", .dictionary): true
    case ("sequence", .text), ("sequence", .list), ("sequence", .dictionary),
      ("sequence", .undefined):
      true
    case ("iterable", .text), ("iterable", .list), ("iterable", .dictionary),
      ("iterable", .undefined), ("iterable", .generator), ("iterable", .loop):
      true
    case ("callable", .function), ("callable", .method), ("callable", .macro),
      ("callable", .undefined):
      true
    default: false
    }
  }
}

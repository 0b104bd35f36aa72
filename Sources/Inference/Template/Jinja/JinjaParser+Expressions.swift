/// Expressions by falling priority: conditional, or, and, not, comparison, sum, `~`, product,
/// power, sign, postfix, filter and test.
extension JinjaParser {
  private func make(
    _ kind: JinjaExpression.Kind, _ line: Int, over parts: [JinjaExpression] = []
  ) throws(InferenceError) -> JinjaExpression {
    let depth = 1 + (parts.map(\.depth).max() ?? 0)
    guard depth <= TemplateLimit.nesting.maximum else {
      throw .chatTemplate(line: line, .limitExceeded(.nesting))
    }
    return JinjaExpression(kind: kind, line: line, depth: depth)
  }

  mutating func expression(conditional: Bool = true) throws(InferenceError) -> JinjaExpression {
    try nested { parser throws(InferenceError) in
      conditional ? try parser.conditional() : try parser.disjunction()
    }
  }

  /// An expression, or several with commas between them.
  mutating func tuple(
    conditional: Bool = true, inParentheses: Bool = false
  ) throws(InferenceError) -> JinjaExpression {
    let line = current.line
    var items: [JinjaExpression] = []
    var isTuple = false
    while !isTupleEnd {
      items.append(try expression(conditional: conditional))
      guard skip(",") else { break }
      isTuple = true
    }
    if !isTuple, let only = items.first { return only }
    guard isTuple || inParentheses else { throw unexpected("an expression") }
    return try make(.list(items, isTuple: true), line, over: items)
  }

  private var isTupleEnd: Bool {
    [.variableEnd, .blockEnd, .symbol(")")].contains(current.kind)
  }

  private mutating func conditional() throws(InferenceError) -> JinjaExpression {
    var value = try disjunction()
    while current.kind == .name("if") {
      let line = current.line
      advance()
      let condition = try disjunction()
      let otherwise = skip(name: "else") ? try expression() : nil
      value = try make(
        .conditional(condition, then: value, otherwise: otherwise), line,
        over: [condition, value] + [otherwise].compactMap(\.self))
    }
    return value
  }

  private mutating func disjunction() throws(InferenceError) -> JinjaExpression {
    var left = try conjunction()
    while skip(name: "or") {
      let right = try conjunction()
      left = try make(.or(left, right), left.line, over: [left, right])
    }
    return left
  }

  private mutating func conjunction() throws(InferenceError) -> JinjaExpression {
    var left = try negation()
    while skip(name: "and") {
      let right = try negation()
      left = try make(.and(left, right), left.line, over: [left, right])
    }
    return left
  }

  private mutating func negation() throws(InferenceError) -> JinjaExpression {
    let line = current.line
    guard skip(name: "not") else { return try comparison() }
    let operand = try nested { parser throws(InferenceError) in try parser.negation() }
    return try make(.not(operand), line, over: [operand])
  }

  private mutating func comparison() throws(InferenceError) -> JinjaExpression {
    let first = try sum()
    var rest: [(symbol: String, operand: JinjaExpression)] = []
    while true {
      if case .symbol(let symbol) = current.kind,
        ["==", "!=", "<", "<=", ">", ">="].contains(symbol)
      {
        advance()
        rest.append((symbol, try sum()))
      } else if skip(name: "in") {
        rest.append(("in", try sum()))
      } else if current.kind == .name("not"), following == .name("in") {
        advance()
        advance()
        rest.append(("not in", try sum()))
      } else {
        break
      }
    }
    if rest.isEmpty { return first }
    return try make(.comparison(first, rest), first.line, over: [first] + rest.map(\.operand))
  }

  private mutating func sum() throws(InferenceError) -> JinjaExpression {
    var left = try concatenation()
    while case .symbol(let symbol) = current.kind, symbol == "+" || symbol == "-" {
      let line = current.line
      advance()
      let right = try concatenation()
      left = try make(.arithmetic(symbol, left, right), line, over: [left, right])
    }
    return left
  }

  private mutating func concatenation() throws(InferenceError) -> JinjaExpression {
    let line = current.line
    var parts = [try product()]
    while skip("~") { parts.append(try product()) }
    return parts.count == 1 ? parts[0] : try make(.concatenation(parts), line, over: parts)
  }

  private mutating func product() throws(InferenceError) -> JinjaExpression {
    var left = try power()
    while case .symbol(let symbol) = current.kind, ["*", "/", "//", "%"].contains(symbol) {
      let line = current.line
      advance()
      let right = try power()
      left = try make(.arithmetic(symbol, left, right), line, over: [left, right])
    }
    return left
  }

  private mutating func power() throws(InferenceError) -> JinjaExpression {
    var left = try signed()
    while current.kind == .symbol("**") {
      let line = current.line
      advance()
      let right = try signed()
      left = try make(.arithmetic("**", left, right), line, over: [left, right])
    }
    return left
  }

  private mutating func signed(filters: Bool = true) throws(InferenceError) -> JinjaExpression {
    let line = current.line
    var value: JinjaExpression
    if case .symbol(let symbol) = current.kind, symbol == "-" || symbol == "+" {
      advance()
      let operand = try nested { parser throws(InferenceError) in
        try parser.signed(filters: false)
      }
      value = try make(.sign(operand, negative: symbol == "-"), line, over: [operand])
    } else {
      value = try primary()
    }
    value = try postfix(value)
    return filters ? try filtersAndTests(value) : value
  }

  private mutating func primary() throws(InferenceError) -> JinjaExpression {
    let line = current.line
    switch current.kind {
    case .name(let name):
      advance()
      switch name {
      case "true", "True": return try make(.boolean(true), line)
      case "false", "False": return try make(.boolean(false), line)
      case "none", "None": return try make(.none, line)
      default: return try make(.name(name), line)
      }
    case .text(var text):
      advance()
      while case .text(let more) = current.kind {
        advance()
        text.units += more.units
      }
      return try make(.text(text), line)
    case .integer(let value):
      advance()
      return try make(.integer(value), line)
    case .float(let value):
      advance()
      return try make(.float(value), line)
    case .symbol("("):
      advance()
      let inner = try tuple(inParentheses: true)
      try expect(")")
      return inner
    case .symbol("["):
      advance()
      let items = try items(until: "]")
      return try make(.list(items, isTuple: false), line, over: items)
    case .symbol("{"):
      advance()
      return try dictionary(line)
    default: throw unexpected("an expression")
    }
  }

  private mutating func items(until end: String) throws(InferenceError) -> [JinjaExpression] {
    var items: [JinjaExpression] = []
    while !skip(end) {
      if !items.isEmpty {
        try expect(",")
        if skip(end) { break }
      }
      items.append(try expression())
    }
    return items
  }

  private mutating func dictionary(_ line: Int) throws(InferenceError) -> JinjaExpression {
    var pairs: [(key: JinjaExpression, value: JinjaExpression)] = []
    while !skip("}") {
      if !pairs.isEmpty {
        try expect(",")
        if skip("}") { break }
      }
      let key = try expression()
      try expect(":")
      pairs.append((key, try expression()))
    }
    return try make(.dictionary(pairs), line, over: pairs.flatMap { [$0.key, $0.value] })
  }

  private mutating func postfix(_ start: JinjaExpression) throws(InferenceError) -> JinjaExpression
  {
    var value = start
    while case .symbol(let symbol) = current.kind {
      let line = current.line
      switch symbol {
      case ".":
        advance()
        if case .integer(let index) = current.kind {
          advance()
          let item = try make(.integer(index), line)
          value = try make(.item(value, item), line, over: [value])
        } else {
          value = try make(.attribute(value, try expectName()), line, over: [value])
        }
      case "[":
        advance()
        value = try subscripted(value, line)
      case "(":
        let arguments = try arguments()
        value = try make(.call(value, arguments), line, over: [value] + arguments.all)
      default: return value
      }
    }
    return value
  }

  private mutating func subscripted(
    _ value: JinjaExpression, _ line: Int
  ) throws(InferenceError) -> JinjaExpression {
    var parts: [JinjaExpression?] = []
    var part: JinjaExpression?
    while true {
      if skip(":") {
        parts.append(part)
        part = nil
      } else if skip("]") {
        break
      } else if part == nil, parts.count < 3 {
        part = try expression()
      } else if current.kind == .symbol(",") {
        throw .chatTemplate(line: line, .unsupported(construct: "a subscript of several values"))
      } else {
        throw unexpected("]")
      }
    }
    if parts.isEmpty {
      guard let part else { throw unexpected("an expression") }
      return try make(.item(value, part), line, over: [value, part])
    }
    parts.append(part)
    guard parts.count <= 3 else { throw unexpected("]") }
    return try make(.slice(value, parts), line, over: [value] + parts.compactMap(\.self))
  }

  private mutating func arguments() throws(InferenceError) -> JinjaArguments {
    try expect("(")
    var arguments = JinjaArguments()
    var isFirst = true
    while !skip(")") {
      if !isFirst {
        try expect(",")
        if skip(")") { break }
      }
      isFirst = false
      if current.kind == .symbol("*") || current.kind == .symbol("**") {
        throw .chatTemplate(line: current.line, .unsupported(construct: "* in a call"))
      }
      if case .name(let name) = current.kind, following == .symbol("=") {
        advance()
        advance()
        arguments.named.append((name, try expression()))
      } else {
        guard arguments.named.isEmpty else { throw unexpected("a named argument") }
        arguments.positional.append(try expression())
      }
    }
    return arguments
  }

  private mutating func filtersAndTests(
    _ start: JinjaExpression
  ) throws(InferenceError) -> JinjaExpression {
    var value = start
    while true {
      let line = current.line
      if skip("|") {
        let filter = try filterUse()
        value = try make(.filter(value, filter), line, over: [value] + filter.arguments.all)
      } else if skip(name: "is") {
        value = try test(of: value, line)
      } else if current.kind == .symbol("(") {
        let arguments = try arguments()
        value = try make(.call(value, arguments), line, over: [value] + arguments.all)
      } else {
        return value
      }
    }
  }

  mutating func filterUse() throws(InferenceError) -> JinjaFilterUse {
    let line = current.line
    let name = try expectName()
    guard JinjaEvaluator.filters.contains(name) else {
      throw .chatTemplate(line: line, .unsupported(construct: "the filter \(name)"))
    }
    let arguments = current.kind == .symbol("(") ? try arguments() : JinjaArguments()
    return JinjaFilterUse(name: name, arguments: arguments, line: line)
  }

  private mutating func test(
    of value: JinjaExpression, _ line: Int
  ) throws(InferenceError) -> JinjaExpression {
    let isNegated = skip(name: "not")
    let name = try expectName()
    guard JinjaEvaluator.tests.contains(name) else {
      throw .chatTemplate(line: line, .unsupported(construct: "the test \(name)"))
    }
    var arguments = JinjaArguments()
    if current.kind == .symbol("(") {
      arguments = try self.arguments()
    } else if beginsOperand {
      if current.kind == .name("is") { throw unexpected("one test") }
      arguments.positional = [try postfix(try primary())]
    }
    let test = try make(.test(value, name, arguments), line, over: [value] + arguments.all)
    return isNegated ? try make(.not(test), line, over: [test]) : test
  }

  private var beginsOperand: Bool {
    switch current.kind {
    case .name(let name): !["else", "or", "and"].contains(name)
    case .text, .integer, .float, .symbol("["), .symbol("{"): true
    default: false
    }
  }
}

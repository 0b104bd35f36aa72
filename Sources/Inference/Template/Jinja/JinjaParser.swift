/// Reads a template's tokens as statements and expressions (jinja2/parser.py). A construct that
/// the interpreter does not know is an error with its line; nothing is skipped.
struct JinjaParser {
  typealias Token = JinjaLexer.Token

  private let tokens: [Token]
  private var index = 0
  private var nesting = 0
  private var loopDepth = 0

  /// The statements of a template.
  ///
  /// - Throws: `chatTemplate` with `syntax`, `unsupported` or `limitExceeded`.
  static func statements(of template: String) throws(InferenceError) -> [JinjaStatement] {
    var parser = JinjaParser(tokens: try JinjaLexer.tokens(of: template))
    return try parser.statements(until: [])
  }

  private init(tokens: [Token]) { self.tokens = tokens }

  // MARK: Tokens

  var current: Token { tokens[index] }
  var following: Token.Kind { index + 1 < tokens.count ? tokens[index + 1].kind : .end }

  mutating func advance() { if index + 1 < tokens.count { index += 1 } }

  /// Steps over a name; whether it stood there.
  mutating func skip(name: String) -> Bool {
    guard current.kind == .name(name) else { return false }
    advance()
    return true
  }

  mutating func skip(_ symbol: String) -> Bool {
    guard current.kind == .symbol(symbol) else { return false }
    advance()
    return true
  }

  mutating func expect(_ symbol: String) throws(InferenceError) {
    guard skip(symbol) else { throw unexpected(symbol) }
  }

  mutating func expect(_ kind: Token.Kind, _ spelling: String) throws(InferenceError) {
    guard current.kind == kind else { throw unexpected(spelling) }
    advance()
  }

  mutating func expectName() throws(InferenceError) -> String {
    guard case .name(let name) = current.kind else { throw unexpected("a name") }
    advance()
    return name
  }

  func unexpected(_ expected: String) -> InferenceError {
    .chatTemplate(
      line: current.line, .syntax(found: JinjaParser.spelling(current.kind), expected: expected))
  }

  private static func spelling(_ kind: Token.Kind) -> String {
    switch kind {
    case .data: "text"
    case .variableBegin: "{{"
    case .variableEnd: "}}"
    case .blockBegin: "{%"
    case .blockEnd: "%}"
    case .name(let name): name
    case .text(let text): "'\(text.string)'"
    case .integer(let value): "\(value)"
    case .float(let value): "\(value)"
    case .symbol(let symbol): symbol
    case .end: "the end of the template"
    }
  }

  /// Runs `work` one level deeper.
  mutating func nested<Result>(
    _ work: (inout JinjaParser) throws(InferenceError) -> Result
  ) throws(InferenceError) -> Result {
    nesting += 1
    defer { nesting -= 1 }
    guard nesting <= TemplateLimit.nesting.maximum else {
      throw .chatTemplate(line: current.line, .limitExceeded(.nesting))
    }
    return try work(&self)
  }

  // MARK: Statements

  /// Statements up to a block that begins with one of `ends`; the block's beginning is read, its
  /// name is not. Without `ends` up to the end of the template.
  private mutating func statements(until ends: Set<String>) throws(InferenceError)
    -> [JinjaStatement]
  {
    var body: [JinjaStatement] = []
    while true {
      let line = current.line
      switch current.kind {
      case .data(let text):
        advance()
        body.append(JinjaStatement(kind: .text(text), line: line))
      case .variableBegin:
        advance()
        let value = try tuple()
        try expect(.variableEnd, "}}")
        body.append(JinjaStatement(kind: .output([value]), line: line))
      case .blockBegin:
        advance()
        guard case .name(let name) = current.kind else { throw unexpected("a tag's name") }
        if ends.contains(name) { return body }
        let statement = try nested { parser throws(InferenceError) in
          try parser.statement(name, line)
        }
        try expect(.blockEnd, "%}")
        body.append(statement)
      case .end where ends.isEmpty: return body
      default: throw unexpected(ends.sorted().first.map { "{% \($0) %}" } ?? "text")
      }
    }
  }

  /// A block's body: the end of its first tag, statements, and the name of the end that was met.
  private mutating func body(until ends: Set<String>) throws(InferenceError) -> (
    [JinjaStatement], String
  ) {
    _ = skip(":")
    try expect(.blockEnd, "%}")
    let statements = try statements(until: ends)
    return (statements, try expectName())
  }

  private mutating func statement(
    _ name: String, _ line: Int
  ) throws(InferenceError) -> JinjaStatement {
    advance()
    let kind: JinjaStatement.Kind =
      switch name {
      case "if": try choice()
      case "for": try loop()
      case "set": try assignment()
      case "macro": try macro()
      case "call": try callBlock()
      case "filter": try filterBlock()
      case "with": try withBlock()
      // Hugging Face's mark around what the assistant said; it prints its body.
      case "generation": .scope(try body(until: ["endgeneration"]).0)
      case "print": try printed()
      case "break" where loopDepth > 0: .breakLoop
      case "continue" where loopDepth > 0: .continueLoop
      case "break", "continue": throw unexpected("a loop around \(name)")
      default:
        throw .chatTemplate(line: line, .unsupported(construct: "{% \(name) %}"))
      }
    return JinjaStatement(kind: kind, line: line)
  }

  private mutating func choice() throws(InferenceError) -> JinjaStatement.Kind {
    var branches: [(condition: JinjaExpression, body: [JinjaStatement])] = []
    while true {
      let condition = try tuple(conditional: false)
      let (body, end) = try body(until: ["elif", "else", "endif"])
      branches.append((condition, body))
      if end == "elif" { continue }
      let otherwise = end == "else" ? try self.body(until: ["endif"]).0 : []
      return .choice(branches, otherwise: otherwise)
    }
  }

  private mutating func loop() throws(InferenceError) -> JinjaStatement.Kind {
    let target = try target(isLoop: true)
    guard skip(name: "in") else { throw unexpected("in") }
    let values = try tuple(conditional: false)
    let condition = skip(name: "if") ? try expression() : nil
    if current.kind == .name("recursive") {
      throw .chatTemplate(line: current.line, .unsupported(construct: "a recursive loop"))
    }
    loopDepth += 1
    let (body, end) = try body(until: ["endfor", "else"])
    loopDepth -= 1
    let otherwise = end == "else" ? try self.body(until: ["endfor"]).0 : []
    return .loop(target, over: values, condition: condition, body: body, otherwise: otherwise)
  }

  private mutating func assignment() throws(InferenceError) -> JinjaStatement.Kind {
    let target = try target(isLoop: false)
    if skip("=") { return .assignment(target, try tuple()) }
    var filters: [JinjaFilterUse] = []
    while skip("|") { filters.append(try filterUse()) }
    return .blockAssignment(target, filters, try inner(until: "endset"))
  }

  /// The body of a block that is a function of its own in Jinja2: `break` does not reach out.
  private mutating func inner(until end: String) throws(InferenceError) -> [JinjaStatement] {
    let depth = loopDepth
    loopDepth = 0
    defer { loopDepth = depth }
    return try body(until: [end]).0
  }

  private mutating func macro() throws(InferenceError) -> JinjaStatement.Kind {
    let name = try expectName()
    let parameters = try parameters()
    return .macro(
      JinjaMacroDefinition(name: name, parameters: parameters, body: try inner(until: "endmacro")))
  }

  private mutating func callBlock() throws(InferenceError) -> JinjaStatement.Kind {
    let parameters = current.kind == .symbol("(") ? try parameters() : []
    let call = try expression()
    guard case .call = call.kind else { throw unexpected("a call") }
    let definition = JinjaMacroDefinition(
      name: "caller", parameters: parameters, body: try inner(until: "endcall"))
    return .call(definition, call)
  }

  private mutating func parameters() throws(InferenceError) -> [(
    name: String, standard: JinjaExpression?
  )] {
    try expect("(")
    var parameters: [(name: String, standard: JinjaExpression?)] = []
    while !skip(")") {
      if !parameters.isEmpty { try expect(",") }
      let name = try expectName()
      let standard = skip("=") ? try expression() : nil
      if standard == nil, parameters.last?.standard != nil { throw unexpected("a default") }
      parameters.append((name, standard))
    }
    return parameters
  }

  private mutating func filterBlock() throws(InferenceError) -> JinjaStatement.Kind {
    var filters = [try filterUse()]
    while skip("|") { filters.append(try filterUse()) }
    return .filter(filters, try body(until: ["endfilter"]).0)
  }

  private mutating func withBlock() throws(InferenceError) -> JinjaStatement.Kind {
    var values: [(target: JinjaTarget, value: JinjaExpression)] = []
    while current.kind != .blockEnd {
      if !values.isEmpty { try expect(",") }
      let target = try target(isLoop: true)
      try expect("=")
      values.append((target, try expression()))
    }
    return .with(values, try body(until: ["endwith"]).0)
  }

  private mutating func printed() throws(InferenceError) -> JinjaStatement.Kind {
    var values: [JinjaExpression] = []
    while current.kind != .blockEnd {
      if !values.isEmpty { try expect(",") }
      values.append(try expression())
    }
    return .output(values)
  }

  private mutating func target(isLoop: Bool) throws(InferenceError) -> JinjaTarget {
    var targets: [JinjaTarget] = []
    var isTuple = false
    repeat {
      if isTuple, current.kind == .name("in") || current.kind == .symbol("=") { break }
      if skip("(") {
        targets.append(
          try nested { parser throws(InferenceError) in try parser.target(isLoop: isLoop) })
        try expect(")")
      } else {
        let name = try expectName()
        guard !JinjaParser.reserved.contains(name) else { throw unexpected("a variable's name") }
        if !isLoop, skip(".") {
          targets.append(.namespace(name, attribute: try expectName()))
        } else {
          targets.append(.name(name))
        }
      }
      isTuple = skip(",") || isTuple
    } while isTuple && previousIsComma
    return isTuple ? .tuple(targets) : targets[0]
  }

  private var previousIsComma: Bool { index > 0 && tokens[index - 1].kind == .symbol(",") }

  static let reserved: Set<String> = [
    "true", "false", "none", "True", "False", "None", "and", "or", "not", "in", "is", "if", "else",
    "elif", "for",
  ]
}

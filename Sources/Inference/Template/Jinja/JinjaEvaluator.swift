/// Runs a template's statements. One value of this type serves one rendering; it holds the
/// variables, the output and the bounds on the work.
final class JinjaEvaluator {
  /// How a run of statements ended.
  private enum Flow { case onward, breakLoop, continueLoop }

  var output = JinjaText("")
  var scope: JinjaScope
  /// The line being run, for errors.
  var line = 1
  private var stepsLeft = TemplateLimit.steps.maximum
  private var nesting = 0
  private var loopDepth = 0

  /// - Parameter variables: what the template can name.
  init(_ variables: [String: JinjaValue]) {
    let root = JinjaScope(nil)
    root.variables = variables
    scope = JinjaScope(root)
  }

  /// The output of a whole template.
  ///
  /// - Throws: `chatTemplate` with the line that failed.
  func render(_ statements: [JinjaStatement]) throws(InferenceError) -> JinjaText {
    _ = try run(statements)
    return output
  }

  // MARK: Bounds

  func failure(_ fault: TemplateFault) -> InferenceError { .chatTemplate(line: line, fault) }

  /// Counts work: one step, and one more for every 16 elements or characters handled.
  func spend(_ elements: Int = 0) throws(InferenceError) {
    stepsLeft -= 1 + elements / 16
    guard stepsLeft >= 0 else { throw failure(.limitExceeded(.steps)) }
  }

  /// A text that was made, counted and held to its limit.
  func checked(_ text: JinjaText) throws(InferenceError) -> JinjaValue {
    try check(length: text.count)
    return .text(text)
  }

  func check(length: Int) throws(InferenceError) {
    guard length <= TemplateLimit.textScalars.maximum else {
      throw failure(.limitExceeded(.textScalars))
    }
    try spend(length)
  }

  func nested<Result>(
    _ work: () throws(InferenceError) -> Result
  ) throws(InferenceError) -> Result {
    nesting += 1
    defer { nesting -= 1 }
    guard nesting <= TemplateLimit.nesting.maximum else {
      throw failure(.limitExceeded(.nesting))
    }
    return try work()
  }

  private func write(_ text: JinjaText) throws(InferenceError) {
    try check(length: text.count)
    output.units += text.units
    guard output.count <= TemplateLimit.textScalars.maximum else {
      throw failure(.limitExceeded(.textScalars))
    }
  }

  /// The text a value prints as.
  func printed(_ value: JinjaValue) throws(InferenceError) -> JinjaText {
    guard let text = value.printed else {
      throw failure(.unsupported(construct: "printing \(value.kindName)"))
    }
    return text
  }

  // MARK: Statements

  private func run(_ statements: [JinjaStatement]) throws(InferenceError) -> Flow {
    for statement in statements {
      line = statement.line
      try spend()
      let flow = try nested { () throws(InferenceError) in try run(statement) }
      if flow != .onward { return flow }
    }
    return .onward
  }

  private func run(_ statement: JinjaStatement) throws(InferenceError) -> Flow {
    switch statement.kind {
    case .text(let text): try write(text)
    case .output(let values):
      for value in values { try write(printed(evaluate(value))) }
    case .choice(let branches, let otherwise):
      for branch in branches where try evaluate(branch.condition).isTrue {
        return try run(branch.body)
      }
      return try run(otherwise)
    case .loop(let target, let values, let condition, let body, let otherwise):
      return try runLoop(target, values, condition, body, otherwise)
    case .assignment(let target, let value): try assign(target, try evaluate(value))
    case .blockAssignment(let target, let filters, let body):
      var value: JinjaValue = .text(try captured(JinjaScope(scope), body))
      for filter in filters { value = try apply(filter, to: value) }
      try assign(target, value)
    case .macro(let definition):
      scope.variables[definition.name] = .macro(JinjaMacro(definition, scope))
    case .call(let definition, let call): try runCall(definition, call)
    case .filter(let filters, let body):
      var value: JinjaValue = .text(try captured(JinjaScope(scope), body))
      for filter in filters { value = try apply(filter, to: value) }
      try write(printed(value))
    case .with(let values, let body):
      let inner = JinjaScope(scope)
      // The values do not see each other.
      let evaluated = try values.map { pair throws(InferenceError) in
        (pair.target, try evaluate(pair.value))
      }
      return try within(inner) { () throws(InferenceError) in
        for (target, value) in evaluated { try assign(target, value) }
        return try run(body)
      }
    case .scope(let body):
      return try within(JinjaScope(scope)) { () throws(InferenceError) in try run(body) }
    case .breakLoop: return .breakLoop
    case .continueLoop: return .continueLoop
    }
    return .onward
  }

  private func within<Result>(
    _ inner: JinjaScope, _ work: () throws(InferenceError) -> Result
  ) throws(InferenceError) -> Result {
    let outer = scope
    scope = inner
    defer { scope = outer }
    return try work()
  }

  /// What statements print, instead of printing it.
  func captured(
    _ inner: JinjaScope, _ body: [JinjaStatement]
  ) throws(InferenceError) -> JinjaText {
    let before = output
    let depth = loopDepth
    output = JinjaText("")
    loopDepth = 0
    defer {
      output = before
      loopDepth = depth
    }
    return try within(inner) { () throws(InferenceError) in
      _ = try run(body)
      return output
    }
  }

  private func runLoop(
    _ target: JinjaTarget, _ values: JinjaExpression, _ condition: JinjaExpression?,
    _ body: [JinjaStatement], _ otherwise: [JinjaStatement]
  ) throws(InferenceError) -> Flow {
    var items = try elements(of: try evaluate(values), for: "a loop")
    let start = line
    if let condition {
      var kept: [JinjaValue] = []
      for item in items {
        let inner = JinjaScope(scope)
        inner.variables["loop"] = .undefined("loop")
        let keeps = try within(inner) { () throws(InferenceError) in
          try assign(target, item)
          return try evaluate(condition).isTrue
        }
        if keeps { kept.append(item) }
      }
      items = kept
    }
    loopDepth += 1
    defer { loopDepth -= 1 }
    let loop = JinjaLoop(items, depth: loopDepth)
    var isComplete = false
    for (index, item) in items.enumerated() {
      line = start
      try spend()
      loop.index = index
      let inner = JinjaScope(scope)
      inner.variables["loop"] = .loop(loop)
      let flow = try within(inner) { () throws(InferenceError) in
        try assign(target, item)
        return try run(body)
      }
      if flow == .breakLoop { break }
      if flow == .onward { isComplete = true }
    }
    // As in Jinja2, where `else` also runs when `continue` or `break` cut every round short.
    guard !isComplete else { return .onward }
    return try within(JinjaScope(scope)) { () throws(InferenceError) in try run(otherwise) }
  }

  private func assign(_ target: JinjaTarget, _ value: JinjaValue) throws(InferenceError) {
    switch target {
    case .name(let name): scope.variables[name] = value
    case .namespace(let name, let attribute):
      guard case .namespace(let namespace) = self.value(of: name) else {
        throw failure(
          .wrongType(operation: "set \(name).\(attribute)", value: self.value(of: name).kindName))
      }
      try spend(namespace.attributes.count)
      namespace.attributes.set(.text(attribute), value)
    case .tuple(let targets):
      let items = try elements(of: value, for: "an assignment to several names")
      guard items.count == targets.count else {
        throw failure(
          .wrongType(
            operation: "an assignment to \(targets.count) names", value: "\(items.count) values"))
      }
      for (target, item) in zip(targets, items) { try assign(target, item) }
    }
  }

  // MARK: Macros

  private func runCall(
    _ definition: JinjaMacroDefinition, _ call: JinjaExpression
  ) throws(InferenceError) {
    guard case .call(let callee, let arguments) = call.kind else { return }
    guard case .macro(let macro) = try evaluate(callee) else {
      throw failure(.unsupported(construct: "{% call %} of something that is no macro"))
    }
    let caller = JinjaMacro(definition, scope)
    let values = try evaluate(arguments)
    try write(try self.call(macro, values, caller: caller))
  }

  /// What a macro prints for some arguments.
  func call(
    _ macro: JinjaMacro, _ arguments: JinjaCall, caller: JinjaMacro? = nil
  ) throws(InferenceError) -> JinjaText {
    let definition = macro.definition
    guard arguments.positional.count <= definition.parameters.count else {
      throw failure(
        .wrongType(
          operation: "the macro \(definition.name)",
          value: "\(arguments.positional.count) arguments"))
    }
    let inner = JinjaScope(macro.scope)
    for (parameter, value) in zip(definition.parameters, arguments.positional) {
      inner.variables[parameter.name] = value
    }
    for (name, value) in arguments.named {
      guard definition.parameters.contains(where: { $0.name == name }),
        inner.variables[name] == nil
      else {
        throw failure(
          .wrongType(operation: "the macro \(definition.name)", value: "the argument \(name)"))
      }
      inner.variables[name] = value
    }
    inner.variables["caller"] = caller.map { .macro($0) } ?? .undefined("caller")
    let here = line
    defer { line = here }
    for parameter in definition.parameters where inner.variables[parameter.name] == nil {
      inner.variables[parameter.name] = try within(inner) { () throws(InferenceError) in
        try parameter.standard.map { value throws(InferenceError) in try evaluate(value) }
          ?? .undefined(parameter.name)
      }
    }
    return try nested { () throws(InferenceError) in try captured(inner, definition.body) }
  }
}

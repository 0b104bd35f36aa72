/// An expression of a template. `depth` bounds the recursion of whatever walks it.
struct JinjaExpression: Sendable {
  indirect enum Kind: Sendable {
    case none
    case boolean(Bool)
    case integer(Int)
    case float(Double)
    case text(JinjaText)
    case name(String)
    case list([JinjaExpression], isTuple: Bool)
    case dictionary([(key: JinjaExpression, value: JinjaExpression)])
    case attribute(JinjaExpression, String)
    case item(JinjaExpression, JinjaExpression)
    case slice(JinjaExpression, [JinjaExpression?])
    case call(JinjaExpression, JinjaArguments)
    case filter(JinjaExpression, JinjaFilterUse)
    case test(JinjaExpression, String, JinjaArguments)
    case not(JinjaExpression)
    case sign(JinjaExpression, negative: Bool)
    case arithmetic(String, JinjaExpression, JinjaExpression)
    case comparison(JinjaExpression, [(symbol: String, operand: JinjaExpression)])
    case and(JinjaExpression, JinjaExpression)
    case or(JinjaExpression, JinjaExpression)
    case concatenation([JinjaExpression])
    case conditional(JinjaExpression, then: JinjaExpression, otherwise: JinjaExpression?)
  }

  let kind: Kind
  let line: Int
  let depth: Int
}

/// What stands in the parentheses of a call, a filter or a test.
struct JinjaArguments: Sendable {
  var positional: [JinjaExpression] = []
  var named: [(name: String, value: JinjaExpression)] = []

  var all: [JinjaExpression] { positional + named.map(\.value) }
}

/// A filter with its arguments.
struct JinjaFilterUse: Sendable {
  let name: String
  let arguments: JinjaArguments
  let line: Int
}

/// What `set` and `for` assign to.
indirect enum JinjaTarget: Sendable {
  case name(String)
  case namespace(String, attribute: String)
  case tuple([JinjaTarget])
}

/// A macro's or call block's parameters and body.
struct JinjaMacroDefinition: Sendable {
  let name: String
  let parameters: [(name: String, standard: JinjaExpression?)]
  let body: [JinjaStatement]
}

/// A statement of a template.
struct JinjaStatement: Sendable {
  indirect enum Kind: Sendable {
    case text(JinjaText)
    case output([JinjaExpression])
    case choice([(condition: JinjaExpression, body: [JinjaStatement])], otherwise: [JinjaStatement])
    case loop(
      JinjaTarget, over: JinjaExpression, condition: JinjaExpression?, body: [JinjaStatement],
      otherwise: [JinjaStatement])
    case assignment(JinjaTarget, JinjaExpression)
    case blockAssignment(JinjaTarget, [JinjaFilterUse], [JinjaStatement])
    case macro(JinjaMacroDefinition)
    case call(JinjaMacroDefinition, JinjaExpression)
    case filter([JinjaFilterUse], [JinjaStatement])
    case with([(target: JinjaTarget, value: JinjaExpression)], [JinjaStatement])
    /// Statements whose assignments end with them.
    case scope([JinjaStatement])
    case breakLoop
    case continueLoop
  }

  let kind: Kind
  let line: Int
}

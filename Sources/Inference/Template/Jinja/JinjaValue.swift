/// A value while a template runs: Python's kinds, as far as templates can make them.
indirect enum JinjaValue {
  /// What a missing variable, key or index gives; it prints as nothing.
  case undefined(String)
  case none
  case boolean(Bool)
  case integer(Int)
  case float(Double)
  case text(JinjaText)
  case list([JinjaValue], isTuple: Bool)
  case dictionary(JinjaDictionary)
  case generator(JinjaGenerator)
  case namespace(JinjaNamespace)
  case loop(JinjaLoop)
  case macro(JinjaMacro)
  /// A function every template can call.
  case function(String)
  /// A method of a value, not yet called.
  case method(JinjaValue, String)

  static func text(_ text: String) -> JinjaValue { .text(JinjaText(text)) }
}

/// Pairs in the order they were made.
struct JinjaDictionary {
  private(set) var keys: [JinjaValue] = []
  private var values: [JinjaValue] = []

  var count: Int { keys.count }

  var pairs: [(key: JinjaValue, value: JinjaValue)] {
    zip(keys, values).map { (key: $0, value: $1) }
  }

  subscript(_ key: JinjaValue) -> JinjaValue? {
    keys.firstIndex { $0.equals(key) }.map { values[$0] }
  }

  mutating func set(_ key: JinjaValue, _ value: JinjaValue) {
    if let index = keys.firstIndex(where: { $0.equals(key) }) {
      values[index] = value
    } else {
      keys.append(key)
      values.append(value)
    }
  }
}

/// Values that can be read once, and are true whether there are any or not.
final class JinjaGenerator {
  private var values: [JinjaValue]

  init(_ values: [JinjaValue]) { self.values = values }

  func take() -> [JinjaValue] {
    defer { values = [] }
    return values
  }
}

/// What `namespace()` makes: the only thing a template can change inside a loop.
final class JinjaNamespace {
  var attributes = JinjaDictionary()
}

/// The `loop` variable.
final class JinjaLoop {
  let items: [JinjaValue]
  let depth: Int
  var index = 0

  init(_ items: [JinjaValue], depth: Int) {
    self.items = items
    self.depth = depth
  }

  func attribute(_ name: String) -> JinjaValue? {
    switch name {
    case "index": .integer(index + 1)
    case "index0": .integer(index)
    case "revindex": .integer(items.count - index)
    case "revindex0": .integer(items.count - index - 1)
    case "first": .boolean(index == 0)
    case "last": .boolean(index == items.count - 1)
    case "length": .integer(items.count)
    case "depth": .integer(depth)
    case "depth0": .integer(depth - 1)
    case "previtem":
      index > 0 ? items[index - 1] : .undefined("there is no previous item")
    case "nextitem":
      index + 1 < items.count ? items[index + 1] : .undefined("there is no next item")
    default: nil
    }
  }
}

/// A macro and the variables around it.
final class JinjaMacro {
  let definition: JinjaMacroDefinition
  let scope: JinjaScope

  init(_ definition: JinjaMacroDefinition, _ scope: JinjaScope) {
    self.definition = definition
    self.scope = scope
  }
}

/// The variables of a block, on top of those around it.
final class JinjaScope {
  var variables: [String: JinjaValue] = [:]
  let parent: JinjaScope?

  init(_ parent: JinjaScope?) { self.parent = parent }

  func value(of name: String) -> JinjaValue? {
    var scope: JinjaScope? = self
    while let here = scope {
      if let value = here.variables[name] { return value }
      scope = here.parent
    }
    return nil
  }
}

extension JinjaValue {
  /// Python's truth of a value.
  var isTrue: Bool {
    switch self {
    case .undefined, .none: false
    case .boolean(let value): value
    case .integer(let value): value != 0
    case .float(let value): value != 0
    case .text(let text): text.count > 0
    case .list(let items, _): !items.isEmpty
    case .dictionary(let dictionary): dictionary.count > 0
    case .loop, .generator, .namespace, .macro, .function, .method: true
    }
  }

  /// A number, as Python counts them: truth values are 0 and 1.
  var number: Double? {
    switch self {
    case .float(let value): value
    case .integer(let value): Double(value)
    case .boolean(let value): value ? 1 : 0
    default: nil
    }
  }

  var integer: Int? {
    switch self {
    case .integer(let value): value
    case .boolean(let value): value ? 1 : 0
    default: nil
    }
  }

  /// Python's `==`.
  func equals(_ other: JinjaValue) -> Bool {
    if let left = integer, let right = other.integer { return left == right }
    if let left = number, let right = other.number { return left == right }
    switch (self, other) {
    case (.undefined, .undefined), (.none, .none): return true
    case (.text(let left), .text(let right)): return left == right
    case (.list(let left, let isTuple), .list(let right, let isOtherTuple)):
      return isTuple == isOtherTuple && left.count == right.count
        && zip(left, right).allSatisfy { $0.equals($1) }
    case (.dictionary(let left), .dictionary(let right)):
      return left.count == right.count
        && left.pairs.allSatisfy { pair in right[pair.key].map(pair.value.equals) ?? false }
    case (.namespace(let left), .namespace(let right)): return left === right
    case (.macro(let left), .macro(let right)): return left === right
    case (.function(let left), .function(let right)): return left == right
    default: return false
    }
  }

  /// What a person calls a value of this kind.
  var kindName: String {
    switch self {
    case .undefined: "an undefined value"
    case .none: "none"
    case .boolean: "a truth value"
    case .integer: "a whole number"
    case .float: "a number"
    case .text: "a text"
    case .list: "a list"
    case .dictionary: "a mapping"
    case .generator: "a generator"
    case .namespace: "a namespace"
    case .loop: "the loop"
    case .macro: "a macro"
    case .function, .method: "a function"
    }
  }
}

import StrictJSON

/// What a JSON value of a format looks like. Validators are made from it, and only from it.
package indirect enum JSONShape: Sendable {
  case any
  case null
  case bool
  case text
  case nonEmptyText
  /// A whole number in that range.
  case integer(ClosedRange<Int>)
  case number
  /// One of these texts.
  case word([String])
  case array(JSONShape, count: ClosedRange<Int>)
  case object([JSONField], open: Bool)
  case either([JSONShape])
  /// A shape with a rule of its own.
  case ruled(JSONShape, JSONRule)

  package static func array(_ element: JSONShape, atLeast: Int = 0) -> JSONShape {
    .array(element, count: atLeast...Int.max)
  }

  /// An object with these fields and no others.
  package static func object(_ fields: JSONField...) -> JSONShape { .object(fields, open: false) }

  /// An object with these fields and perhaps others.
  package static func open(_ fields: JSONField...) -> JSONShape { .object(fields, open: true) }

  package static func nullable(_ shape: JSONShape) -> JSONShape { .either([shape, .null]) }

  package static var count: JSONShape { .integer(0...(1 << 53)) }

  /// Finds the first thing about `value` that is not as it should be.
  package func check(_ value: JSONValue, at field: String = "") throws(FormatFault) {
    switch self {
    case .any: return
    case .text: guard case .string = value else { throw mismatch(value, field) }
    case .nonEmptyText:
      guard case .string(let text) = value else { throw mismatch(value, field) }
      guard !text.isEmpty else { throw FormatFault(field: field, .tooFew(count: 0, atLeast: 1)) }
    case .null: guard case .null = value else { throw mismatch(value, field) }
    case .bool: guard case .bool = value else { throw mismatch(value, field) }
    case .number: guard case .number = value else { throw mismatch(value, field) }
    case .integer(let range):
      guard case .number(let spelling) = value, let number = Int(spelling) else {
        throw mismatch(value, field)
      }
      guard range.contains(number) else {
        let allowed = ["\(range.lowerBound)…\(range.upperBound)"]
        throw FormatFault(field: field, .notAllowed(found: spelling, allowed: allowed))
      }
    case .word(let words):
      guard case .string(let text) = value else { throw mismatch(value, field) }
      guard words.contains(text) else {
        throw FormatFault(field: field, .notAllowed(found: text, allowed: words))
      }
    case .array(let element, let count): try Self.check(value, field, element, count)
    case .object(let fields, let open): try Self.check(value, field, fields, open)
    case .either(let shapes): try Self.check(value, field, shapes)
    case .ruled(let shape, let rule):
      try shape.check(value, at: field)
      do throws(FormatFault) {
        try rule(value)
      } catch {
        throw FormatFault(field: field.appending(path: error.field), error.reason)
      }
    }
  }

  private static func check(
    _ value: JSONValue, _ field: String, _ element: JSONShape, _ count: ClosedRange<Int>
  ) throws(FormatFault) {
    guard case .array(let values) = value else {
      throw FormatFault(field: field, .wrongType(expected: "an array", found: value.kind))
    }
    guard values.count >= count.lowerBound else {
      throw FormatFault(field: field, .tooFew(count: values.count, atLeast: count.lowerBound))
    }
    guard values.count <= count.upperBound else {
      throw FormatFault(field: field, .tooMany(count: values.count, atMost: count.upperBound))
    }
    for (index, value) in values.enumerated() {
      try element.check(value, at: "\(field)[\(index)]")
    }
  }

  private static func check(
    _ value: JSONValue, _ field: String, _ fields: [JSONField], _ open: Bool
  ) throws(FormatFault) {
    guard case .object(let members) = value else {
      throw FormatFault(field: field, .wrongType(expected: "an object", found: value.kind))
    }
    for known in fields {
      let path = field.appending(path: known.name)
      if let member = members.first(where: { $0.key == known.name }) {
        try known.shape.check(member.value, at: path)
      } else if known.isRequired {
        throw FormatFault(field: path, .missing)
      }
    }
    guard !open else { return }
    for member in members where !fields.contains(where: { $0.name == member.key }) {
      throw FormatFault(field: field.appending(path: member.key), .unknown)
    }
  }

  /// The fault of the alternative that got furthest tells most: the one whose kind fits.
  private static func check(
    _ value: JSONValue, _ field: String, _ shapes: [JSONShape]
  ) throws(FormatFault) {
    var nearest: FormatFault?
    for shape in shapes {
      do throws(FormatFault) {
        return try shape.check(value, at: field)
      } catch {
        if case .wrongType = error.reason, error.field == field { continue }
        nearest = nearest ?? error
      }
    }
    if let nearest { throw nearest }
    let expected = shapes.map(\.kind).joined(separator: " or ")
    throw FormatFault(field: field, .wrongType(expected: expected, found: value.kind))
  }

  private func mismatch(_ value: JSONValue, _ field: String) -> FormatFault {
    FormatFault(field: field, .wrongType(expected: kind, found: value.kind))
  }

  private var kind: String {
    switch self {
    case .any: "anything"
    case .null: "null"
    case .bool: "true or false"
    case .text, .nonEmptyText, .word: "a text"
    case .integer: "a whole number"
    case .number: "a number"
    case .array: "an array"
    case .object: "an object"
    case .either(let shapes): shapes.map(\.kind).joined(separator: " or ")
    case .ruled(let shape, _): shape.kind
    }
  }
}

/// One field of an object.
package struct JSONField: Sendable {
  package var name: String
  package var shape: JSONShape
  package var isRequired: Bool

  package init(_ name: String, _ shape: JSONShape, optional: Bool = false) {
    self.name = name
    self.shape = shape
    isRequired = !optional
  }
}

extension JSONValue {
  /// What it is, for a message.
  fileprivate var kind: String {
    switch self {
    case .null: "null"
    case .bool: "true or false"
    case .number: "a number"
    case .string: "a text"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

extension String {
  /// One step further into an object or an array.
  fileprivate func appending(path: String) -> String {
    isEmpty || path.isEmpty || path.hasPrefix("[") ? self + path : "\(self).\(path)"
  }
}

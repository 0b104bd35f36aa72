import SessionCore
import StrictJSON

/// A JSON value of a file and what leads to it, so that whatever is wrong with it has a name.
struct JSONNode {
  let value: JSONValue
  let path: String

  init(_ value: JSONValue, path: String = "") {
    self.value = value
    self.path = path
  }

  /// Reads an object of a file.
  /// - Throws: ``ImportError/invalid(_:)`` with the line on which it stops being JSON.
  static func parse(
    _ element: JSONElements.Element, file: String
  ) throws(ImportError) -> JSONNode {
    do throws(JSONSyntaxError) {
      return JSONNode(
        try JSONParser.parse(element.bytes[...], depthMax: ImportLimits.depthMax))
    } catch {
      let line = element.line + element.bytes.prefix(error.offset).count { $0 == 0x0A }
      let isText = String(validating: element.bytes, as: UTF8.self) != nil
      throw .invalid(ImportFault(file: file, line: line, isText ? .notJSON : .notUTF8))
    }
  }

  func fault(_ reason: ImportFault.Reason) -> FieldFault { FieldFault(field: path, reason: reason) }

  /// The member of that name; nil when it is absent or null.
  func optional(_ key: String) -> JSONNode? {
    guard case .object(let members) = value,
      let member = members.first(where: { $0.key == key }), member.value != .null
    else { return nil }
    return JSONNode(member.value, path: path.isEmpty ? key : "\(path).\(key)")
  }

  func member(_ key: String) throws(FieldFault) -> JSONNode {
    guard case .object = value else { throw fault(.wrongType(expected: "an object")) }
    guard let member = optional(key) else {
      throw FieldFault(field: path.isEmpty ? key : "\(path).\(key)", reason: .missing)
    }
    return member
  }

  func text() throws(FieldFault) -> String {
    guard case .string(let text) = value else { throw fault(.wrongType(expected: "a text")) }
    return text
  }

  func elements() throws(FieldFault) -> [JSONNode] {
    guard case .array(let values) = value else { throw fault(.wrongType(expected: "an array")) }
    return values.enumerated().map { JSONNode($1, path: "\(path)[\($0)]") }
  }

  /// A name that may be missing, or a number: files are not strict about names.
  func name(_ key: String) -> String? {
    switch optional(key)?.value {
    case .string(let text): text.isEmpty ? nil : text
    case .number(let spelling): spelling
    default: nil
    }
  }

  /// A time that may be missing: RFC 3339 with or without a zone (then UTC), or a number of
  /// seconds or milliseconds since 1970. What is no time counts as none.
  func time(_ key: String) -> Timestamp? {
    switch optional(key)?.value {
    case .string(let text): LooseTime.parse(text)
    case .number(let spelling): LooseTime.parse(number: spelling)
    default: nil
    }
  }

  /// The fault of adding a message gets the message's field.
  func placing<Result>(
    _ work: () throws(FieldFault) -> Result
  ) throws(FieldFault) -> Result {
    do {
      return try work()
    } catch {
      throw error.field.isEmpty ? fault(error.reason) : error
    }
  }
}

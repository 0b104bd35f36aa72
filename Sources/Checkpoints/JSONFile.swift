import MappedFiles
import StrictJSON

/// A file of one JSON value, with what is asked of it and where it stands for errors.
struct JSONFile {
  /// Larger than any configuration or index; a header of safetensors has its own limit.
  static let bytesMax = 8 << 20
  /// The largest vocabularies' files take about 20 MiB.
  static let tokenizerBytesMax = 32 << 20
  private static let depthMax = 24

  let path: String
  let value: JSONValue

  /// - Throws: `unreadable`, `tooLarge`, `notJSON`.
  init(_ path: String, bytesMax: Int = JSONFile.bytesMax) throws(CheckpointError) {
    let source = try MappedFile.reading(path)
    guard source.bytes.count <= bytesMax else {
      throw .tooLarge(path: path, bytes: source.bytes.count, bytesMax: bytesMax)
    }
    try self.init(path, Array(source.bytes)[...])
  }

  init(_ path: String, _ bytes: ArraySlice<UInt8>) throws(CheckpointError) {
    self.path = path
    do throws(JSONSyntaxError) {
      value = try JSONParser.parse(bytes, depthMax: JSONFile.depthMax)
    } catch {
      throw .notJSON(path: path, offset: error.offset)
    }
  }

  subscript(_ keys: String...) -> JSONValue? {
    var found: JSONValue? = value
    for key in keys { found = found?.member(key) }
    return found?.present
  }

  /// A required integer from 1 on.
  func positive(_ field: String) throws(CheckpointError) -> Int {
    guard let number = self[field]?.integer, number > 0, number <= 1 << 31 else {
      throw .missingField(path: path, field: field, expected: "a whole number above 0")
    }
    return number
  }

  /// A required number above 0.
  func number(_ field: String) throws(CheckpointError) -> Double {
    guard let number = self[field]?.double, number > 0, number.isFinite else {
      throw .missingField(path: path, field: field, expected: "a number above 0")
    }
    return number
  }

  func text(_ field: String) throws(CheckpointError) -> String {
    guard let text = self[field]?.text else {
      throw .missingField(path: path, field: field, expected: "a text")
    }
    return text
  }
}

extension JSONValue {
  /// The member of this name; nil in anything but an object.
  func member(_ key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key.utf8.elementsEqual(key.utf8) }?.value
  }

  /// Nil for null.
  var present: JSONValue? { self == .null ? nil : self }

  var members: [JSONMember]? {
    if case .object(let members) = self { return members }
    return nil
  }

  var elements: [JSONValue]? {
    if case .array(let elements) = self { return elements }
    return nil
  }

  var text: String? {
    if case .string(let text) = self { return text }
    return nil
  }

  var flag: Bool? {
    if case .bool(let flag) = self { return flag }
    return nil
  }

  var integer: Int? {
    if case .number(let spelling) = self { return Int(spelling) }
    return nil
  }

  var double: Double? {
    if case .number(let spelling) = self { return Double(spelling) }
    return nil
  }

  /// For errors.
  var description: String {
    var text: [UInt8] = []
    write(to: &text)
    return String(decoding: text.prefix(200), as: UTF8.self)
  }
}

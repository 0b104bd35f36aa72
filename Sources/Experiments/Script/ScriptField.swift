import StrictYAML

/// A value of a script with its place: asked for a type, it gives it or says exactly what is
/// wrong where.
struct ScriptField {
  let node: YAMLNode
  let path: String
  let file: String

  /// The root of a document.
  init(document bytes: some Collection<UInt8>, file: String) throws(ScriptError) {
    do throws(YAMLFault) {
      node = try YAMLNode(parsing: bytes)
    } catch {
      throw ScriptError(
        file: file, line: error.line, column: error.column, keyPath: "",
        reason: .yaml(error.reason))
    }
    path = ""
    self.file = file
  }

  init(node: YAMLNode, path: String, file: String) {
    self.node = node
    self.path = path
    self.file = file
  }

  /// Where it stands, for mistakes that show only later.
  struct Place: Equatable, Sendable {
    var file: String
    var line: Int
    var column: Int
    var keyPath: String

    func error(_ reason: ScriptError.Reason) -> ScriptError {
      ScriptError(file: file, line: line, column: column, keyPath: keyPath, reason: reason)
    }
  }

  var place: Place {
    Place(file: file, line: node.line, column: node.column, keyPath: path)
  }

  func error(_ reason: ScriptError.Reason) -> ScriptError { place.error(reason) }

  /// A file named in the document: looked for beside the document, unless its path is absolute.
  func besideDocument() throws(ScriptError) -> String {
    let name = try text()
    guard !name.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return name }
    return file[...slash] + name
  }

  var shape: ScriptError.Shape {
    switch node.content {
    case .list: .list
    case .mapping: .mapping
    case .scalar(let text, plain: true) where ["", "~", "null"].contains(text): .nothing
    case .scalar(let text, plain: true) where ["true", "false"].contains(text): .truth
    case .scalar(let text, plain: true) where Int(text) != nil || UInt64(text) != nil: .wholeNumber
    case .scalar(let text, plain: true) where Double(text) != nil: .number
    case .scalar: .text
    }
  }

  private func mismatch(_ expected: ScriptError.Shape) -> ScriptError {
    error(.wrongShape(expected: expected, found: shape))
  }

  /// Any scalar but nothing; a number is the text it was written as.
  func text() throws(ScriptError) -> String {
    guard case .scalar(let text, _) = node.content, shape != .nothing else {
      throw mismatch(.text)
    }
    guard text.contains(where: { !$0.isWhitespace }) else { throw error(.emptyText) }
    return text
  }

  /// Like ``text()``, but an empty text in quotes will do.
  func anyText() throws(ScriptError) -> String {
    guard case .scalar(let text, _) = node.content, shape != .nothing else {
      throw mismatch(.text)
    }
    return text
  }

  func wholeNumber(in range: ClosedRange<Int>) throws(ScriptError) -> Int {
    guard case .scalar(let text, plain: true) = node.content, shape == .wholeNumber else {
      throw mismatch(.wholeNumber)
    }
    guard let value = Int(text), range.contains(value) else {
      throw error(.outOfRange(text, allowed: "\(range.lowerBound)...\(range.upperBound)"))
    }
    return value
  }

  func seed() throws(ScriptError) -> UInt64 {
    guard case .scalar(let text, plain: true) = node.content, shape == .wholeNumber else {
      throw mismatch(.wholeNumber)
    }
    guard let value = UInt64(text) else {
      throw error(.outOfRange(text, allowed: "0...\(UInt64.max)"))
    }
    return value
  }

  func number(in range: ClosedRange<Double>) throws(ScriptError) -> Double {
    guard case .scalar(let text, plain: true) = node.content, let value = Double(text) else {
      throw mismatch(.number)
    }
    guard range.contains(value) else {
      throw error(.outOfRange(text, allowed: "\(range.lowerBound)...\(range.upperBound)"))
    }
    return value
  }

  func truth() throws(ScriptError) -> Bool {
    guard case .scalar(let text, plain: true) = node.content, shape == .truth else {
      throw mismatch(.truth)
    }
    return text == "true"
  }

  /// One of a few words.
  func word(of allowed: [String]) throws(ScriptError) -> String {
    guard case .scalar(let text, _) = node.content, shape != .nothing else {
      throw mismatch(.text)
    }
    guard allowed.contains(text) else {
      throw error(
        .unknownValue(
          text, allowed: allowed, nearest: ScriptError.nearest(to: text, among: allowed)))
    }
    return text
  }

  /// A name that is also part of file names.
  func name() throws(ScriptError) -> String {
    let text = try text()
    guard Script.isName(text) else { throw error(.badName(text, bytesMax: Script.nameBytesMax)) }
    return text
  }

  /// The items of a list that has at least one.
  func list() throws(ScriptError) -> [ScriptField] {
    guard case .list(let items) = node.content else { throw mismatch(.list) }
    guard !items.isEmpty else { throw error(.emptyList) }
    return items.enumerated().map { index, item in
      ScriptField(node: item, path: "\(path)[\(index)]", file: file)
    }
  }

  /// A mapping with the keys of `shape` and no others.
  func mapping(_ shape: ScriptShape) throws(ScriptError) -> ScriptMapping {
    try mapping(of: shape.keys)
  }

  func mapping(of allowed: [String]) throws(ScriptError) -> ScriptMapping {
    var values: [String: ScriptField] = [:]
    var keys: [String: ScriptField] = [:]
    for (key, value) in try pairs() {
      let name = try key.anyText()
      guard allowed.contains(name) else {
        throw key.error(
          .unknownKey(
            name, allowed: allowed, nearest: ScriptError.nearest(to: name, among: allowed)))
      }
      values[name] = value
      keys[name] = key
    }
    return ScriptMapping(field: self, values: values, keys: keys)
  }

  /// The pairs of a mapping whose keys are names of the writer's choice, in the file's order.
  func namedFields() throws(ScriptError) -> [(name: String, value: ScriptField)] {
    let pairs = try pairs()
    guard !pairs.isEmpty else { throw error(.emptyList) }
    var named: [(name: String, value: ScriptField)] = []
    for (key, value) in pairs { named.append((try key.name(), value)) }
    return named
  }

  private func pairs() throws(ScriptError) -> [(key: ScriptField, value: ScriptField)] {
    guard case .mapping(let pairs) = node.content else { throw mismatch(.mapping) }
    return pairs.map { key, value in
      var name = ""
      if case .scalar(let text, _) = key.content { name = text }
      let path = path.isEmpty ? name : "\(path).\(name)"
      return (
        ScriptField(node: key, path: path, file: file),
        ScriptField(node: value, path: path, file: file)
      )
    }
  }
}

/// A mapping whose keys have been checked.
struct ScriptMapping {
  let field: ScriptField
  let values: [String: ScriptField]
  /// The keys themselves, for errors about them.
  let keys: [String: ScriptField]

  subscript(key: String) -> ScriptField? { values[key] }

  func required(_ key: String) throws(ScriptError) -> ScriptField {
    guard let value = values[key] else { throw field.error(.missingKey(key)) }
    return value
  }

  /// The one of `names` that is there.
  func exactlyOne(of names: [String]) throws(ScriptError) -> (key: String, value: ScriptField) {
    let present = names.filter { values[$0] != nil }
    guard let key = present.first, let value = values[key] else {
      throw field.error(.missingOneOf(names))
    }
    guard present.count == 1 else {
      // The place of the second in the file: the one that was probably added.
      let places = present.compactMap { keys[$0] }
      let last = places.max { ($0.node.line, $0.node.column) < ($1.node.line, $1.node.column) }
      throw (last ?? field).error(.conflictingKeys(present))
    }
    return (key, value)
  }
}

/// Checks a page or a picture as this program writes them: well-formed, of known elements and
/// attributes only, so that nothing in it runs and nothing is loaded.
struct MarkupCheck: LineCheck {
  /// What a kind of document may hold.
  struct Rules: Sendable {
    var root: String
    /// Names of elements with those of their attributes.
    var elements: [String: Set<String>]
    /// Elements that are never closed.
    var void: Set<String> = []
    /// Whether `<name/>` is a whole element.
    var isXML = false
    /// What stands before the root; empty for nothing.
    var declaration = ""
    /// The element that is a record.
    var record: String
    /// Attributes, as `element.name`, that have these values or begin with them.
    var beginnings: [String: String] = [:]
  }

  private enum Place {
    case text
    /// Inside a tag: its characters so far, and the quotation mark that is open.
    case tag(String, line: Int, isQuoted: Bool)
    /// Inside an element whose text has no tags.
    case style
  }

  private let rules: Rules
  private var place = Place.text
  private var open: [(name: String, line: Int)] = []
  private var hasBegun = false
  private var records = 0

  init(_ rules: Rules) { self.rules = rules }

  mutating func line(_ line: ArraySlice<UInt8>, number: Int) throws(FormatFault) {
    let text = try CleanLine.text(line, number: number)
    if !hasBegun, number == 1, !rules.declaration.isEmpty {
      guard text == rules.declaration else {
        throw fault(number, "", "the file has to begin with \(rules.declaration)")
      }
      return
    }
    var rest = text.unicodeScalars[...]
    while !rest.isEmpty {
      switch place {
      case .text: try takeText(&rest, number)
      case .style: try takeStyle(&rest, number)
      case .tag(let tag, let start, let isQuoted):
        try takeTag(&rest, tag, start, isQuoted)
      }
    }
    if case .tag(let tag, let start, let isQuoted) = place {
      guard tag.utf8.count <= FormatCheck.recordBytesMax else {
        throw FormatFault(line: start, .tooLong(bytesMax: FormatCheck.recordBytesMax))
      }
      place = .tag(tag + "\n", line: start, isQuoted: isQuoted)
    }
  }

  mutating func end(lines: Int) throws(FormatFault) -> Int {
    if let last = open.last {
      throw FormatFault(line: last.line, field: last.name, .broken(.notClosed("the element")))
    }
    guard hasBegun, records > 0 else { throw FormatFault(.empty) }
    return records
  }

  // MARK: - Pieces of a line

  private mutating func takeText(
    _ rest: inout Substring.UnicodeScalarView, _ number: Int
  ) throws(FormatFault) {
    let text = rest.prefix { $0 != "<" }
    rest = rest.dropFirst(text.count)
    guard !open.isEmpty || text.allSatisfy({ $0 == " " }) else {
      throw fault(number, "", "there is text outside of \(rules.root)")
    }
    try checkEntities(text, number)
    guard !rest.isEmpty else { return }
    rest.removeFirst()
    place = .tag("", line: number, isQuoted: false)
  }

  private mutating func takeStyle(
    _ rest: inout Substring.UnicodeScalarView, _ number: Int
  ) throws(FormatFault) {
    let text = String(rest.prefix { $0 != "<" })
    rest = rest.dropFirst(text.unicodeScalars.count)
    for word in ["url(", "@import", "image(", "\\"] where text.lowercased().contains(word) {
      throw fault(number, "style", "a style sheet here has no \(word)")
    }
    guard !rest.isEmpty else { return }
    rest.removeFirst()
    place = .tag("", line: number, isQuoted: false)
  }

  private mutating func takeTag(
    _ rest: inout Substring.UnicodeScalarView, _ before: String, _ start: Int, _ wasQuoted: Bool
  ) throws(FormatFault) {
    var tag = before.unicodeScalars
    var isQuoted = wasQuoted
    while let scalar = rest.popFirst() {
      if scalar == "\"" { isQuoted.toggle() }
      if scalar == ">", !isQuoted {
        place = .text
        return try take(tag: String(tag), start)
      }
      guard scalar != "<" else { throw fault(start, "", "a tag is not closed before the next") }
      tag.append(scalar)
    }
    place = .tag(String(tag), line: start, isQuoted: isQuoted)
  }

  // MARK: - Tags

  private mutating func take(tag: String, _ line: Int) throws(FormatFault) {
    if tag.hasPrefix("/") {
      let name = String(tag.dropFirst())
      guard let last = open.popLast(), last.name == name else {
        throw fault(line, name, "closes what is not the innermost open element")
      }
      return
    }
    let element = try MarkupTag(tag, line: line)
    guard let allowed = rules.elements[element.name] else {
      throw fault(line, element.name, "is no element of what this program writes")
    }
    if open.isEmpty {
      guard !hasBegun, element.name == rules.root else {
        throw fault(line, element.name, "stands outside of \(rules.root)")
      }
      hasBegun = true
    }
    for (name, value) in element.attributes {
      let field = "\(element.name).\(name)"
      guard allowed.contains(name) else {
        throw fault(line, field, "is no attribute of what this program writes")
      }
      if let beginning = rules.beginnings[field], !value.hasPrefix(beginning) {
        throw fault(line, field, "has to begin with \(beginning)")
      }
      try checkEntities(value.unicodeScalars[...], line)
    }
    if element.name == rules.record { records += 1 }
    if element.isClosed, !rules.isXML {
      throw fault(line, element.name, "ends in /, which means nothing in HTML")
    }
    guard !rules.void.contains(element.name), !element.isClosed else { return }
    guard open.count < FormatCheck.depthMax else {
      throw fault(line, element.name, "is nested deeper than \(FormatCheck.depthMax) elements")
    }
    open.append((element.name, line))
    if element.name == "style" { place = .style }
  }

  /// Every `&` begins one of the five names that the program writes.
  private func checkEntities(
    _ text: Substring.UnicodeScalarView, _ line: Int
  ) throws(FormatFault) {
    var rest = text
    while let start = rest.firstIndex(of: "&") {
      rest = rest[rest.index(after: start)...]
      let name = String(rest.prefix(6).prefix { $0 != ";" })
      guard ["lt", "gt", "amp", "quot", "#39"].contains(name) else {
        throw fault(line, "&", "has to be escaped as &amp;")
      }
    }
  }

  private func fault(_ line: Int, _ field: String, _ words: String) -> FormatFault {
    FormatFault(line: line, field: field, .broken(.other(words)))
  }
}

/// The beginning of an element, as it stands between `<` and `>`.
struct MarkupTag {
  var name: String
  var attributes: [(name: String, value: String)] = []
  /// Whether it ends in `/`.
  var isClosed = false

  /// - Parameter text: names with values in double quotation marks, or without a value.
  init(_ text: String, line: Int) throws(FormatFault) {
    var rest = text.unicodeScalars[...]
    if rest.last == "/" {
      isClosed = true
      rest.removeLast()
    }
    name = Self.word(&rest)
    while !rest.isEmpty {
      guard rest.first == " " || rest.first == "\n" else { throw Self.fault(line, name) }
      rest = rest.drop { $0 == " " || $0 == "\n" }
      guard !rest.isEmpty else { break }
      let name = Self.word(&rest)
      guard !name.isEmpty else { throw Self.fault(line, self.name) }
      var value = ""
      if rest.first == "=" {
        rest.removeFirst()
        guard rest.popFirst() == "\"", let end = rest.firstIndex(of: "\"") else {
          throw Self.fault(line, "\(self.name).\(name)")
        }
        value = String(rest[..<end])
        rest = rest[rest.index(after: end)...]
      }
      attributes.append((name, value))
    }
  }

  private static let letters = Set(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-:".unicodeScalars)

  private static func word(_ rest: inout Substring.UnicodeScalarView) -> String {
    let word = rest.prefix { letters.contains($0) }
    rest = rest.dropFirst(word.count)
    return String(word)
  }

  private static func fault(_ line: Int, _ field: String) -> FormatFault {
    FormatFault(line: line, field: field, .broken(.other("is no well-formed tag")))
  }
}

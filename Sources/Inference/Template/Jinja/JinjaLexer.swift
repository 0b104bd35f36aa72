/// Cuts a template into text and the tokens inside its tags, as Jinja2 3.1 does with
/// `trim_blocks` and `lstrip_blocks` (jinja2/lexer.py).
struct JinjaLexer {
  /// A word of the language, with the line it stands on, counted from 1.
  struct Token: Equatable {
    enum Kind: Equatable {
      case data(JinjaText)
      case variableBegin, variableEnd, blockBegin, blockEnd
      case name(String)
      case text(JinjaText)
      case integer(Int)
      case float(Double)
      case symbol(String)
      case end
    }

    let kind: Kind
    let line: Int
  }

  private let source: [Unicode.Scalar]
  private var position = 0
  private var line = 1
  private var tokens: [Token] = []
  /// Whether what has been read ends with a line.
  private var startsLine = true

  /// The tokens of a template, with `end` last.
  static func tokens(of template: String) throws(InferenceError) -> [Token] {
    var lexer = JinjaLexer(template)
    try lexer.readAll()
    return lexer.tokens
  }

  private init(_ template: String) {
    // Every kind of line end is one "\n", and a single one at the end does not count.
    var scalars: [Unicode.Scalar] = []
    for scalar in template.unicodeScalars {
      if scalar == "\n", scalars.last == "\r" { scalars.removeLast() }
      scalars.append(scalar)
    }
    scalars = scalars.map { $0 == "\r" ? "\n" : $0 }
    if scalars.last == "\n" { scalars.removeLast() }
    source = scalars
  }

  private mutating func readAll() throws(InferenceError) {
    while position < source.count {
      guard let tag = nextTag(from: position) else {
        emitData(source[position...])
        move(to: source.count)
        break
      }
      try readTag(at: tag)
    }
    tokens.append(Token(kind: .end, line: line))
  }

  private mutating func readTag(at tag: Int) throws(InferenceError) {
    let kind = source[tag + 1]
    let sign = tag + 2 < source.count ? source[tag + 2] : " "
    var text = source[position..<tag]
    if sign == "-" {
      while let last = text.last, JinjaText.isSpace(last.value) { text.removeLast() }
    } else if sign != "+", kind != "{" {
      // `lstrip_blocks`: blanks between the beginning of a line and a block go.
      let lineStart = (text.lastIndex(of: "\n") ?? position - 1) + 1
      if lineStart > position || startsLine,
        text[lineStart...].allSatisfy({ JinjaText.isSpace($0.value) })
      {
        text = text[..<lineStart]
      }
    }
    emitData(text)
    move(to: tag + (sign == "-" || sign == "+" ? 3 : 2))
    switch kind {
    case "#": try skipComment()
    case "{": try readVariable()
    default:
      if let end = rawTagEnd(from: position) {
        move(to: end)
        try readRaw()
      } else {
        try readBlock()
      }
    }
    startsLine = position > 0 && source[position - 1] == "\n"
  }

  private mutating func readVariable() throws(InferenceError) {
    tokens.append(Token(kind: .variableBegin, line: line))
    try readTagContent(closing: "}", trimsLine: false)
    tokens.append(Token(kind: .variableEnd, line: line))
  }

  private mutating func readBlock() throws(InferenceError) {
    tokens.append(Token(kind: .blockBegin, line: line))
    try readTagContent(closing: "%", trimsLine: true)
    tokens.append(Token(kind: .blockEnd, line: line))
  }

  private mutating func skipComment() throws(InferenceError) {
    let start = line
    while position < source.count {
      if let end = tagEnd(closing: "#", trimsLine: true) { return move(to: end) }
      move(to: position + 1)
    }
    throw .chatTemplate(line: start, .syntax(found: "the end of the template", expected: "#}"))
  }

  /// The text between `{% raw %}` and `{% endraw %}`; this stands behind the first.
  private mutating func readRaw() throws(InferenceError) {
    let (start, first) = (line, position)
    var index = position
    while let tag = nextTag(from: index) {
      index = tag + 2
      guard source[tag + 1] == "%" else { continue }
      var cursor = index
      let sign = cursor < source.count ? source[cursor] : " "
      if sign == "-" || sign == "+" { cursor += 1 }
      guard let end = wordEnd("endraw", from: cursor, signs: "+-", trimsLine: true) else {
        continue
      }
      var text = source[first..<tag]
      if sign == "-" {
        while let last = text.last, JinjaText.isSpace(last.value) { text.removeLast() }
      } else if sign != "+" {
        let lineStart = (text.lastIndex(of: "\n") ?? first - 1) + 1
        if lineStart > first || startsLine,
          text[lineStart...].allSatisfy({ JinjaText.isSpace($0.value) })
        {
          text = text[..<lineStart]
        }
      }
      emitData(text)
      return move(to: end)
    }
    throw .chatTemplate(
      line: start, .syntax(found: "the end of the template", expected: "{% endraw %}"))
  }

  private func rawTagEnd(from start: Int) -> Int? {
    wordEnd("raw", from: start, signs: "-", trimsLine: false)
  }

  /// The place behind ` word %}`; nil where something else stands.
  private func wordEnd(_ word: String, from start: Int, signs: String, trimsLine: Bool) -> Int? {
    var cursor = start
    while cursor < source.count, JinjaText.isSpace(source[cursor].value) { cursor += 1 }
    let letters = Array(word.unicodeScalars)
    guard source.dropFirst(cursor).starts(with: letters) else { return nil }
    cursor += letters.count
    while cursor < source.count, JinjaText.isSpace(source[cursor].value) { cursor += 1 }
    var copy = self
    copy.position = cursor
    if cursor < source.count, source[cursor] == "+", !signs.contains("+") { return nil }
    return copy.tagEnd(closing: "%", trimsLine: trimsLine)
  }

  /// The place behind a tag's end that stands here, blanks that go with it included.
  private func tagEnd(closing: Unicode.Scalar, trimsLine: Bool) -> Int? {
    var index = position
    guard index < source.count else { return nil }
    let sign = source[index]
    let signed = sign == "-" || (sign == "+" && trimsLine)
    if signed { index += 1 }
    guard index + 1 < source.count, source[index] == closing, source[index + 1] == "}" else {
      return nil
    }
    index += 2
    if sign == "-" {
      while index < source.count, JinjaText.isSpace(source[index].value) { index += 1 }
    } else if !signed, trimsLine, index < source.count, source[index] == "\n" {
      index += 1
    }
    return index
  }

  private mutating func readTagContent(
    closing: Unicode.Scalar, trimsLine: Bool
  ) throws(InferenceError) {
    var open: [String] = []
    while true {
      if open.isEmpty, let end = tagEnd(closing: closing, trimsLine: trimsLine) {
        return move(to: end)
      }
      guard position < source.count else {
        throw .chatTemplate(
          line: line, .syntax(found: "the end of the template", expected: "\(closing)}"))
      }
      if JinjaText.isSpace(source[position].value) {
        move(to: position + 1)
        continue
      }
      let found = line
      let kind = try readToken()
      tokens.append(Token(kind: kind, line: found))
      guard case .symbol(let symbol) = kind else { continue }
      switch symbol {
      case "(": open.append(")")
      case "[": open.append("]")
      case "{": open.append("}")
      case ")", "]", "}":
        guard open.popLast() == symbol else {
          throw .chatTemplate(line: found, .syntax(found: symbol, expected: "an expression"))
        }
      default: break
      }
    }
  }

  private mutating func readToken() throws(InferenceError) -> Token.Kind {
    let first = source[position]
    if first == "'" || first == "\"" { return .text(try readString(quote: first)) }
    if ("0"..."9").contains(first) { return try readNumber() }
    if first == "_" || first.properties.isXIDStart {
      var end = position + 1
      while end < source.count, source[end].properties.isXIDContinue { end += 1 }
      let name = string(position..<end)
      move(to: end)
      return .name(name)
    }
    let two = string(position..<min(position + 2, source.count))
    let symbol = JinjaLexer.symbols.contains(two) ? two : String(first)
    guard JinjaLexer.symbols.contains(symbol) else {
      throw .chatTemplate(line: line, .syntax(found: symbol, expected: "an expression"))
    }
    move(to: position + symbol.unicodeScalars.count)
    return .symbol(symbol)
  }

  private static let symbols: Set<String> = [
    "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}",
    ">", "<", "=", ".", ":", "|", ",", ";",
  ]

  private mutating func readNumber() throws(InferenceError) -> Token.Kind {
    func digits(from start: Int) -> Int {
      var end = start
      while end < source.count, ("0"..."9").contains(source[end]) || source[end] == "_" { end += 1 }
      return end
    }
    var end = digits(from: position)
    var isFloat = false
    if end + 1 < source.count, source[end] == ".", ("0"..."9").contains(source[end + 1]) {
      isFloat = true
      end = digits(from: end + 1)
    }
    if end < source.count, source[end] == "e" || source[end] == "E" {
      var exponent = end + 1
      if exponent < source.count, source[exponent] == "+" || source[exponent] == "-" {
        exponent += 1
      }
      if exponent < source.count, ("0"..."9").contains(source[exponent]) {
        isFloat = true
        end = digits(from: exponent)
      }
    }
    let text = string(position..<end).filter { $0 != "_" }
    // Hexadecimal and the like begin with 0 and go on with a letter.
    if end < source.count, source[end].properties.isXIDStart {
      throw .chatTemplate(line: line, .unsupported(construct: "the number \(text)\(source[end])"))
    }
    move(to: end)
    if isFloat, let value = Double(text) { return .float(value) }
    guard let value = Int(text) else {
      throw .chatTemplate(line: line, .limitExceeded(.integers))
    }
    return .integer(value)
  }

  // MARK: Places

  private func nextTag(from start: Int) -> Int? {
    var index = start
    while index + 1 < source.count {
      if source[index] == "{", ["{", "%", "#"].contains(source[index + 1]) { return index }
      index += 1
    }
    return nil
  }

  private mutating func emitData(_ text: ArraySlice<Unicode.Scalar>) {
    guard !text.isEmpty else { return }
    tokens.append(Token(kind: .data(JinjaText(units: text.map(\.value))), line: line))
  }

  private mutating func move(to end: Int) {
    line += source[position..<end].count { $0 == "\n" }
    position = end
  }

  private func string(_ range: Range<Int>) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: source[range])
    return String(text)
  }

  // MARK: Strings

  /// A quoted string, with Python's escapes.
  private mutating func readString(quote: Unicode.Scalar) throws(InferenceError) -> JinjaText {
    let start = line
    var index = position + 1
    var units: [UInt32] = []
    while index < source.count, source[index] != quote {
      guard source[index] == "\\", index + 1 < source.count else {
        units.append(source[index].value)
        index += 1
        continue
      }
      let (unit, length) = try escape(at: index + 1)
      if let unit { units.append(unit) }
      index += 1 + length
    }
    guard index < source.count else {
      throw .chatTemplate(
        line: start, .syntax(found: "the end of the template", expected: String(quote)))
    }
    move(to: index + 1)
    return JinjaText(units: units)
  }

  /// The character an escape stands for and how many characters follow the backslash; none for
  /// a line that goes on.
  private func escape(at index: Int) throws(InferenceError) -> (UInt32?, Int) {
    let simple: [Unicode.Scalar: UInt32] = [
      "\\": 92, "'": 39, "\"": 34, "a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11,
    ]
    let letter = source[index]
    if let value = simple[letter] { return (value, 1) }
    if letter == "\n" { return (nil, 1) }
    if ("0"..."7").contains(letter) {
      var length = 1
      while length < 3, index + length < source.count, ("0"..."7").contains(source[index + length])
      {
        length += 1
      }
      return (UInt32(string(index..<index + length), radix: 8), length)
    }
    let widths: [Unicode.Scalar: Int] = ["x": 2, "u": 4, "U": 8]
    guard let width = widths[letter] else {
      if letter == "N" {
        throw .chatTemplate(line: line, .unsupported(construct: "\\N{…}"))
      }
      // Python keeps a backslash it knows nothing about.
      return (92, 0)
    }
    guard index + width < source.count,
      let value = UInt32(string(index + 1..<index + 1 + width), radix: 16),
      Unicode.Scalar(value) != nil
    else {
      throw .chatTemplate(
        line: line, .syntax(found: "\\\(letter)", expected: "\(width) hexadecimal digits"))
    }
    return (value, 1 + width)
  }
}

import StrictJSON

/// Checks JSON Lines: a record a line, nothing between them.
struct JSONLinesCheck: LineCheck {
  let shape: JSONShape
  let rule: JSONRule
  private var records = 0

  init(shape: JSONShape, rule: @escaping JSONRule) {
    self.shape = shape
    self.rule = rule
  }

  mutating func line(_ line: ArraySlice<UInt8>, number: Int) throws(FormatFault) {
    try JSONRecord.check(line, firstLine: number, shape, rule)
    records += 1
  }

  mutating func end(lines: Int) throws(FormatFault) -> Int {
    guard records > 0 else { throw FormatFault(.empty) }
    return records
  }
}

/// Checks the elements of one JSON array, each in its own memory, however they are laid out.
struct JSONArrayCheck: LineCheck {
  let shape: JSONShape
  let rule: JSONRule
  private(set) var records = 0
  /// The element at hand, and the line it began on.
  private var element: [UInt8] = []
  private var firstLine = 0
  /// 0 before and behind the array, 1 between elements.
  private var depth = 0
  private var isInText = false
  private var isEscaped = false
  private(set) var isClosed = false
  /// Whether a comma stands before what comes next.
  private var isAfterComma = false

  init(shape: JSONShape, rule: @escaping JSONRule) {
    self.shape = shape
    self.rule = rule
  }

  mutating func line(_ line: ArraySlice<UInt8>, number: Int) throws(FormatFault) {
    for byte in line { try take(byte, number) }
    endLine()
  }

  mutating func endLine() {
    if !element.isEmpty { element.append(UInt8(ascii: "\n")) }
  }

  mutating func end(lines: Int) throws(FormatFault) -> Int {
    guard isClosed else { throw FormatFault(line: lines, .notJSON(offset: 0)) }
    guard records > 0 else { throw FormatFault(.empty) }
    return records
  }

  mutating func take(_ byte: UInt8, _ number: Int) throws(FormatFault) {
    let isSpace = byte == 0x20 || byte == 0x09 || byte == 0x0D
    if depth == 0 {
      guard !isSpace else { return }
      guard byte == UInt8(ascii: "["), !isClosed else {
        throw FormatFault(line: number, .notJSON(offset: 0))
      }
      depth = 1
      return
    }
    if element.isEmpty {
      guard !isSpace else { return }
      firstLine = number
    }
    if isInText {
      element.append(byte)
      isInText = isEscaped || byte != UInt8(ascii: "\"")
      isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
    } else {
      try takeOutsideText(byte, number)
    }
    guard element.count <= FormatCheck.recordBytesMax else {
      throw FormatFault(line: number, .tooLong(bytesMax: FormatCheck.recordBytesMax))
    }
  }

  private mutating func takeOutsideText(_ byte: UInt8, _ number: Int) throws(FormatFault) {
    switch byte {
    case UInt8(ascii: "\""): isInText = true
    case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
    case UInt8(ascii: "]"), UInt8(ascii: "}"):
      guard depth == 1 else {
        depth -= 1
        break
      }
      guard byte == UInt8(ascii: "]"), !(isAfterComma && element.isEmpty) else {
        throw FormatFault(line: number, .notJSON(offset: 0))
      }
      if !element.isEmpty { try finish() }
      (depth, isClosed) = (0, true)
      return
    case UInt8(ascii: ",") where depth == 1:
      guard !element.isEmpty else { throw FormatFault(line: number, .notJSON(offset: 0)) }
      try finish()
      isAfterComma = true
      return
    default: break
    }
    element.append(byte)
  }

  private mutating func finish() throws(FormatFault) {
    try JSONRecord.check(element[...], firstLine: firstLine, shape, rule)
    element.removeAll(keepingCapacity: true)
    records += 1
    isAfterComma = false
  }
}

/// One record of a file.
enum JSONRecord {
  /// - Returns: the record.
  @discardableResult
  static func check(
    _ bytes: ArraySlice<UInt8>, firstLine: Int, _ shape: JSONShape, _ rule: JSONRule
  ) throws(FormatFault) -> JSONValue {
    guard bytes.count <= FormatCheck.recordBytesMax else {
      throw FormatFault(line: firstLine, .tooLong(bytesMax: FormatCheck.recordBytesMax))
    }
    let value: JSONValue
    do throws(JSONSyntaxError) {
      value = try JSONParser.parse(bytes, depthMax: FormatCheck.depthMax)
    } catch {
      let before = bytes.prefix(error.offset)
      let breaks = before.count { $0 == UInt8(ascii: "\n") }
      throw FormatFault(line: firstLine + breaks, .notJSON(offset: error.offset))
    }
    do throws(FormatFault) {
      try shape.check(value)
      try rule(value)
      return value
    } catch {
      throw FormatFault(line: firstLine, field: error.field, error.reason)
    }
  }
}

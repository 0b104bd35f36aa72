/// Checks one JSON object that may stand on many lines; the elements of one of its arrays are its
/// records, each checked in its own memory.
struct JSONObjectCheck: LineCheck {
  private let shape: JSONShape
  /// The array's.
  private let name: String
  private var elements: JSONArrayCheck
  private var isInElements = false
  /// The object with the array empty, but for its line breaks: these place what is wrong.
  private var rest: [UInt8] = []
  private var depth = 0
  private var isInText = false
  private var isEscaped = false

  init(shape: JSONShape, name: String, element: JSONShape) {
    self.shape = shape
    self.name = name
    elements = JSONArrayCheck(shape: element) { _ throws(FormatFault) in }
  }

  mutating func line(_ line: ArraySlice<UInt8>, number: Int) throws(FormatFault) {
    for byte in line {
      if isInElements { try takeElements(byte, number) } else { try take(byte, number) }
    }
    rest.append(UInt8(ascii: "\n"))
    if isInElements { elements.endLine() }
    guard rest.count <= FormatCheck.recordBytesMax else {
      throw FormatFault(line: number, .tooLong(bytesMax: FormatCheck.recordBytesMax))
    }
  }

  mutating func end(lines: Int) throws(FormatFault) -> Int {
    guard lines > 0 else { throw FormatFault(.empty) }
    guard !isInElements else { throw FormatFault(line: lines, field: name, .notJSON(offset: 0)) }
    try JSONRecord.check(rest[...], firstLine: 1, shape) { _ throws(FormatFault) in }
    guard elements.records > 0 else {
      throw FormatFault(line: lines, field: name, .tooFew(count: 0, atLeast: 1))
    }
    return elements.records
  }

  private mutating func takeElements(_ byte: UInt8, _ number: Int) throws(FormatFault) {
    let place = "\(name)[\(elements.records)]"
    do throws(FormatFault) {
      try elements.take(byte, number)
    } catch {
      let field = error.field.isEmpty ? place : "\(place).\(error.field)"
      throw FormatFault(line: error.line, field: field, error.reason)
    }
    guard elements.isClosed else { return }
    isInElements = false
    rest.append(byte)
  }

  private mutating func take(_ byte: UInt8, _ number: Int) throws(FormatFault) {
    let beginsElements = !isInText && byte == UInt8(ascii: "[") && depth == 1 && isBehindName
    rest.append(byte)
    if beginsElements {
      isInElements = true
      return try elements.take(byte, number)
    }
    if isInText {
      isInText = isEscaped || byte != UInt8(ascii: "\"")
      isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
      return
    }
    switch byte {
    case UInt8(ascii: "\""): isInText = true
    case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
    case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
    default: break
    }
  }

  /// Whether what stands before is the array's name and a colon.
  private var isBehindName: Bool {
    let blanks: [UInt8] = [0x20, 0x09, 0x0A, 0x0D]
    var before = rest[...]
    while let last = before.last, blanks.contains(last) { before.removeLast() }
    guard before.popLast() == UInt8(ascii: ":") else { return false }
    while let last = before.last, blanks.contains(last) { before.removeLast() }
    let key = Array("\"\(name)\"".utf8)
    return before.suffix(key.count).elementsEqual(key)
      && before.dropLast(key.count).last != UInt8(ascii: "\\")
  }
}

/// Cuts a file into the JSON objects it holds, one at a time, without reading it whole: JSON
/// Lines, objects over several lines after each other, or one array of objects.
///
/// Only the brackets are looked at; whether an object is JSON is found by its parser. In a file
/// that is no array, an object that never ends does not swallow the rest: the next one begins
/// where a line begins with a brace.
struct JSONElements {
  /// An object's text and the line it begins on.
  struct Element {
    var line: Int
    var bytes: [UInt8]
  }

  private enum Layout { case unknown, values, array, ended }

  private let file: String
  private let read: () throws(ImportError) -> [UInt8]
  private var buffer: [UInt8] = []
  /// Where the rest of ``buffer`` begins.
  private var position = 0
  private var line = 1
  private var layout = Layout.unknown
  private var isFirstOfArray = true

  /// - Parameters:
  ///   - file: what errors call it.
  ///   - read: gives the next bytes, none at the end.
  init(file: String, read: @escaping () throws(ImportError) -> [UInt8]) {
    self.file = file
    self.read = read
  }

  /// The next object; nil at the end of the file.
  mutating func next() throws(ImportError) -> Element? {
    if layout == .unknown { try begin() }
    guard layout != .ended else { return nil }
    try skipSpace()
    if layout == .array, try endOfArrayOrComma() { return nil }
    guard try hasByte() else {
      guard layout == .array else { return nil }
      layout = .ended
      throw invalid(line, .unfinished)
    }
    guard buffer[position] == UInt8(ascii: "{") else {
      let found = line
      try skipLine()
      throw invalid(found, .notAConversation)
    }
    return try object()
  }

  private func invalid(_ line: Int, _ reason: ImportFault.Reason) -> ImportError {
    .invalid(ImportFault(file: file, line: line, reason))
  }

  /// Whether there is a byte at ``position``, reading on as needed.
  private mutating func hasByte() throws(ImportError) -> Bool {
    guard position == buffer.count else { return true }
    buffer = try read()
    position = 0
    return !buffer.isEmpty
  }

  private mutating func begin() throws(ImportError) {
    layout = .values
    // The first piece may be shorter than what tells files apart.
    while buffer.count < 3 {
      let more = try read()
      if more.isEmpty { break }
      buffer += more
    }
    if buffer.starts(with: [0x1F, 0x8B]) { throw .compressed(file: file) }
    // A byte order mark, which some editors write.
    if buffer.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    try skipSpace()
    if try hasByte(), buffer[position] == UInt8(ascii: "[") {
      position += 1
      layout = .array
    }
  }

  private mutating func skipSpace() throws(ImportError) {
    while try hasByte() {
      switch buffer[position] {
      case 0x0A: line += 1
      case 0x20, 0x09, 0x0D: break
      default: return
      }
      position += 1
    }
  }

  private mutating func skipLine() throws(ImportError) {
    while try hasByte(), buffer[position] != 0x0A { position += 1 }
  }

  /// Takes the comma before an element of the array, or its end and what may follow: nothing.
  private mutating func endOfArrayOrComma() throws(ImportError) -> Bool {
    guard try hasByte() else { return false }
    if buffer[position] == UInt8(ascii: "]") {
      position += 1
      layout = .ended
      try skipSpace()
      guard try !hasByte() else { throw invalid(line, .notAConversation) }
      return true
    }
    defer { isFirstOfArray = false }
    guard !isFirstOfArray else { return false }
    guard buffer[position] == UInt8(ascii: ",") else {
      layout = .ended
      throw invalid(line, .unfinished)
    }
    position += 1
    try skipSpace()
    return false
  }

  /// The object that begins at ``position``.
  private mutating func object() throws(ImportError) -> Element {
    var element = Element(line: line, bytes: [])
    var scan = Scan()
    var isTooLarge = false
    while try hasByte() {
      let end = scan.run(buffer[position...], layout == .values)
      line += scan.takeLines()
      if !isTooLarge { element.bytes += buffer[position..<end] }
      position = end
      if element.bytes.count > ImportLimits.conversationBytesMax {
        isTooLarge = true
        element.bytes = []
      }
      if scan.isDone { break }
    }
    if isTooLarge {
      throw invalid(
        element.line, .conversationTooLarge(bytesMax: ImportLimits.conversationBytesMax))
    }
    guard scan.isWhole else {
      if layout == .array { layout = .ended }
      throw invalid(element.line, .unfinished)
    }
    return element
  }

  /// Follows the brackets of one object over any number of pieces.
  private struct Scan {
    private(set) var isDone = false
    private(set) var isWhole = false
    private var depth = 0
    private var isInText = false
    private var isEscaped = false
    private var isLineStart = false
    private var lines = 0

    mutating func takeLines() -> Int {
      defer { lines = 0 }
      return lines
    }

    /// Returns the index behind the last byte of `bytes` that belongs to the object.
    mutating func run(_ bytes: ArraySlice<UInt8>, _ endsAtNextObject: Bool) -> Int {
      var index = bytes.startIndex
      while index < bytes.endIndex {
        let byte = bytes[index]
        if endsAtNextObject, isLineStart, byte == UInt8(ascii: "{") {
          isDone = true
          return index
        }
        index += 1
        isLineStart = byte == 0x0A
        if isLineStart { lines += 1 }
        if isInText {
          if endsAtNextObject, isLineStart {
            // A text cannot hold a line's end; what follows is another object.
            isDone = true
            return index
          }
          follow(text: byte)
        } else if follow(bracket: byte) {
          isDone = true
          isWhole = true
          return index
        }
      }
      return index
    }

    private mutating func follow(text byte: UInt8) {
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        isInText = false
      }
    }

    /// Whether the byte closes the object.
    private mutating func follow(bracket byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "\""): isInText = true
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        return depth == 0
      default: break
      }
      return false
    }
  }
}

import Databases

/// Checks one table of comma-separated values (RFC 4180): the columns are those of one of the
/// tables, every record has a field for each, and what counts or measures is a number.
///
/// Records are read strictly: quotation marks only around whole fields, CRLF or LF behind each.
struct CSVCheck: LineCheck {
  private enum Place { case fieldStart, plain, quoted, quoteSeen }

  /// What the header says; nil before it.
  private var columns: [TableColumn]?
  private var key: [String] = []
  private var records = 0
  private var place = Place.fieldStart
  private var fields: [(text: [UInt8], isQuoted: Bool)] = []
  private var field: [UInt8] = []
  private var bytes = 0
  /// The line the record at hand began on; 0 between records.
  private var start = 0

  mutating func line(_ line: ArraySlice<UInt8>, number: Int) throws(FormatFault) {
    if start == 0 { start = number }
    bytes += line.count + 1
    guard bytes <= FormatCheck.recordBytesMax else {
      throw FormatFault(line: start, .tooLong(bytesMax: FormatCheck.recordBytesMax))
    }
    // A carriage return at the end belongs to the line's end, unless it stands in quotes.
    for byte in line { try take(byte, number) }
    if place == .quoted {
      field.append(UInt8(ascii: "\n"))
      return
    }
    if place == .plain, field.last == 0x0D { field.removeLast() }
    endField()
    let record = fields
    fields = []
    try take(record)
    (start, bytes) = (0, 0)
  }

  mutating func end(lines: Int) throws(FormatFault) -> Int {
    guard start == 0 else {
      throw FormatFault(
        line: start, field: name(of: fields.count), .broken(.notClosed("the quotation")))
    }
    guard columns != nil else { throw FormatFault(.empty) }
    return records
  }

  private mutating func take(_ byte: UInt8, _ number: Int) throws(FormatFault) {
    switch (place, byte) {
    case (.fieldStart, UInt8(ascii: "\"")): place = .quoted
    case (.fieldStart, UInt8(ascii: ",")), (.plain, UInt8(ascii: ",")),
      (.quoteSeen, UInt8(ascii: ",")):
      endField()
    case (.quoted, UInt8(ascii: "\"")): place = .quoteSeen
    case (.quoteSeen, UInt8(ascii: "\"")):
      field.append(byte)
      place = .quoted
    // Behind the closing mark only a line's end may come.
    case (.quoteSeen, 0x0D): break
    case (.quoteSeen, _), (.plain, UInt8(ascii: "\"")):
      throw FormatFault(
        line: number, field: name(of: fields.count), .broken(.strayQuotation))
    case (.plain, _) where field.last == 0x0D:
      throw FormatFault(line: number, field: name(of: fields.count), .hidden(code: 0x0D))
    case (.fieldStart, _), (.plain, _):
      place = .plain
      field.append(byte)
    case (.quoted, _): field.append(byte)
    }
  }

  private mutating func endField() {
    fields.append((field, place == .quoteSeen))
    field = []
    place = .fieldStart
  }

  private mutating func take(_ record: [(text: [UInt8], isQuoted: Bool)]) throws(FormatFault) {
    guard let columns else { return try takeHeader(record) }
    guard record.count >= columns.count else {
      throw FormatFault(line: start, field: columns[record.count].name, .missing)
    }
    guard record.count == columns.count else {
      throw FormatFault(line: start, .tooMany(count: record.count, atMost: columns.count))
    }
    for (column, field) in zip(columns, record) {
      guard let text = String(validating: field.text, as: UTF8.self) else {
        throw FormatFault(line: start, field: column.name, .notUTF8)
      }
      guard !(text.isEmpty && !field.isQuoted) else {
        if key.contains(column.name) {
          throw FormatFault(line: start, field: column.name, .missing)
        }
        continue
      }
      guard column.kind.reads(text) else {
        throw FormatFault(
          line: start, field: column.name,
          .wrongType(expected: column.kind.words, found: "\"\(text.prefix(40))\""))
      }
    }
    records += 1
  }

  private mutating func takeHeader(
    _ record: [(text: [UInt8], isQuoted: Bool)]
  ) throws(FormatFault) {
    // Spreadsheets put a byte order mark before the first name.
    let names = record.map { String(decoding: $0.text, as: UTF8.self).drop { $0 == "\u{FEFF}" } }
      .map(String.init)
    let table = Table.resembling(names)
    try table.check(columns: names, line: start)
    columns = table.columns
    key = table.key
  }

  private func name(of place: Int) -> String {
    guard let columns, columns.indices.contains(place) else { return "field \(place + 1)" }
    return columns[place].name
  }
}

extension Table {
  /// The table whose columns begin most like these.
  static func resembling(_ names: [String]) -> Table {
    let alike = allCases.map { table in
      zip(table.columns, names).prefix { $0.name == $1 }.count
    }
    let best = alike.max() ?? 0
    return zip(allCases, alike).first { $1 == best }?.0 ?? .attempts
  }

  /// Columns are these, in this order.
  func check(columns names: [String], line: Int = 0) throws(FormatFault) {
    for (place, column) in columns.enumerated() {
      guard names.indices.contains(place) else {
        throw FormatFault(line: line, field: column.name, .missing)
      }
      guard names[place] == column.name else {
        throw FormatFault(
          line: line, field: "column \(place + 1)",
          .notAllowed(found: names[place], allowed: [column.name]))
      }
    }
    if names.count > columns.count {
      throw FormatFault(line: line, field: names[columns.count], .unknown)
    }
  }
}

extension ColumnKind {
  /// Whether a field of a table of texts can be read as this.
  fileprivate func reads(_ text: String) -> Bool {
    switch self {
    case .text: true
    case .integer: Int(text) != nil
    case .real: Double(text).map(\.isFinite) == true && !text.hasPrefix("0x")
    }
  }

  /// For a message.
  var words: String {
    switch self {
    case .text: "a text"
    case .integer: "a whole number"
    case .real: "a number"
    }
  }
}

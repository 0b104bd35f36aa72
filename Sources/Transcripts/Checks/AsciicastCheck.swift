import StrictJSON

/// Checks an asciicast v2: a header, then events in the order of their times.
struct AsciicastCheck: LineCheck {
  private static let header = JSONShape.open(
    JSONField("version", .integer(2...2)), JSONField("width", .integer(1...10_000)),
    JSONField("height", .integer(1...10_000)),
    JSONField("timestamp", .number, optional: true),
    JSONField("duration", .number, optional: true),
    JSONField("idle_time_limit", .number, optional: true),
    JSONField("title", .text, optional: true), JSONField("env", .open(), optional: true))

  /// The time of the event before.
  private var seconds = 0.0

  mutating func line(_ line: ArraySlice<UInt8>, number: Int) throws(FormatFault) {
    guard number > 1 else {
      try JSONRecord.check(line, firstLine: number, Self.header) { _ throws(FormatFault) in }
      return
    }
    let event = try JSONRecord.check(line, firstLine: number, .array(.any, count: 3...3)) {
      value throws(FormatFault) in _ = try Self.time(of: value)
    }
    let time = try Self.time(of: event)
    guard time >= seconds else {
      throw FormatFault(line: number, field: "[0]", .broken(.other("times never go back")))
    }
    seconds = time
  }

  mutating func end(lines: Int) throws(FormatFault) -> Int {
    guard lines > 0 else { throw FormatFault(.empty) }
    return 1
  }

  private static func time(of event: JSONValue) throws(FormatFault) -> Double {
    guard case .array(let parts) = event else { return 0 }
    try JSONShape.number.check(parts[0], at: "[0]")
    try JSONShape.word(["o", "i", "m", "r"]).check(parts[1], at: "[1]")
    try JSONShape.text.check(parts[2], at: "[2]")
    guard case .number(let spelling) = parts[0], let time = Double(spelling), time >= 0 else {
      throw FormatFault(field: "[0]", .broken(.other("times are not below 0")))
    }
    return time
  }
}

import SessionCore

/// Times as other programs write them.
public enum LooseTime {
  /// `2023-04-09T00:02:53`, with a space for the `T`, with any digits of a second's parts, with
  /// `Z` or an offset such as `+02:00`; without a zone it is UTC. Nil for anything else.
  public static func parse(_ text: String) -> Timestamp? {
    let bytes = Array(text.utf8)
    guard bytes.count >= 19, bytes.count <= 40,
      bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: " ")
    else { return nil }
    let part = { (range: Range<Int>) in String(decoding: bytes[range], as: UTF8.self) }
    var rest = bytes[19...]
    var milliseconds = ""
    if rest.first == UInt8(ascii: ".") {
      let digits = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
      guard !digits.isEmpty else { return nil }
      milliseconds = String(decoding: digits.prefix(3), as: UTF8.self)
      rest = rest[digits.endIndex...]
    }
    milliseconds += String(repeating: "0", count: 3 - milliseconds.count)
    guard let offset = offset(rest),
      let time = TimestampText.parse("\(part(0..<10))T\(part(11..<19)).\(milliseconds)Z")
    else { return nil }
    return valid(time - offset)
  }

  /// Seconds since 1970, or milliseconds when the number is too large for seconds.
  static func parse(number spelling: String) -> Timestamp? {
    guard let number = Double(spelling), number.isFinite, abs(number) < 1e15 else { return nil }
    return valid(Timestamp(abs(number) < 1e11 ? number * 1000 : number))
  }

  /// In milliseconds.
  private static func offset(_ zone: ArraySlice<UInt8>) -> Timestamp? {
    let zone = String(decoding: zone, as: UTF8.self).filter { $0 != ":" }
    if zone.isEmpty || zone == "Z" || zone == "z" { return 0 }
    guard zone.utf8.count == 5, let sign = zone.first, sign == "+" || sign == "-",
      let digits = Int64(zone.dropFirst()), digits >= 0
    else { return nil }
    let minutes = digits / 100 * 60 + digits % 100
    return (sign == "-" ? -1 : 1) * minutes * 60_000
  }

  private static func valid(_ time: Timestamp) -> Timestamp? {
    TimestampText.rfc3339(time) == nil ? nil : time
  }
}

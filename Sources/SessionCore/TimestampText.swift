/// Times as RFC 3339 text in UTC with milliseconds, such as `2026-01-31T09:05:00.250Z`.
///
/// Written here and not by Foundation's formatter so that the text is the same everywhere and
/// reading it back gives the same number. Years 0000 to 9999.
public enum TimestampText {
  private static let millisecondsPerDay: Int64 = 86_400_000
  /// 0000-01-01 and 10000-01-01, in milliseconds since 1970.
  private static let range: Range<Int64> = -62_167_219_200_000..<253_402_300_800_000

  /// `2026-01-31T09:05:00.250Z`; nil outside the years 0000 to 9999.
  public static func rfc3339(_ time: Timestamp) -> String? {
    guard range.contains(time) else { return nil }
    let days = floorDivide(time, millisecondsPerDay)
    let rest = time - days * millisecondsPerDay
    let (year, month, day) = civil(days)
    let date = "\(pad(year, 4))-\(pad(month, 2))-\(pad(day, 2))"
    let clock = [rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60].map { pad($0, 2) }
    return "\(date)T\(clock.joined(separator: ":")).\(pad(rest % 1000, 3))Z"
  }

  /// `20260131T090500Z`, for names of files; nil outside the years 0000 to 9999.
  public static func compact(_ time: Timestamp) -> String? {
    guard let text = rfc3339(time) else { return nil }
    return text.prefix(19).filter { $0 != "-" && $0 != ":" } + "Z"
  }

  /// Reads what ``rfc3339(_:)`` writes, and nothing else.
  public static func parse(_ text: String) -> Timestamp? {
    var text = text
    return text.withUTF8 { bytes in
      guard bytes.count == 24 else { return nil }
      /// The number of so many digits; nil where something else stands there.
      func number(_ start: Int, _ count: Int) -> Int64? {
        var number: Int64 = 0
        for byte in bytes[start..<(start + count)] {
          guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
          number = number * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        return number
      }
      guard signs.allSatisfy({ bytes[$0.place] == $0.sign }),
        let year = number(0, 4), let month = number(5, 2), let day = number(8, 2),
        let hour = number(11, 2), let minute = number(14, 2), let second = number(17, 2),
        let millisecond = number(20, 3), (1...12).contains(month), hour < 24, minute < 60,
        second < 60
      else { return nil }
      let days = Self.days(year, month, day)
      // A 30th of February is another day when it is written again.
      guard civil(days) == (year, month, day) else { return nil }
      return days * millisecondsPerDay + hour * 3_600_000 + minute * 60_000 + second * 1000
        + millisecond
    }
  }

  /// What stands between the numbers.
  private static let signs: [(place: Int, sign: UInt8)] = [
    (4, UInt8(ascii: "-")), (7, UInt8(ascii: "-")), (10, UInt8(ascii: "T")),
    (13, UInt8(ascii: ":")), (16, UInt8(ascii: ":")), (19, UInt8(ascii: ".")),
    (23, UInt8(ascii: "Z")),
  ]

  private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
    value / divisor - (value % divisor < 0 ? 1 : 0)
  }

  private static func pad(_ value: Int64, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": an era is 400 years of
  // 146097 days, and years begin in March so that the leap day comes last.
  private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468
    let era = floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = floorDivide(shifted, 400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}

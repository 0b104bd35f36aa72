import SessionCore

/// Times for readers.
enum UTCTime {
  /// `2026-01-01 00:00:00 UTC`; nil outside the years 1 to 9999.
  static func text(_ time: Timestamp) -> String? {
    guard (-62_135_596_800_000..<253_402_300_800_000).contains(time) else { return nil }
    let seconds = floorDivide(time, 1000)
    let days = floorDivide(seconds, 86_400)
    let second = Int(seconds - days * 86_400)
    let (year, month, day) = date(ofDay: Int(days))
    let clock = [second / 3600, second / 60 % 60, second % 60].map { padded($0, 2) }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2)) "
      + "\(clock.joined(separator: ":")) UTC"
  }

  /// The proleptic Gregorian date of a day counted from 1970-01-01 (H. Hinnant, *chrono-Compatible
  /// Low-Level Date Algorithms*, `civil_from_days`).
  private static func date(ofDay days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = Int(floorDivide(Int64(shifted), 146_097))
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  private static func floorDivide(_ a: Int64, _ b: Int64) -> Int64 {
    a >= 0 ? a / b : -((-a + b - 1) / b)
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

import SessionCore

/// Times for readers.
enum UTCTime {
  /// `2026-01-01 00:00:00 UTC`; nil where ``SessionCore/TimestampText`` has no text.
  static func text(_ time: Timestamp) -> String? {
    TimestampText.rfc3339(time).map { "\($0.prefix(10)) \($0.dropFirst(11).prefix(8)) UTC" }
  }
}

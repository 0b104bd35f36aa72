/// Checks a transcript in plain text: nothing hidden, and no line at the left margin but those
/// that the program itself writes there.
struct PlainTextCheck: LineCheck {
  private var sessions = 0
  /// A line at the margin, and whether it is ours even if no underline follows.
  private var before: (text: String, line: Int, isOwn: Bool)?

  mutating func line(_ line: ArraySlice<UInt8>, number: Int) throws(FormatFault) {
    let text = try CleanLine.text(line, number: number)
    if let before {
      self.before = nil
      if let mark = Self.underlines(text, before.text), mark == "=" || sessions > 0 {
        sessions += mark == "=" ? 1 : 0
        return
      }
      guard before.isOwn else { throw Self.stray(before.line) }
    }
    if text.isEmpty || text.hasPrefix("    ") { return }
    before = (text, number, sessions > 0 && TranscriptLines.isOwn(text, turn: "["))
  }

  mutating func end(lines: Int) throws(FormatFault) -> Int {
    if let before, !before.isOwn { throw Self.stray(before.line) }
    guard sessions > 0 else { throw FormatFault(.empty) }
    return sessions
  }

  /// The mark of an underline that fits its heading.
  private static func underlines(_ text: String, _ heading: String) -> Character? {
    guard let mark = text.first, mark == "=" || mark == "-" else { return nil }
    let fits = text.count == max(mark == "=" ? 3 : 1, heading.count)
    return fits && text.allSatisfy { $0 == mark } ? mark : nil
  }

  private static func stray(_ line: Int) -> FormatFault {
    FormatFault(line: line, .broken(.notOurLine))
  }
}

/// The lines that transcripts for people have between the texts of others.
enum TranscriptLines {
  /// Whether the program writes such a line.
  /// - Parameter turn: what stands before a turn's number.
  static func isOwn(_ line: String, turn: String) -> Bool {
    if line == "Note:" || line == "(no text)" || line == "(nothing was said)" { return true }
    if line == "Continued by the model:" { return true }
    if line.hasPrefix("(") { return line.hasSuffix(")") }
    if line.hasPrefix("Kept from turn ") || line.hasPrefix("Written by ") {
      return line.hasSuffix(":")
    }
    if line.hasPrefix(turn) {
      return line.dropFirst(turn.count).first?.isNumber == true
    }
    return Wording.factNames.contains { line.hasPrefix($0 + "  ") }
  }
}

/// Checks a transcript in Markdown: nothing hidden, every block of somebody's text closed, and
/// outside of them neither HTML nor a link, an image or a line that the program does not write.
struct MarkdownCheck: LineCheck {
  private var sessions = 0
  /// The block at hand: how many backticks close it, and where it began.
  private var fence: (length: Int, line: Int)?

  mutating func line(_ line: ArraySlice<UInt8>, number: Int) throws(FormatFault) {
    let text = try CleanLine.text(line, number: number)
    let backticks = text.prefix { $0 == "`" }.count
    if let open = fence {
      if backticks >= open.length, text.count == backticks { fence = nil }
      return
    }
    if backticks >= 3 {
      guard sessions > 0, text.dropFirst(backticks) == "text" else {
        throw FormatFault(line: number, .broken(.notOurLine))
      }
      fence = (backticks, number)
      return
    }
    if text.hasPrefix("# ") { sessions += 1 }
    guard text.isEmpty || sessions > 0 && Self.isOwn(text) else {
      throw FormatFault(line: number, .broken(.notOurLine))
    }
    if let column = Self.mark(in: text) {
      throw FormatFault(
        line: number, field: "column \(column)", .broken(.notEscaped))
    }
  }

  mutating func end(lines: Int) throws(FormatFault) -> Int {
    if let fence { throw FormatFault(line: fence.line, .broken(.notClosed("the block"))) }
    guard sessions > 0 else { throw FormatFault(.empty) }
    return sessions
  }

  private static func isOwn(_ line: String) -> Bool {
    if line.hasPrefix("# ") || line == "## Conversation" || line == "---" { return true }
    if line.hasPrefix("## Other branch ") { return true }
    if line.hasPrefix("- ") {
      return Wording.factNames.contains { line.dropFirst(2).hasPrefix($0 + ": ") }
    }
    if line.hasPrefix("*") { return line.count > 2 && line.hasSuffix("*") }
    return TranscriptLines.isOwn(line, turn: "### ")
  }

  /// The column of the first character that begins a tag, an entity, a link or a code span.
  private static func mark(in line: String) -> Int? {
    var isEscaped = false
    for (column, scalar) in line.unicodeScalars.enumerated() {
      if !isEscaped, "<&[`".unicodeScalars.contains(scalar) { return column + 1 }
      isEscaped = scalar == "\\" && !isEscaped
    }
    return nil
  }
}

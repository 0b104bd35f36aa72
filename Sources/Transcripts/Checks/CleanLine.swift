/// What every format for people promises of its lines: UTF-8 in which nothing is hidden.
enum CleanLine {
  /// The line as text.
  /// - Throws: what is wrong with it, and in which column.
  static func text(_ line: ArraySlice<UInt8>, number: Int) throws(FormatFault) -> String {
    guard line.count <= FormatCheck.recordBytesMax else {
      throw FormatFault(line: number, .tooLong(bytesMax: FormatCheck.recordBytesMax))
    }
    guard let text = String(validating: line, as: UTF8.self) else {
      throw FormatFault(line: number, .notUTF8)
    }
    if let hidden = VisibleText.firstHidden(in: text) {
      throw FormatFault(
        line: number, field: "column \(hidden.column)", .hidden(code: hidden.scalar.value))
    }
    return text
  }
}

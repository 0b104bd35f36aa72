import Foundation

/// Writes results for scripts: one JSON object on standard output, keys in snake_case, sorted;
/// on one line where more objects follow.
func printJSON(_ value: some Encodable, onOneLine: Bool = false) throws {
  let encoder = JSONEncoder()
  encoder.keyEncodingStrategy = .convertToSnakeCase
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  if !onOneLine { encoder.outputFormatting.insert(.prettyPrinted) }
  try ResultFile.print(String(decoding: try encoder.encode(value), as: UTF8.self) + "\n")
}

/// Says something to the person on standard error, never mixed with results. Names and texts in
/// it may come from files; no control byte of theirs reaches the terminal.
func say(_ line: String) {
  StandardStreams.complain(Plain.line(line) + "\n")
}

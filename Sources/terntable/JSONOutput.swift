import Foundation

/// Writes results for scripts: one JSON object on standard output, keys in snake_case, sorted.
func printJSON(_ value: some Encodable) throws {
  print(try json(value, pretty: true))
}

/// The same as text; `pretty: false` keeps it on one line, as JSON Lines wants it.
func json(_ value: some Encodable, pretty: Bool) throws -> String {
  let encoder = JSONEncoder()
  encoder.keyEncodingStrategy = .convertToSnakeCase
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}

/// Says something to the person on standard error, never mixed with results. Names and texts in
/// it may come from files; no control byte of theirs reaches the terminal.
func say(_ line: String) {
  FileHandle.standardError.write(Data((Plain.line(line) + "\n").utf8))
}

import Foundation

/// A file that somebody names on the command line, read whole; `-` is standard input.
enum InputFile {
  static func bytes(_ path: String) throws -> Data {
    if path == "-" { return FileHandle.standardInput.readDataToEndOfFile() }
    do {
      return try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw CommandFailure("\(path): cannot read the file", .noInput)
    }
  }

  /// As text; bytes that are not UTF-8 become U+FFFD.
  static func text(_ path: String) throws -> String {
    String(decoding: try bytes(path), as: UTF8.self)
  }
}

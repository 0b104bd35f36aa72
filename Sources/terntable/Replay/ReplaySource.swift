import Experiments
import Journaling
import SessionRuntime

/// A file that can be played: a script or a record.
struct ReplaySource {
  enum Content {
    case script(Script)
    case record(JournalContents)
  }

  /// As the person named it.
  var path: String
  var content: Content

  /// Reads a file; its ending tells what it is, or else its first character: every line of a
  /// record begins with `{`.
  static func read(_ path: String) throws -> ReplaySource {
    let isScript = path == "-" || path.hasSuffix(".yaml") || path.hasSuffix(".yml")
    if path.hasSuffix(".jsonl") { return try record(path) }
    let bytes = try InputFile.bytes(path)
    if !isScript, bytes.first == UInt8(ascii: "{") { return try record(path) }
    switch try PlanDocument(parsing: bytes, file: path) {
    case .script(let script): return ReplaySource(path: path, content: .script(script))
    case .experiment:
      throw CommandFailure("\(path): an experiment; play it with terntable measure", .usage)
    }
  }

  private static func record(_ path: String) throws -> ReplaySource {
    ReplaySource(path: path, content: .record(try JournalReader.read(path)))
  }

  /// What the record did.
  func recording(_ contents: JournalContents) throws -> Recording {
    try JournalInput.naming(path) { try Recording(contents.entries) }
  }

  /// Says how much of a torn record was left out.
  func reportTornEnd() {
    if case .record(let contents) = content { JournalInput.reportTornEnd(contents) }
  }

  /// The name for new journals: the file's, without its endings.
  var name: String {
    var name = path.split(separator: "/").last.map(String.init) ?? path
    for ending in [SessionFolder.suffix, ".partial", ".jsonl"] where name.hasSuffix(ending) {
      name.removeLast(ending.count)
    }
    return name
  }
}

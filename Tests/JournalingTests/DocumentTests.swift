import Foundation
import SessionCore
import StrictJSON
import Testing
import TestSupport

@testable import Journaling

/// The examples in `docs/formats/journal.md` are lines of the sample of everything: a comment
/// `<!-- example N -->` is followed by a block that must be line N.
@Suite("The journal's document")
struct DocumentTests {
  private let file = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../docs/formats/journal.md").standardizedFileURL

  @Test("Every example is a real line, and every record type has one")
  func examples() throws {
    let entries = Samples.everything
    let document = try String(contentsOf: file, encoding: .utf8)
    var lines = document.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var shown: Set<String> = []
    for index in lines.indices where lines[index].hasPrefix("<!-- example ") {
      let number = try #require(Int(lines[index].dropFirst(13).dropLast(4)))
      let entry = try #require(entries.first { $0.sequence == number })
      let line = try String(decoding: JournalLine.encode(entry).dropLast(), as: UTF8.self)
      try #require(index + 2 < lines.count && lines[index + 1] == "```json")
      lines[index + 2] = line
      shown.insert(try EventRecord(entry.event).type)
    }
    #expect(shown == Set(try entries.map { try EventRecord($0.event).type }))
    let rendered = lines.joined(separator: "\n")
    guard rendered != document else { return }
    if ProcessInfo.processInfo.environment["RECORD_GOLDENS"] == "1" {
      try Data(rendered.utf8).write(to: file)
    }
    Issue.record("the examples are not what the program writes (RECORD_GOLDENS=1 mends them)")
  }

  @Test("The limits in the document are the program's")
  func limits() throws {
    let document = try String(contentsOf: file, encoding: .utf8)
    for limit in [
      "| Line | \(JournalLine.bytesMax >> 20) MiB |",
      "| File | \(FileStorage.bytesMax >> 30) GiB |",
      "| Nesting of JSON values | \(JSONParser.depthMax) |",
      "| Characters of a number | \(JSONParser.numberBytesMax) |",
      "| Counts, turns, sequence numbers | 2^\(JournalLine.countMax.trailingZeroBitCount) |",
    ] {
      #expect(document.contains(limit))
    }
  }
}

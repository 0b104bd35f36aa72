import Foundation
import Journaling
import SessionCore
import TestSupport
import Testing

@testable import Imports

@Suite("Writing imported conversations")
struct ImportRunTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func newRun(_ file: String = "/data/my talks.v2.json") -> ImportRun {
    ImportRun(
      .sharegpt, file: file, into: folder.path, suffix: ".tern.jsonl", application: "terntable 0",
      at: VirtualClock.start
    ) { "id" }
  }

  private func take(
    _ text: String, _ run: ImportRun, passingOver: Bool = false
  ) throws(ImportError) {
    var source = ChatLines(
      file: "f", read: inPieces(Array(text.utf8), of: 11), format: ShareGPTImport.conversation)
    try run.takeAll(
      from: &source,
      invalid: { fault throws(ImportError) in if !passingOver { throw .invalid(fault) } })
  }

  private func line(_ text: String) -> String {
    #"{"id":"\#(text)","conversations":[{"from":"human","value":"\#(text)"},{"from":"gpt","value":"ok"}]}"#
  }

  @Test("Each conversation becomes a private journal that says where it comes from")
  func journals() throws {
    let run = newRun()
    try take("\(line("a"))\n{\"conversations\":[]}\n\(line("b"))\n", run)
    #expect(folder.names == ["my_talks-000001.tern.jsonl", "my_talks-000002.tern.jsonl"])
    let session = try JournalReader.read(folder.file("my_talks-000002.tern.jsonl")).session()
    #expect(session.turns.map(\.text) == ["b", "ok"])
    #expect(session.header.title == "b")
    #expect(session.header.model == "unknown")
    #expect(
      session.header.provenance?.imported
        == ImportOrigin(format: "sharegpt", file: "my talks.v2.json", record: 3, conversation: "b"))
    let attributes = try FileManager.default.attributesOfItem(
      atPath: folder.file("my_talks-000001.tern.jsonl"))
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    #expect(run.summary.conversations == 2)
    #expect(run.summary.turns == 4)
    #expect(run.summary.replies == 2)
    #expect(run.summary.empty == 1)
  }

  @Test("One bad conversation and none is imported, unless bad ones are passed over")
  func allOrNone() throws {
    let text = "\(line("a"))\n{\"conversations\":7}\n\(line("b"))\n"
    #expect(throws: ImportError.self) { try take(text, newRun()) }
    #expect(folder.names.isEmpty)
    let run = newRun()
    try take(text, run, passingOver: true)
    #expect(folder.names.count == 2)
    #expect(run.summary.invalid == 1)
  }

  @Test("What is there already stays, and nothing is written beside it")
  func existing() throws {
    try folder.write("old".utf8, to: "my_talks-000002.tern.jsonl")
    let path = folder.file("my_talks-000002.tern.jsonl")
    #expect(throws: ImportError.exists(path: path)) {
      try take("\(line("a"))\n\(line("b"))\n", newRun())
    }
    #expect(folder.names == ["my_talks-000002.tern.jsonl"])
    #expect(try folder.bytes("my_talks-000002.tern.jsonl") == Array("old".utf8))
  }

  @Test("What a killed import left behind is replaced")
  func leftOver() throws {
    try folder.write("half a jour".utf8, to: "my_talks-000001.tern.jsonl.partial")
    try take(line("a"), newRun())
    #expect(folder.names == ["my_talks-000001.tern.jsonl"])
  }

  @Test("A file without a conversation is said to be one")
  func nothing() throws {
    #expect(throws: ImportError.nothingToImport(file: "empty.json")) {
      try take("\n", newRun("empty.json"))
    }
  }

  @Test("A folder that is missing is named")
  func missingFolder() throws {
    let run = ImportRun(
      .sharegpt, file: "f", into: folder.file("none"), suffix: ".x", application: "a", at: 0
    ) { "id" }
    #expect(
      throws: ImportError.unwritable(path: folder.file("none/f-000001.x.partial"), code: ENOENT)
    ) { try take(line("a"), run) }
  }
}

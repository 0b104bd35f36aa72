import Foundation
import Testing

/// From a recorded session to proof, table and transcript; and what happens to damaged input.
@Suite struct RecordTests {
  let terntable: Program

  init() throws { terntable = try Program() }

  private func recordedSession() throws -> URL {
    _ = try terntable.run(
      ["chat", "--plain", "--seed", "5", "--temperature", "0.8"],
      input: """
        What is 347 × 28?
        /try
        /critique The sum is wrong.
        /regen
        /edit Answer => So the answer
        /undo
        /rate -
        /note a note
        """)
    return try #require(try terntable.journals().first)
  }

  @Test func aRecordedSessionReplaysExactly() throws {
    let journal = try recordedSession()
    let run = try terntable("replay", "--exact", journal.path)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.lowercased().contains("exact"))
  }

  @Test func aJournalCutInHalfStillReplaysReportsAndExports() throws {
    let journal = try recordedSession()
    let whole = try Data(contentsOf: journal)
    let folder = try Scratch.folder()
    let half = folder.appendingPathComponent("half.tern.jsonl")
    try whole.prefix(whole.count / 2 + 7).write(to: half)

    for arguments in [
      ["replay", "--exact", half.path], ["report", folder.path],
      ["export", half.path, "--format", "markdown"],
    ] {
      let run = try terntable.run(arguments)
      #expect(run.status == 0, "\(arguments): \(run.errors)")
      #expect(run.errors.contains("half.tern.jsonl"), "\(arguments): \(run.errors)")
    }
  }

  @Test func aFlippedByteIsFoundAndNamedByLine() throws {
    let journal = try recordedSession()
    var bytes = [UInt8](try Data(contentsOf: journal))
    let lineEnds = bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }
    bytes[lineEnds[1] + 20] ^= 1  // inside line 3
    let damaged = try Scratch.file(containing: "", named: "damaged.tern.jsonl")
    try Data(bytes).write(to: damaged)
    let run = try terntable("export", damaged.path, "--format", "markdown")
    #expect(run.status == 65)
    #expect(run.errors.contains("damaged.tern.jsonl:3"), "\(run.errors)")
    #expect(run.errors.split(separator: "\n").count == 1)
  }

  @Test(arguments: ["markdown", "html", "messages"])
  func everyFormatExportsTheSession(format: String) throws {
    let journal = try recordedSession()
    let run = try terntable("export", journal.path, "--format", format)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("347 × 28"))
  }

  @Test func theReportCountsTheFeedback() throws {
    let journal = try recordedSession()
    let run = try terntable("report", journal.deletingLastPathComponent().path, "--json")
    #expect(run.status == 0, "\(run.errors)")
    let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
    #expect(object is [String: Any])
  }

  @Test func theShippedScriptsRunAndPrintTheFrictionTable() throws {
    let out = try Scratch.folder()
    let run = try terntable("replay", "sessions/three-ways.yaml", "--out", out.path)
    #expect(run.status == 0, "\(run.errors)")
    for kind in ["unary", "critique", "edit"] { #expect(run.output.contains(kind)) }
    let again = try terntable("report", out.path)
    #expect(again.status == 0)
    #expect(again.output.contains("unary"))
  }
}

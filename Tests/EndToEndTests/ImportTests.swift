import Foundation
import Testing

/// `terntable import`, and what takes the journals it makes.
@Suite struct ImportTests {
  let terntable: Program

  init() throws { terntable = try Program() }

  private func talks() throws -> URL {
    try Scratch.file(
      containing: """
        {"id":"a","conversations":[{"from":"human","value":"What is 12 × 7?"},{"from":"gpt","value":"84"}]}
        {"id":"b","conversations":[{"from":"gpt","value":"Hello!"},{"from":"human","value":"What is 2 × 3?"}]}

        """, named: "talks.jsonl")
  }

  @Test func importedTalksGoOnAreReplayedExportedAndReported() throws {
    let out = try Scratch.folder().appendingPathComponent("new/talks").path
    let run = try terntable("import", try talks().path, "--from", "sharegpt", "--out", out)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.hasPrefix("2 conversations with 3 turns (1 replies) in "))
    #expect(run.output.contains("dropped: 1 replies that nothing came before"))

    let first = "\(out)/talks-000001.tern.jsonl"
    let chat = try terntable("chat", "--plain", "--session", first, input: "/try\n")
    #expect(chat.status == 0)
    #expect(chat.errors.contains("tutor goes on"))
    for arguments in [
      ["replay", "\(out)/talks-000002.tern.jsonl", "--out", "\(out)/again"], ["report", out],
      ["export", first, "--format", "messages"], ["export", first, "--format", "html"],
    ] {
      let run = try terntable.run(arguments)
      #expect(run.status == 0, "\(arguments): \(run.errors)")
    }
    let exact = try terntable("replay", "--exact", first)
    #expect(exact.status == 0)
    #expect(exact.errors.contains("1 imported replies are left out"))
    let nothing = try terntable("replay", "--exact", "\(out)/talks-000002.tern.jsonl")
    #expect(nothing.status == 0, "a question without a reply has nothing that differs")
  }

  @Test func whatIsWrongIsOneLineWithItsPlaceAndNothingIsWritten() throws {
    let bad = try Scratch.file(
      containing: "{\"conversations\":[]}\n{\"conversations\":[{\"from\":\"human\"}]}\n",
      named: "bad.jsonl")
    let out = try Scratch.folder().appendingPathComponent("none").path
    for (arguments, status, words) in [
      ([bad.path, "--from", "sharegpt", "--out", out], 65, "bad.jsonl:2: conversations[0].value:"),
      ([bad.path, "--from", "excel", "--out", out], 64, "there is no import format"),
      (["/nowhere", "--from", "sharegpt", "--out", out], 66, "/nowhere"),
      (["/nowhere", "--from", "llm", "--out", out], 66, "/nowhere"),
      ([bad.path, "--from", "llm", "--out", out], 65, "bad.jsonl"),
      ([bad.path, "--from", "llama-cli", "--out", out], 65, "bad.jsonl:1:"),
      ([bad.path, "--from", "sharegpt", "--out", bad.path], 74, "bad.jsonl"),
    ] as [([String], Int32, String)] {
      let run = try terntable.run(["import"] + arguments)
      #expect(run.status == status, "\(arguments): \(run.errors)")
      #expect(run.errors.contains(words), "\(run.errors)")
      #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
      #expect(!FileManager.default.fileExists(atPath: out))
    }
    let passed = try terntable(
      "import", bad.path, "--from", "sharegpt", "--out", out, "--skip-invalid")
    #expect(passed.status == 65, "nothing was left: \(passed.output)")
  }
}

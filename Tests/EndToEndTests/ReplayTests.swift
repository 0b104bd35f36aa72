import Foundation
import Testing

/// `replay` as scripts and people use it: proofs, interruptions, measurements.
@Suite struct ReplayTests {
  let terntable: Program

  init() throws { terntable = try Program() }

  private func recordedSession() throws -> URL {
    _ = try terntable.run(
      ["chat", "--plain", "--seed", "6"], input: "What is 36 × 47?\n/try\n/regen\n")
    return try #require(try terntable.journals().first)
  }

  @Test func aPlantedTokenIsNamedByTurnAndPlace() throws {
    let journal = try recordedSession()
    var lines = try String(contentsOf: journal, encoding: .utf8).split(separator: "\n")
    let place = try #require(lines.firstIndex { $0.contains("\"type\":\"reply_extended\"") })
    let line = String(lines[place])
    let tokens = try #require(line.firstMatch(of: /"tokens":\[([0-9]+)/))
    let planted = line.replacing("\"tokens\":[\(tokens.1)", with: "\"tokens\":[1\(tokens.1)")
    lines[place] = Substring(try Self.withChecksum(planted))
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: journal)

    let run = try terntable("replay", "--exact", journal.path)
    #expect(run.status == 1, "\(run.errors)")
    #expect(run.output.contains("turn 2, token 0: recorded 1\(tokens.1) "), "\(run.output)")
    #expect(run.output.contains("2 of 3 replies equal"), "\(run.output)")
  }

  /// The line with the CRC-32C (Castagnoli) of what stands before its last field.
  static func withChecksum(_ line: String) throws -> String {
    let content = try #require(line.range(of: ",\"crc32c\"", options: .backwards)).lowerBound
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in line[..<content].utf8 {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0x82F6_3B78 : crc >> 1 }
    }
    return line[..<content] + String(format: ",\"crc32c\":\"%08x\"}", ~crc)
  }

  @Test func anotherModelIsNoProof() throws {
    let journal = try recordedSession()
    let bundled = Scratch.repository.appendingPathComponent(
      "Sources/Inference/Resources/tutor.gguf")
    var bytes = try Data(contentsOf: bundled)
    let key = try #require(bytes.range(of: Data("general.name".utf8)))
    // After the key come the value's type and length, 4 and 8 bytes.
    bytes[key.upperBound + 12] ^= 1
    let other = try Scratch.folder().appendingPathComponent("other.gguf")
    try bytes.write(to: other)
    let run = try terntable("replay", "--exact", "--model", other.path, journal.path)
    #expect(run.status == 1, "\(run.errors)")
    #expect(run.output.contains("another model"), "\(run.output)")
  }

  @Test func aRecordIsPlayedWithOtherFeedbackAndSeeds() throws {
    let journal = try recordedSession()
    let out = try Scratch.folder()
    let run = try terntable(
      "replay", journal.path, "--feedback", "none", "--seed", "1..2", "--out", out.path, "--json")
    #expect(run.status == 0, "\(run.errors)")
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let sessions = try #require(object["sessions"] as? [[String: Any]])
    #expect(sessions.map { $0["ending"] as? String } == ["finished", "finished"])
    #expect(sessions.map { $0["seed"] as? Int } == [1, 2])
    let attempts = try #require(sessions[0]["attempts"] as? [[String: Any]])
    #expect(attempts.map { $0["kind"] as? String } == [nil, "regenerate", "regenerate"])
    #expect(object["friction"] != nil)
  }

  @Test func aScriptOnStandardInputCanBeATest() throws {
    let out = try Scratch.folder()
    let script = """
      terntable: 1
      name: check
      turns:
        - prompt: What is 2 × 3?
          expect: { exact: No model says this. }
      """
    let measured = try terntable("replay", "-", "--out", out.path, input: script)
    #expect(measured.status == 0, "\(measured.errors)")
    #expect(measured.output.contains("[wrong]"))
    let checked = try terntable("replay", "-", "--out", out.path, "--check", input: script)
    #expect(checked.status == 1)
  }

  @Test func anInterruptedRunIsFinishedByRunningAgain() throws {
    let out = try Scratch.folder().path
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.currentDirectoryURL = Scratch.repository
    shell.environment = terntable.environment
    // Waits for the first session to begin, however slow the machine is.
    shell.arguments = [
      "-c",
      """
      "$0" replay sessions/try-again.yaml --seed 1..500 --out "$1" >/dev/null 2>&1 &
      until ls "$1"/*.partial >/dev/null 2>&1; do sleep 0.05; done
      kill -INT $!; wait $!
      """,
      Program.path, out,
    ]
    try shell.run()
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 130)
    let kept = try FileManager.default.contentsOfDirectory(atPath: out)
    #expect(kept.contains { $0.hasSuffix(".partial") })
    let again = try terntable(
      "replay", "sessions/try-again.yaml", "--seed", "1..2", "--out", out)
    #expect(again.status == 0, "\(again.errors)")
    for seed in 1...2 {
      #expect(FileManager.default.fileExists(atPath: "\(out)/try-again.s\(seed).tern.jsonl"))
    }
  }
}

/// `replay --at`: another feedback at one turn.
@Suite struct ExchangeTests {
  let terntable: Program

  init() throws { terntable = try Program() }

  @Test func anotherFeedbackIsComparedWithTheRecordedOne() throws {
    let script = """
      terntable: 1
      name: one
      stop: { on_correct: false }
      turns:
        - prompt: What is 715 × 14?
          expect: { number: 10010 }
        - unary
      """
    let out = try Scratch.folder().path
    _ = try terntable("replay", "-", "--out", out, input: script)
    let run = try terntable(
      "replay", out + "/one.s1.tern.jsonl", "--at", "3", "--feedback", "Check your steps.",
      "--seeds", "4", "--json")
    #expect(run.status == 0, "\(run.errors)")
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let instead = try #require(object["instead"] as? [String: Any])
    #expect(instead["draws"] as? Int == 4)
    #expect(instead["feedback"] as? String == "Check your steps.")
    #expect(object["difference"] is Double)
    let wrong = try terntable(
      "replay", out + "/one.s1.tern.jsonl", "--at", "2", "--feedback", "x")
    #expect(wrong.status == 64)
    #expect(wrong.errors.contains("turn 2 is not feedback"), "\(wrong.errors)")
  }
}

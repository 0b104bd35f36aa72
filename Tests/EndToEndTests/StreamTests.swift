import Foundation
import Testing

/// Standard streams that are closed or full: never a crash, never a result that is lost in silence.
@Suite struct StreamTests {
  let terntable: Program

  init() throws { terntable = try Program() }

  /// Runs the program in a shell line such as `"$0" report x 2>&-`.
  private func shell(_ line: String, input: String = "") throws -> Program.Result {
    try terntable.run(
      ["-c", line, Program.path], input: input, executable: "/bin/bash")
  }

  @Test func aClosedStandardErrorEndsNothing() throws {
    #expect(try shell("\"$0\" chat --plain --temperature 0 2>&-", input: "hello\n").status == 0)
    #expect(try shell("\"$0\" frobnicate 2>&-").status == 64)
    let journal = try #require(try terntable.journals().first)
    let lines = try String(contentsOf: journal, encoding: .utf8).split(separator: "\n")
    #expect(lines.allSatisfy { $0.hasPrefix("{") })
  }

  @Test func aFullStandardErrorEndsNothing() throws {
    #expect(try shell("\"$0\" frobnicate 2>/dev/full").status == 64)
    #expect(try shell("\"$0\" chat --plain 2>/dev/full", input: "/try\n").status == 0)
  }

  @Test(arguments: [
    "model info tutor", "model info tutor --json", "model tokenize tutor --text hello",
    "model score tutor --text README.md --json",
    "replay sessions/try-again.yaml --seed 1 --out \"$HOME/out\"",
    "replay sessions/try-again.yaml --seed 1 --out \"$HOME/out\" --json",
  ])
  func aResultThatFindsNoRoomIsAFailure(_ arguments: String) throws {
    let run = try shell("\"$0\" \(arguments) >/dev/full")
    #expect(run.status == 74, "\(run.errors)")
    #expect(run.errors.contains("standard output: cannot write"), "\(run.errors)")
  }

  @Test func aClosedStandardOutputIsAFailure() throws {
    #expect(try shell("\"$0\" chat --plain >&-", input: "hello\n").status == 74)
    #expect(try shell("\"$0\" model info tutor >&-").status == 74)
  }

  @Test func aClosedStandardInputIsAnEmptyOne() throws {
    let run = try shell("\"$0\" chat --plain <&-")
    #expect(run.status == 0)
    #expect(run.output.isEmpty)
  }

  @Test func aTurnThatCannotBeRecordedIsAFailure() throws {
    // No file may grow beyond 4 KiB here: what a full disk does, without one.
    let run = try shell(
      "trap '' XFSZ; ulimit -f 4; \"$0\" chat --plain --session \"$HOME/small.tern.jsonl\"",
      input: String(repeating: "What is 12 × 7?\n", count: 12))
    #expect(run.status == 74, "\(run.errors)")
    #expect(run.errors.contains("File too large"), "\(run.errors)")
  }
}

import Foundation
import Testing

/// What bash offers when somebody presses Tab behind `terntable`.
@Suite struct CompletionTests {
  let program: Program

  init() throws { program = try Program() }

  /// The candidates for the last word of a command line, by the script that the program writes.
  private func candidates(_ words: String...) throws -> [String] {
    let script = try program("--generate-completion-script", "bash")
    #expect(script.status == 0, "\(script.errors)")
    let file = try Scratch.file(containing: script.output, named: "terntable.bash")
    let quoted = (["terntable"] + words).map { "'\($0)'" }.joined(separator: " ")
    let typed = (["terntable"] + words).joined(separator: " ")
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/bash")
    shell.arguments = [
      "--norc", "-c",
      """
      terntable() { '\(Program.path)' "$@"; }
      source '\(file.path)'
      COMP_WORDS=(\(quoted)); COMP_CWORD=\(words.count); COMP_LINE='\(typed)'; COMP_POINT=${#COMP_LINE}
      _terntable terntable '\(words.last ?? "")' '\(words.dropLast().last ?? "terntable")'
      printf '%s\\n' "${COMPREPLY[@]}"
      """,
    ]
    shell.environment = program.environment
    shell.currentDirectoryURL = Scratch.repository
    let output = try Scratch.file(containing: "")
    shell.standardOutput = try FileHandle(forWritingTo: output)
    try shell.run()
    shell.waitUntilExit()
    return try String(contentsOf: output, encoding: .utf8).split(separator: "\n").map {
      $0.trimmingCharacters(in: .whitespaces)
    }
  }

  @Test func behindModelComeTheModelsAtHand() throws {
    #expect(try candidates("chat", "--model", "tut") == ["tutor", "tutor-f16"])
    #expect(try candidates("model", "info", "tutor-").contains("tutor-f16"))
  }

  @Test func whereASessionIsMeantComeThoseOfTheFolder() throws {
    let chat = try program.run(
      PlainFrontTests.greedy + ["--max-tokens", "4"], input: "What is 12 × 7?\n")
    #expect(chat.status == 0, "\(chat.errors)")
    let path = try #require(try program.journals().first?.path)
    for command in ["replay", "export", "report"] {
      #expect(try candidates(command, "").contains(path), "\(command)")
    }
    #expect(try candidates("chat", "--session", String(path.dropLast(12))) == [path])
    #expect(try candidates("replay", "sessions/try").contains("sessions/try-again.yaml"))
    #expect(!(try candidates("export", "sessions/try").contains("sessions/try-again.yaml")))
  }
}

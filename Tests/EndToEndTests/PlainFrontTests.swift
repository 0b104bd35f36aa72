import Foundation
import Testing

/// The main job without a keyboard: lines in, a conversation out.
@Suite struct PlainFrontTests {
  let terntable: Program

  init() throws { terntable = try Program() }

  static let greedy = ["chat", "--plain", "--seed", "7", "--temperature", "0"]

  @Test func aPromptATryAndAQuitPrintTheConversation() throws {
    let run = try terntable.run(Self.greedy, input: "What is 12 × 7?\n/try\n/quit\n")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("What is 12 × 7?"))
    #expect(run.output.components(separatedBy: "Answer:").count == 3)
    #expect(!run.output.contains("\u{1B}"))
  }

  @Test func everyTurnOfTheConversationIsInTheJournal() throws {
    _ = try terntable.run(
      Self.greedy,
      input: "What is 12 × 7?\n/try\n/critique 10 × 7 is 70.\n/edit Answer => The answer\n/regen\n")
    let journal = try #require(try terntable.journals().first)
    let text = try String(contentsOf: journal, encoding: .utf8)
    #expect(text.contains("What is 12 × 7?"))
    #expect(text.contains("Try again."))
    #expect(text.contains("10 × 7 is 70."))
    #expect(text.contains("The answer"))
    #expect(text.split(separator: "\n").allSatisfy { $0.hasPrefix("{") && $0.contains("crc32c") })
  }

  @Test func theSameSeedGivesTheSameWords() throws {
    let arguments = ["chat", "--plain", "--seed", "11", "--temperature", "1"]
    let input = "What is 34 × 56?\n/try\n/regen\n"
    let first = try terntable.run(arguments, input: input)
    let second = try terntable.run(arguments, input: input)
    #expect(!first.output.isEmpty)
    #expect(first.output == second.output)
  }

  @Test func everyKernelGivesTheSameWords() throws {
    let arguments = ["chat", "--plain", "--seed", "3", "--temperature", "1"]
    let outputs = try ["reference", "avx2"].map { kernel in
      try terntable.run(
        arguments, input: "What is 34 × 56?\n/try\n", environment: ["TERNTABLE_KERNEL": kernel])
    }
    #expect(outputs[0].output == outputs[1].output)
    #expect(outputs[0].output.contains("34"))
  }

  @Test func aLineThatCannotBeDoneIsToldInOneLineAndTheShellGoesOn() throws {
    let run = try terntable.run(
      Self.greedy, input: "/try\n/edit nowhere => here\n/frob\nWhat is 2 × 3?\n/go 99\n")
    #expect(run.status == 0)
    #expect(run.errors.contains("no reply"))
    #expect(run.errors.contains("/frob"))
    #expect(run.errors.contains("99"))
    #expect(run.output.contains("What is 2 × 3?"))
  }

  @Test func aPromptLongerThanTheContextIsRefusedAndNoTurnIsLost() throws {
    let long = String(repeating: "12 + 34 is what? ", count: 2000)
    let run = try terntable.run(Self.greedy, input: "What is 2 × 3?\n\(long)\n/undo\n/try\n")
    #expect(run.errors.contains("1024"))
    #expect(run.status == 65)
    let journal = try #require(try terntable.journals().first)
    let text = try String(contentsOf: journal, encoding: .utf8)
    #expect(text.contains("What is 2 × 3?"))
    #expect(text.contains("Try again."))
  }

  @Test func aClosedPipeEndsTheProgramQuietly() throws {
    let script =
      "printf 'What is 12 × 7?\\n/try\\n/try\\n' | '\(Program.path)' chat --plain | head -n 1"
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/bash")
    shell.arguments = ["-c", script]
    shell.environment = terntable.environment
    let errors = try Scratch.file(containing: "")
    shell.standardError = try FileHandle(forWritingTo: errors)
    shell.standardOutput = FileHandle.nullDevice
    try shell.run()
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 0)
    let said = try String(contentsOf: errors, encoding: .utf8)
    #expect(!said.lowercased().contains("error") && !said.contains("Fatal"), "\(said)")
  }
}

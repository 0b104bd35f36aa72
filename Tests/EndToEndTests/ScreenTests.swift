import Foundation
import Testing

/// Journeys through the real screen, in a real terminal (tmux).
@Suite struct ScreenTests {
  let program: Program

  init() throws { program = try Program() }

  private static let question = "What is 47 × 36?"

  /// Asks the question and waits for the whole reply.
  private func ask(_ screen: TmuxScreen) throws {
    try screen.type(Self.question)
    try screen.press("Enter")
    try screen.wait(for: "tokens/s")
    try screen.wait(for: "ready")
  }

  @Test(arguments: [(80, 24), (200, 50)])
  func aNewcomerAsksAndSeesTheAnswer(size: (width: Int, height: Int)) throws {
    let screen = try program.chat(width: size.width, height: size.height)
    #expect(try screen.text().contains("/try"))
    try ask(screen)
    let text = try screen.text()
    #expect(text.contains("tutor"))
    #expect(text.contains("Answer:"))
    #expect(text.contains("seed 7"))
    #expect(text.contains("/1024"))
  }

  @Test func oneKeyTriesAgain() throws {
    let screen = try program.chat()
    try ask(screen)
    try screen.press("Escape")
    try screen.wait(for: "t try again")
    try screen.press("t")
    try screen.wait(for: "attempt 2 of 2 · try again")
  }

  @Test func aCritiqueIsTypedOnOneLine() throws {
    let screen = try program.chat()
    try ask(screen)
    try screen.press("Escape")
    try screen.wait(for: "c critique")
    try screen.press("c")
    try screen.type("The second step is wrong.")
    try screen.press("Enter")
    try screen.wait(for: "attempt 2 of 2 · critique")
    try screen.wait(for: "ready")
  }

  @Test func aReplyIsEditedWhereItStandsAndTheModelGoesOn() throws {
    let screen = try program.chat()
    try ask(screen)
    try screen.press("Escape")
    try screen.wait(for: "e edit")
    try screen.press("e")
    try screen.wait(for: "Editing reply 2")
    try screen.press("End")
    try screen.type(", so")
    try screen.wait(for: "cuts")
    try screen.press("Enter")
    try screen.wait(for: "edited in place")
    try screen.wait(for: ", so")
  }

  @Test func theReplyOpensInTheEditorOfTheEnvironment() throws {
    // Run by a shell: a file that was just written may be busy for a moment.
    let editor = try Scratch.file(
      containing: "printf 'My own beginning' > \"$1\"\n", named: "editor")
    let screen = try program.chat(environment: "env -u VISUAL EDITOR='sh \(editor.path)'")
    try ask(screen)
    try screen.press("Escape")
    try screen.wait(for: "e edit")
    try screen.press("E")
    try screen.wait(for: "edited in place")
    try screen.wait(for: "My own beginning")
  }

  @Test func controlCStopsTheStreamAndKeepsThePartialReply() throws {
    // The scalar kernel is slow enough to be stopped in the middle.
    let screen = try program.chat(environment: "TERNTABLE_KERNEL=reference")
    try screen.type(Self.question)
    try screen.press("Enter")
    try screen.wait(for: "47 = ")
    try screen.press("C-c")
    try screen.wait(for: "stopped")
    try screen.wait(for: "ready")
    let journal = try #require(try program.journals().first)
    let record = try String(contentsOf: journal, encoding: .utf8)
    #expect(record.contains("cancelled"))
    // In the record the text may be cut anywhere.
    #expect(try program("export", journal.path, "--format", "text").output.contains("47 = "))
  }

  @Test func killingTheProgramInMidReplyLosesNoTurn() throws {
    let screen = try program.chat(environment: "TERNTABLE_KERNEL=reference")
    try screen.type(Self.question)
    try screen.press("Enter")
    // At most a second of text may be lost; what has reached the journal may not.
    try screen.wait(for: "47 = ") { _, beginning in
      // There is no journal yet when the first look is too early.
      let record = (try? program.journals().first.map { try Data(contentsOf: $0) }) ?? nil
      return record.map { String(decoding: $0, as: UTF8.self).contains(beginning) } ?? false
    }
    try screen.press("C-z")
    try screen.wait(for: "Stopped")
    // The quotes keep the echo of the line apart from what it prints.
    try screen.type("kill -9 %1; wait; echo go''ne")
    try screen.press("Enter")
    try screen.wait(for: "gone")
    let journal = try #require(try program.journals().first)
    let replay = try program("replay", "--exact", journal.path)
    #expect(replay.status == 0, "\(replay.errors)")
    let export = try program("export", journal.path, "--format", "markdown")
    #expect(export.output.contains(Self.question))
    #expect(export.output.contains("47 = "))
  }

  @Test func theScreenFollowsTheWindowDownToFortyByTen() throws {
    let screen = try program.chat()
    try ask(screen)
    try screen.resize(width: 40, height: 10)
    try screen.wait(for: "Answer:")
    try screen.resize(width: 30, height: 8)
    try screen.wait(for: "40x10")
    try screen.resize(width: 200, height: 50)
    try screen.wait(for: Self.question)
  }

  @Test func suspendAndResumeBringTheConversationBack() throws {
    let screen = try program.chat()
    try ask(screen)
    try screen.press("Escape")
    try screen.press("C-z")
    try screen.wait(for: "Stopped")
    try screen.type("clear; fg")
    try screen.press("Enter")
    try screen.wait(for: "Answer:")
    try screen.wait(for: "ready")
  }

  @Test(arguments: ["q", "/quit", "C-c", "TERM", "HUP", "SEGV", "ABRT"])
  func everyWayOutRestoresTheTerminal(way: String) throws {
    let home = program.home.path
    let screen = try TmuxScreen(
      "stty -a > \(home)/before; export SWIFT_BACKTRACE=enable=no; sh -c 'echo $$ > \(home)/pid; exec \"\(Program.path)\" chat'; "
        + "stty -a > \(home)/after; echo left",
      width: 80, height: 24, program: program)
    try screen.wait(for: "ready")
    switch way {
    case "q":
      try screen.press("Escape")
      try screen.wait(for: "q quit", until: { $0.contains($1) || $0.contains("t try again") })
      try screen.press("q")
    case "/quit":
      try screen.type("/quit")
      try screen.press("Enter")
    case "C-c": try screen.press("C-c")
    default:
      // By its own number: other cases of this test run the same command at the same time.
      let number = try String(
        contentsOf: program.home.appendingPathComponent("pid"), encoding: .utf8)
      let pid = try #require(pid_t(number.trimmingCharacters(in: .whitespacesAndNewlines)))
      let signals = ["TERM": SIGTERM, "HUP": SIGHUP, "SEGV": SIGSEGV, "ABRT": SIGABRT]
      #expect(kill(pid, try #require(signals[way])) == 0)
    }
    try screen.wait(for: "left")
    let before = try String(
      contentsOf: program.home.appendingPathComponent("before"), encoding: .utf8)
    let after = try String(
      contentsOf: program.home.appendingPathComponent("after"), encoding: .utf8)
    #expect(before == after)
    #expect(!(try screen.text()).contains("tutor · ready"))
  }

  @Test func withoutATerminalTheScreenGivesWayToThePlainFront() throws {
    let run = try program("chat", "--seed", "1", input: "hello\n")
    #expect(run.status == 0)
    #expect(run.output.contains("> hello"))
  }
}

import Foundation
import Testing

/// What a good guest on a terminal does, in a real one (tmux).
@Suite struct ScreenMannersTests {
  let program: Program

  init() throws { program = try Program() }

  private static let question = "What is 47 × 36?"
  /// Slow enough that something can happen in the middle of a reply.
  private static let slowly = "TERNTABLE_KERNEL=reference"

  private func ask(_ screen: TmuxScreen) throws {
    try screen.type(Self.question)
    try screen.press("Enter")
  }

  private func waitForAnswer(_ screen: TmuxScreen) throws {
    // A narrow status line has no room for the speed.
    try screen.wait(for: "Answer:", seconds: 60)
    try screen.wait(for: "ready")
  }

  @Test func aWindowThatShrinksInMidReplyShowsTheWholeReply() throws {
    let screen = try program.chat(environment: Self.slowly, width: 200, height: 50)
    try ask(screen)
    try screen.wait(for: "47 = ")
    try screen.resize(width: 40, height: 12)
    try waitForAnswer(screen)
    let journal = try #require(try program.journals().first)
    #expect(try program("replay", "--exact", journal.path).status == 0)
  }

  @Test func aPasteOfFiveKilobytesIsOneMessageThatIsNotSent() throws {
    let screen = try program.chat()
    let lines = (1...250).map { "pasted line number \($0)" }.joined(separator: "\n")
    try screen.paste(lines)
    try screen.wait(for: "pasted line number 250")
    #expect(try screen.text().contains("pasted line number 241"))
    #expect(!(try screen.text()).contains("pasted line number 240"), "ten rows and no more")
    #expect(try program.journals().allSatisfy { try Data(contentsOf: $0).isEmpty })
    // The first Ctrl-C forgets the text, the second leaves.
    try screen.press("C-c")
    try screen.wait(for: "Ctrl-C again quits")
    try screen.press("C-c")
    try screen.wait(for: "prompt>")
  }

  @Test func stoppedInMidReplyTheProgramGoesOnWhereItWas() throws {
    let screen = try program.chat(environment: Self.slowly)
    try ask(screen)
    try screen.wait(for: "47 = ")
    try screen.press("C-z")
    try screen.wait(for: "Stopped")
    try screen.type("clear; fg")
    try screen.press("Enter")
    try waitForAnswer(screen)
  }

  @Test func stoppedInsideTheEditorBothComeBackTogether() throws {
    // Run by a shell: a file that was just written may be busy for a moment.
    let editor = try Scratch.file(
      containing: "trap 'echo back' CONT; echo editing; until read line; do :; done; "
        + "printf '%s' \"$line\" > \"$1\"\n", named: "editor")
    let screen = try program.chat(environment: "env -u VISUAL EDITOR='sh \(editor.path)'")
    try screen.press("C-g")
    try screen.wait(for: "editing")
    try screen.press("C-z")
    try screen.wait(for: "Stopped")
    try screen.type("clear; fg")
    try screen.press("Enter")
    try screen.wait(for: "back")
    try screen.type("from the editor")
    try screen.press("Enter")
    try screen.wait(for: "> from the editor")
    try screen.wait(for: "ready")
  }

  /// Where the person is when they press Ctrl-Z.
  enum Place: String, CaseIterable { case prompt, keys, streaming, replyInEditor, messageInEditor }

  @Test(arguments: Place.allCases)
  func suspendedAnywhereTheShellIsAsItWasAndTheScreenComesBackWhole(place: Place) throws {
    let home = program.home
    // Takes the terminal's modes as a real editor does, and leaves the file as it is. Run by a
    // shell: a file that was just written may be busy for a moment.
    let editor = try Scratch.file(
      containing: "old=$(stty -g); stty -echo -ixon; echo editing; read line; stty \"$old\"\n",
      named: "editor")
    let slowly = place == .streaming ? Self.slowly : ""
    let screen = try TmuxScreen(
      "stty -a > '\(home.path)/before'; env -u VISUAL EDITOR='sh \(editor.path)' \(slowly) "
        + "'\(Program.path)' chat --seed 7", width: 80, height: 24, program: program)
    try screen.wait(for: "ready")
    try ask(screen)
    if place == .streaming { try screen.wait(for: "47 = ") } else { try waitForAnswer(screen) }
    if place == .keys || place == .replyInEditor {
      try screen.press("Escape")
      try screen.wait(for: "e edit")
    }
    if place == .messageInEditor {
      try screen.type("half a message")
      try screen.wait(for: "> half a message")
    }
    let before = try screen.text()
    if place == .replyInEditor { try screen.press("E") }
    if place == .messageInEditor { try screen.press("C-g") }
    if place == .replyInEditor || place == .messageInEditor { try screen.wait(for: "editing") }
    try screen.press("C-z")
    try screen.wait(for: "Stopped")
    try screen.wait(for: "prompt>")
    #expect(try !screen.isOtherScreen())
    // The shell edits its line and shows what is typed: the quotes keep the echo apart.
    try screen.type("stty -a > '\(home.path)/stopped'; echo sa''ne")
    try screen.press("Enter")
    try screen.wait(for: "sane")
    try expectSameModes("before", "stopped")
    try screen.type("clear; fg")
    try screen.press("Enter")
    if place == .replyInEditor || place == .messageInEditor {
      // The shell names the job that goes on.
      try screen.wait(for: "--seed 7")
      try screen.press("Enter")
    }
    if place == .streaming {
      try waitForAnswer(screen)
    } else {
      // All rows but the last one, which has hints.
      let rows = { (text: String) in text.split(separator: "\n").dropLast().joined(separator: "\n")
      }
      try screen.wait(for: rows(before)) { rows($0) == $1 }
    }
    #expect(try screen.isOtherScreen())
    try screen.press("C-c")
    // Half a message, or a reply that has only just ended, takes the first one.
    let shown = try screen.wait(for: "Ctrl-C again quits") { text, words in
      text.contains(words) || text.contains("session: ")
    }
    if shown.contains("Ctrl-C again quits") { try screen.press("C-c") }
    try screen.wait(for: "session: ")
    try screen.type("stty -a > '\(home.path)/after'; echo le''ft")
    try screen.press("Enter")
    try screen.wait(for: "left")
    try expectSameModes("before", "after")
  }

  private func expectSameModes(_ one: String, _ other: String) throws {
    let texts = try [one, other].map {
      try String(contentsOf: program.home.appendingPathComponent($0), encoding: .utf8)
    }
    #expect(texts[0] == texts[1])
  }

  @Test func keysOfOnesOwnWorkOnTheScreen() throws {
    let folder = program.home.appendingPathComponent("config/terntable")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data("keys:\n  normal:\n    try-again: [T]\n".utf8)
      .write(to: folder.appendingPathComponent("keys.yaml"))
    let screen = try program.chat(
      environment: "XDG_CONFIG_HOME='\(program.home.appendingPathComponent("config").path)'")
    try ask(screen)
    try waitForAnswer(screen)
    try screen.press("Escape")
    try screen.wait(for: "critique")
    try screen.press("t")
    try screen.press("T")
    try screen.wait(for: "attempt 2 of 2 · try again")
    #expect(!(try screen.text()).contains("of 3"))
  }

  @Test func onFortyByTenAConversationIsHeld() throws {
    let screen = try program.chat(width: 40, height: 10)
    try ask(screen)
    try waitForAnswer(screen)
    try screen.press("Escape")
    try screen.wait(for: "t try again")
    try screen.press("t")
    // The reply is longer than the screen: the tree shows where it is.
    try screen.press("Tab")
    try screen.wait(for: "4  tutor · try again")
  }

  @Test func killedOutrightItLeavesATerminalThatTheShellMends() throws {
    let home = program.home.path
    let screen = try TmuxScreen(
      "stty -a > \(home)/before; sh -c 'echo $$ > \(home)/pid; exec \"\(Program.path)\" chat'; "
        + "stty -a > \(home)/after; echo left",
      width: 80, height: 24, program: program)
    try screen.wait(for: "ready")
    let number = try String(
      contentsOf: program.home.appendingPathComponent("pid"), encoding: .utf8)
    let pid = try #require(pid_t(number.trimmingCharacters(in: .whitespacesAndNewlines)))
    #expect(kill(pid, SIGKILL) == 0)
    try screen.wait(for: "left")
    let before = try Data(contentsOf: program.home.appendingPathComponent("before"))
    #expect(try Data(contentsOf: program.home.appendingPathComponent("after")) == before)
  }
}

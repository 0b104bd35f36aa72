import Foundation
import Testing

/// The screen as a file, the person's own keys, and the history of lines.
@Suite struct ScreenFileTests {
  let program: Program

  init() throws { program = try Program() }

  /// A journal of one exchange, made with the plain front.
  private func session() throws -> String {
    let path = try Scratch.folder().appendingPathComponent("s.tern.jsonl").path
    let run = try program(
      "chat", "--plain", "--seed", "7", "--session", path, input: "What is 2 + 2?\n/try\n")
    #expect(run.status == 0, "\(run.errors)")
    return path
  }

  @Test func theScreenIsWrittenAsTextAndAsAPicture() throws {
    let path = try session()
    let text = path + ".txt"
    let picture = path + ".svg"
    let run = try program(
      "chat", "--session", path, "--size", "60x20", "--press", "Esc Tab", "--dump-screen", text,
      "--dump-svg", picture)
    #expect(run.status == 0, "\(run.errors)")
    let rows = try String(contentsOfFile: text, encoding: .utf8).split(
      separator: "\n", omittingEmptySubsequences: false)
    #expect(rows.count == 21)
    #expect(rows[0].contains("1  you  What is 2 + 2?"))
    #expect(try String(contentsOfFile: picture, encoding: .utf8).hasPrefix("<svg "))
  }

  @Test func keysThatAskForWorkAreRefused() throws {
    let path = try session()
    let run = try program(
      "chat", "--session", path, "--press", "Esc t", "--dump-screen", "/dev/null")
    #expect(run.status == 64)
    #expect(run.errors.contains("asks for work"))
  }

  @Test func aFaultInKeysYamlIsToldWithItsLine() throws {
    let folder = program.home.appendingPathComponent("config/terntable")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let environment = ["XDG_CONFIG_HOME": program.home.appendingPathComponent("config").path]
    let file = folder.appendingPathComponent("keys.yaml")
    for (text, words) in [
      ("keys:\n  normal:\n    try-agian: T\n", "keys.yaml:3: nothing is called \"try-agian\""),
      ("keys:\n  normal:\n    help: t\n", "t would mean two things"),
      ("editing_mode: nano\n", "keys.yaml:1: there is no editing mode \"nano\""),
      ("colour: red\n", "keys.yaml:1: unknown is \"colour\""),
    ] {
      try Data(text.utf8).write(to: file)
      let run = try program("chat", "--plain", environment: environment)
      #expect(run.status == 78)
      #expect(run.errors.contains(words), "\(run.errors)")
    }
    try Data("keys:\n  normal:\n    tree: [T]\n    top: []\n".utf8).write(to: file)
    let path = try session()
    let run = try program(
      "chat", "--session", path, "--press", "Esc T", "--dump-screen", path + ".txt",
      environment: environment)
    #expect(run.status == 0, "\(run.errors)")
    #expect(try String(contentsOfFile: path + ".txt", encoding: .utf8).contains("1  you  What"))
  }

  @Test func linesOfEarlierSessionsAreFoundAgain() throws {
    let command = "'\(Program.path)' chat --seed 7"
    let first = try TmuxScreen(command, width: 80, height: 24, program: program)
    try first.wait(for: "ready")
    try first.type("What is 3 + 4?")
    try first.press("Enter")
    try first.wait(for: "tokens/s")
    try first.wait(for: "ready")
    let history = program.home.appendingPathComponent("terntable/history")
    #expect(try String(contentsOf: history, encoding: .utf8) == "What is 3 + 4?\n")
    let second = try TmuxScreen(command, width: 80, height: 24, program: program)
    try second.wait(for: "ready")
    try second.press("C-r")
    try second.wait(for: "older line with:")
    try second.type("3 +")
    try second.wait(for: "What is 3 + 4?")
    try second.press("Enter")
    try second.wait(for: "> What is 3 + 4?")
  }

  @Test func theMessageIsWrittenInTheEditorOfTheEnvironment() throws {
    let editor = try Scratch.file(
      containing: "#!/bin/sh\nprintf 'from outside' > \"$1\"\n", named: "editor")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: editor.path)
    let screen = try program.chat(environment: "env -u VISUAL EDITOR='\(editor.path)'")
    try screen.type("begun")
    try screen.press("C-x", "C-e")
    try screen.wait(for: "> from outside")
  }
}

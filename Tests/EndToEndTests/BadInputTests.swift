import Foundation
import Testing

/// Bad input gets one line (what, where, what to do) and the documented exit code.
@Suite struct BadInputTests {
  let terntable: Program

  init() throws { terntable = try Program() }

  private func expectOneLine(
    _ run: Program.Result, status: Int32, naming words: String...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(run.status == status, "\(run.errors)", sourceLocation: sourceLocation)
    let lines = run.errors.split(separator: "\n")
    #expect(lines.count == 1, "\(run.errors)", sourceLocation: sourceLocation)
    for word in words {
      #expect(run.errors.contains(word), "\(run.errors)", sourceLocation: sourceLocation)
    }
  }

  @Test func aMissingModelFile() throws {
    expectOneLine(
      try terntable("chat", "--plain", "--model", "nowhere.gguf"), status: 66,
      naming: "nowhere.gguf")
  }

  @Test func aDamagedModelFile() throws {
    let model = Scratch.repository.appendingPathComponent(
      "Sources/Inference/Resources/tutor.gguf")
    let half = try Scratch.file(containing: "", named: "half.gguf")
    let bytes = try Data(contentsOf: model)
    try bytes.prefix(bytes.count / 2).write(to: half)
    expectOneLine(
      try terntable("model", "info", half.path), status: 65, naming: "half.gguf")
  }

  @Test func aFileThatIsNoModel() throws {
    let text = try Scratch.file(containing: "hello, I am text", named: "text.gguf")
    expectOneLine(
      try terntable("chat", "--plain", "--model", text.path), status: 65, naming: "text.gguf")
  }

  @Test func aModelWhoseChatTemplateIsUnknown() throws {
    let model = Scratch.repository.appendingPathComponent(
      "Sources/Inference/Resources/tutor.gguf")
    var bytes = try Data(contentsOf: model)
    let role = try #require(bytes.range(of: Data("message['role']".utf8)))
    bytes.replaceSubrange(role, with: Data("message['rule']".utf8))
    let other = try Scratch.file(containing: "", named: "other.gguf")
    try bytes.write(to: other)
    expectOneLine(
      try terntable("chat", "--plain", "--model", other.path, input: "hello\n"), status: 65,
      naming: "other.gguf", "chat template")
  }

  @Test func aScriptWithATypo() throws {
    let script = try Scratch.file(
      containing: """
        terntable: 1
        name: typo
        turns:
          - promt: What is 2 × 3?
        """, named: "typo.yaml")
    expectOneLine(
      try terntable("replay", script.path), status: 65, naming: "typo.yaml:4", "promt", "prompt")
  }

  @Test func aMissingScript() throws {
    expectOneLine(
      try terntable("replay", "nowhere.yaml"), status: 66, naming: "nowhere.yaml")
  }

  @Test func anUnknownExportFormatListsWhatThereIs() throws {
    let run = try terntable("export", "whatever.tern.jsonl", "--format", "papyrus")
    expectOneLine(run, status: 64, naming: "papyrus", "markdown")
  }

  @Test func anUnknownCommand() throws {
    expectOneLine(try terntable("frobnicate"), status: 64, naming: "frobnicate")
  }

  @Test func aFolderWithoutJournals() throws {
    let empty = try Scratch.folder()
    expectOneLine(try terntable("report", empty.path), status: 66, naming: empty.path)
  }

  @Test func aTextTooShortToBeScored() throws {
    for text in ["", "a"] {
      let file = try Scratch.file(containing: text, named: "short.txt")
      expectOneLine(
        try terntable("model", "score", "tutor", "--json", "--text", file.path), status: 65,
        naming: "short.txt", "two or more")
    }
  }

  @Test func aBenchBeyondWhatThereIs() throws {
    for (option, value, range) in [
      ("--threads", "0", "1 to 1024"), ("--threads", "99999", "1 to 1024"),
      ("--batch", "99999", "1 to 1024"), ("--prompt", "0", "1 or more"),
    ] {
      expectOneLine(
        try terntable("model", "bench", "tutor", option, value), status: 64,
        naming: option, range, value)
    }
    expectOneLine(
      try terntable("model", "bench", "tutor", "--prompt", "99999"), status: 64,
      naming: "--prompt", "1024")
  }

  @Test func aModelThatIsADevice() throws {
    let run = try terntable("model", "info", "/dev/null")
    expectOneLine(run, status: 74, naming: "/dev/null")
    #expect(!run.errors.contains("directory"), "\(run.errors)")
  }

  @Test func aScriptWhoseFirstPromptIsLongerThanTheContext() throws {
    let script = try Scratch.file(
      containing: """
        terntable: 1
        name: long
        turns:
          - prompt: "\(String(repeating: "1 ", count: 2000))"
            expect: { number: 1 }
        """, named: "long.yaml")
    let out = try Scratch.folder().path
    expectOneLine(
      try terntable("replay", script.path, "--out", out), status: 65,
      naming: "long.s", "tokens", "1024")
  }

  @Test func aSecondPromptLongerThanTheContextIsNotRight() throws {
    let script = try Scratch.file(
      containing: """
        terntable: 1
        name: second
        turns:
          - prompt: hello
          - prompt: "\(String(repeating: "1 ", count: 2000))"
            expect: { number: 1 }
        """, named: "second.yaml")
    let out = try Scratch.folder().path
    #expect(try terntable("replay", script.path, "--out", out).status == 0)
    let again = try Scratch.folder().path
    #expect(try terntable("replay", script.path, "--check", "--out", again).status == 1)
  }

  @Test func aScriptThatBeginsWithAByteOrderMark() throws {
    let script = try Scratch.file(
      containing: "\u{FEFF}terntable: 1\nname: marked\nturns:\n  - prompt: hello\n",
      named: "marked.yaml")
    let run = try terntable("replay", script.path, "--out", try Scratch.folder().path)
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test func aRecordWhoseEntriesDoNotFollowIsNamed() throws {
    _ = try terntable("chat", "--plain", "--temperature", "0", input: "hello\n")
    let journal = try #require(try terntable.journals().first)
    var lines = try String(contentsOf: journal, encoding: .utf8).split(separator: "\n")
      .map(String.init)
    // The reply now stands under a turn that is not there.
    let forged = lines[2].replacing("\"parent\":1", with: "\"parent\":9")
    #expect(forged != lines[2])
    lines[2] = try ReplayTests.withChecksum(forged)
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: journal)
    for arguments in [
      ["replay", journal.path], ["replay", "--exact", journal.path], ["report", journal.path],
      ["chat", "--plain", "--session", journal.path],
    ] {
      expectOneLine(
        try terntable.run(arguments), status: 65, naming: journal.lastPathComponent, "entry 3",
        "turn 9")
    }
  }
}

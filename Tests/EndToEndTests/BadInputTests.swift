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
}

import Foundation
import Testing

/// Exports as a person or a script asks for them: folders, splits, compression, checks.
@Suite struct ExportTests {
  let terntable: Program
  let folder: URL

  init() throws {
    terntable = try Program()
    folder = try Scratch.folder()
  }

  /// Records a few short sessions in the folder.
  private func record(_ questions: [String]) throws {
    for (number, question) in questions.enumerated() {
      let session = folder.appendingPathComponent("in/\(number).tern.jsonl").path
      try FileManager.default.createDirectory(
        atPath: folder.appendingPathComponent("in").path, withIntermediateDirectories: true)
      let run = try terntable.run(
        ["chat", "--plain", "--seed", "\(number)", "--session", session],
        input: "\(question)\n/try\n/rate +\n/note mail ann@example.org\n")
      #expect(run.status == 0, "\(run.errors)")
    }
  }

  private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  @Test func aFolderIsSplitCompressedScrubbedAndChecked() throws {
    try record(["What is 2 × 3?", "What is 4 × 5?", "What is 6 × 7?", "What is 8 × 9?"])
    let run = try terntable(
      "export", path("in"), "--format", "unpaired", "--split", "train=0.5,test=0.5", "--scrub",
      "--scrub-pattern", "Try \\w+", "-o", path("d.jsonl.gz"), "--license", "CC0-1.0")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("left out: "))
    #expect(run.errors.contains("replaced by [e-mail]: 4"), "\(run.errors)")
    #expect(run.errors.contains("replaced by [removed]: 4"))
    #expect(
      try names() == ["d.jsonl.gz.card.md", "d.test.jsonl.gz", "d.train.jsonl.gz", "in"])
    let card = try String(contentsOfFile: path("d.jsonl.gz.card.md"), encoding: .utf8)
    #expect(card.contains("| d.train.jsonl.gz | train |") && card.contains("license: \"CC0-1.0\""))
    #expect(!card.contains(folder.path), "the card of scrubbed data names no path")
    for name in ["d.train.jsonl.gz", "d.test.jsonl.gz"] where card.contains("\(name) | 0") == false
    {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path(name)))
      #expect(bytes.prefix(2) == Data([0x1F, 0x8B]))
      let check = try terntable("validate", path(name), "--as", "unpaired", "--json")
      let isEmpty = card.contains("| \(name) |") && check.errors.contains("no record")
      #expect(check.status == 0 || isEmpty, "\(check.errors)")
    }
    let again = try terntable(
      "export", path("in"), "--format", "unpaired", "-o", path("all.jsonl.gz"))
    #expect(again.status == 0)
    let first = try Data(contentsOf: URL(fileURLWithPath: path("all.jsonl.gz")))
    _ = try terntable("export", path("in"), "--format", "unpaired", "-o", path("all.jsonl.gz"))
    #expect(try Data(contentsOf: URL(fileURLWithPath: path("all.jsonl.gz"))) == first)
  }

  @Test func whatIsNotOfTheFormatIsNamedByLineAndField() throws {
    let text = #"{"prompt":"a","completions":["b"],"labels":[true]}"#
    let file = try Scratch.file(containing: text + "\n" + text.replacing("true", with: "1") + "\n")
    let check = try terntable("validate", file.path, "--as", "stepwise")
    #expect(check.status == 65 && check.output.isEmpty)
    #expect(check.errors.contains("\(file.path):2: labels[0]: wanted is"), "\(check.errors)")
    let json = try terntable("validate", "-", "--as", "stepwise", "--json", input: text)
    #expect(json.status == 0 && json.output.contains("\"records\" : 1"))
    #expect(try terntable("validate", file.path, "--as", "nothing").status == 64)
    #expect(try terntable("validate", path("missing"), "--as", "stepwise").status == 66)
  }

  @Test func aDamagedSessionAmongOthersIsNamedAndLeftOut() throws {
    try record(["What is 2 × 3?", "What is 4 × 5?"])
    let damaged = folder.appendingPathComponent("in/0.tern.jsonl")
    var bytes = try Data(contentsOf: damaged)
    bytes[200] ^= 1
    try bytes.write(to: damaged)
    let run = try terntable("export", path("in"), "--format", "sharegpt", "-o", path("s.jsonl"))
    #expect(run.status == 65)
    #expect(run.errors.contains("0.tern.jsonl:1: damaged"), "\(run.errors)")
    let text = try String(contentsOfFile: path("s.jsonl"), encoding: .utf8)
    #expect(text.contains("4 × 5") && !text.contains("2 × 3"))
  }

  @Test func nothingToExportLeavesNoFile() throws {
    try record(["What is 2 × 3?"])
    let run = try terntable("export", path("in"), "--format", "arena", "-o", path("a.jsonl"))
    #expect(run.status == 65, "\(run.errors)")
    #expect(try names() == ["in"])
    for arguments in [
      ["-o", path("a.zst")], ["--split", "a=0.5"], ["--split", "a=1"], ["--scrub-pattern", "("],
      ["--frame", "worst"],
    ] {
      let refused = try terntable.run(["export", path("in"), "--format", "messages"] + arguments)
      #expect(refused.status == 64, "\(arguments): \(refused.errors)")
      #expect(refused.errors.split(separator: "\n").count == 1)
    }
  }
}

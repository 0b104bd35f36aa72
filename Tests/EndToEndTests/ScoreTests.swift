import Foundation
import Testing

/// `score` and `report` on records, with no model asked.
@Suite struct ScoreTests {
  let terntable: Program
  let out: String

  init() throws {
    terntable = try Program()
    out = try Scratch.folder().appendingPathComponent("out").path
    let file = try Scratch.file(
      containing: """
        terntable: 1
        name: small
        sampling: { temperature: 0, max_tokens: 200 }
        tasks: [{ family: multiplication, difficulty: 2x1, count: 3 }]
        stop: { max_attempts: 2 }
        feedback:
          unary:
          critique:
        """, named: "small.yaml")
    let run = try terntable("measure", file.path, "--out", out)
    try #require(run.status == 0, "\(run.errors)")
  }

  private func journal() throws -> String {
    let names = try FileManager.default.contentsOfDirectory(atPath: out)
    let name = try #require(names.filter { $0.hasSuffix(".tern.jsonl") }.min())
    return try String(contentsOfFile: "\(out)/\(name)", encoding: .utf8)
  }

  @Test func newVerdictsAreAppendedAndTheOldOnesStay() throws {
    let before = try journal()
    let dry = try terntable("score", out, "--checker", "exact", "--dry-run")
    #expect(dry.status == 0, "\(dry.errors)")
    #expect(dry.output.contains("would be appended"))
    #expect(try journal() == before)
    let run = try terntable("score", out, "--checker", "exact")
    #expect(run.output.contains("same outcome as before in"), "\(run.output)\(run.errors)")
    #expect(try journal().hasPrefix(before))
    #expect(try journal().contains("\"checker\":\"exact\""))
    let again = try terntable("score", out, "--checker", "exact")
    #expect(again.output.contains(": 0 new verdicts appended"), "\(again.output)")
    // The record goes on being the experiment's: nothing is played anew.
    let report = try terntable("report", out, "--json")
    #expect(report.status == 0, "\(report.errors)")
  }

  @Test func aCheckerThatIsNoneOrNeedsLeaveIsRefusedInOneLine() throws {
    for checker in ["judge", "regex:(", "command:true"] {
      let run = try terntable("score", out, "--checker", checker)
      #expect(run.status == 64)
      #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
    }
  }

  @Test func aReportIsWrittenAsAPageAndAsMarkdownWithPictures() throws {
    let folder = try Scratch.folder().path
    let run = try terntable(
      "report", out, "--html", "\(folder)/page.html", "--markdown", "\(folder)/page.md")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.utf8.allSatisfy { (32...126).contains($0) || $0 == 10 })
    #expect(run.output.contains("What it shows"))
    let page = try String(contentsOfFile: "\(folder)/page.html", encoding: .utf8)
    #expect(page.hasPrefix("<!doctype html>"))
    let text = try String(contentsOfFile: "\(folder)/page.md", encoding: .utf8)
    for picture in text.matches(of: #/\]\((.*?\.svg)\)/#) {
      #expect(FileManager.default.fileExists(atPath: "\(folder)/\(picture.output.1)"))
    }
  }
}

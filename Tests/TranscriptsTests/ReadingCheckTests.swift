import Databases
import Foundation
import SessionCore
import TestSupport
import Testing

@testable import Transcripts

/// Checks of what people and analysts read: exports pass their own check, and what was put into
/// them later is found, with its line and field.
@Suite struct ReadingCheckTests {
  private static let textFormats: [TranscriptFormat] = [
    .markdown, .html, .text, .asciicast, .csv, .jsonl, .inspect, .harness,
  ]

  private func fault(_ text: String, _ format: TranscriptFormat) -> FormatFault? {
    do {
      _ = try records(in: text, as: format)
      return nil
    } catch {
      return error as? FormatFault
    }
  }

  @Test("whatever happened in a session, its exports pass their own check", arguments: textFormats)
  func own(format: TranscriptFormat) throws {
    var generator = SeededGenerator(seed: SeededGenerator.testSeed(standard: 77))
    let walks = (0..<20).map { _ in RandomWalk.session(steps: 25, using: &generator).session }
    for session in walks + [Samples.everything, Samples.hostile, Samples.tutoring] {
      for table in format == .csv ? Table.allCases : [.attempts] {
        let options = ExportOptions(table: format == .csv ? table : nil)
        // Where nothing was judged there are no samples of it.
        guard let text = try? format.render([session], options: options).text else { continue }
        #expect(fault(text, format) == nil, "\(format) \(table)")
      }
    }
  }

  @Test(
    "the records of a file for people are its sessions", arguments: ["markdown", "text", "html"])
  func sessions(name: String) throws {
    let format = try TranscriptFormat(named: name)
    let text = try format.render([Samples.tutoring, Samples.hostile, Samples.everything]).text
    #expect(try records(in: text, as: format) == 3)
  }

  @Test("a title that looks like something else is still a title")
  func titles() throws {
    for title in ["====", "    indented", "Note:", "[1] x", "# *a* <b> `c`", "---", "```text"] {
      let session = SessionBuilder(title: title).ask("a").reply("b").session
      for format in [TranscriptFormat.text, .markdown, .html] {
        let text = try format.render([session, session]).text
        #expect(try records(in: text, as: format) == 2, "\(title) \(format)")
      }
    }
  }

  /// What somebody put in the place of what, and where it is found.
  static let spoilt: [(TranscriptFormat, String, String, Int, String)] = [
    (.html, "<p class=\"summary\">", "<script>alert(1)</script><p class=\"summary\">", 7, "script"),
    (.html, "<p class=\"summary\">", "<p onclick=\"a()\">", 7, "p.onclick"),
    (.html, "<p class=\"summary\">", "<img src=\"http://x/y.png\">", 7, "img"),
    (.html, "href=\"#", "href=\"javascript:", 5, "a.href"),
    (
      .html, "http-equiv=\"Content-Security-Policy\"", "http-equiv=\"refresh\"", 5,
      "meta.http-equiv"
    ),
    (.html, "body {", "body { background: url(x);", 1, "style"),
    (.html, "</h1>", "</h2>", 6, "h2"), (.html, "</h1>", "</h1>&nbsp;", 6, "&"),
    (.html, "</h1>", "<!-- x --></h1>", 6, ""), (.html, "</article>", "", 1, "main"),
    (.html, "</h1>", "\u{1B}[2J</h1>", 6, "column"),
    (.text, "[2] Question", "Question", 1, ""), (.text, "    Split", "Split", 1, ""),
    (.text, "    Split", "    \u{202E}Split", 1, "column 5"),
    (.markdown, "## Conversation", "<b>", 1, ""),
    (.markdown, "- Script: ", "- Script: <b>", 1, "column 11"),
    (.markdown, "- Script: ", "- Script: ![x](http://y)", 1, "column 12"),
    (.markdown, "## Conversation", "[x](y)", 1, ""),
    (.csv, "session,turn", "turn,session", 1, "column 1"), (.csv, "0f3a,3,", "0f3a,x,", 1, "turn"),
    (.csv, "0f3a,3,", ",3,", 1, "session"), (.csv, "0f3a,3,", "0f3a,3,,", 1, ""),
    (.csv, "0f3a,3,", "0f3a,\"3,", 1, ""), (.csv, "0f3a,3,", "0f3a,3\"\",", 1, "turn"),
    (.inspect, "\"epoch\":1", "\"epoch\":0", 1, "samples[0].epoch"),
    (.inspect, "\"samples\":[", "\"simples\":[", 1, "samples"),
    (.inspect, "\"version\":2", "\"version\":3", 1, "version"),
    (.inspect, ",\n{\"id\"", "\n{\"id\"", 1, "samples[0]"),
    (.inspect, "],\"results\"", ",\"results\"", 1, "samples["),
    (.jsonl, "\"turn\":3", "\"turn\":\"3\"", 1, "turn"),
    (.jsonl, "\"role\":", "\"rule\":", 1, "role"),
  ]

  @Test("what was put into an export is found", arguments: spoilt)
  func finds(
    format: TranscriptFormat, old: String, new: String, atLeast line: Int, field: String
  ) throws {
    let text = try format.render([Samples.tutoring]).text
    let place = try #require(text.firstRange(of: old), "\(old)")
    let changed = text.replacingCharacters(in: place, with: new)
    let found = try #require(fault(changed, format), "\(new)")
    #expect(found.field.hasPrefix(field) && found.line >= line, "\(found)")
  }

  @Test("a fault in a table names the line its record begins on")
  func lines() throws {
    let header = Table.feedback.columns.map(\.name).joined(separator: ",")
    let row = "s,3,m,,,,2,1,unary,person,,,,,,0,0,,wrong,4,right,\"a\r\nb\""
    #expect(fault("\u{FEFF}\(header)\r\n\(row)\r\n", .csv) == nil)
    #expect(fault("\(header)\n\(row.replacing("\r", with: ""))\n", .csv) == nil)
    #expect(fault("\(header)\r\n", .csv) == nil, "a table may have no rows")
    #expect(
      fault("\(header)\r\n\(row)\r\n\(row.replacing("s,3", with: "s,3.5"))\r\n", .csv)
        == FormatFault(
          line: 4, field: "turn", .wrongType(expected: "a whole number", found: "\"3.5\"")))
    #expect(
      fault("\(header)\r\n\(row.dropLast())\r\n", .csv)
        == FormatFault(line: 2, field: "text", .broken(.notClosed("the quotation"))))
    #expect(fault("", .csv) == FormatFault(.empty))
    #expect(fault("\(header)\r\ns,3\r\n", .csv)?.field == "model")
  }

  @Test("a block of Markdown that is never closed is found where it begins")
  func blocks() throws {
    let text = try TranscriptFormat.markdown.render([Samples.tutoring]).text
    let line = text.utf8.count { $0 == UInt8(ascii: "\n") } + 1
    #expect(
      fault(text + "````text\n```\n", .markdown)
        == FormatFault(line: line, .broken(.notClosed("the block"))))
  }

  @Test("a tree nested as deep as a record may be is read; a deeper one is refused")
  func deepTrees() {
    for (depth, isValid) in [(998, true), (1100, false)] {
      var tree = ""
      for number in 0..<depth {
        tree += #"{"message_id":"\#(number)","text":"","role":"prompter","replies":["#
      }
      tree += String(repeating: "]}", count: depth)
      let found = fault(#"{"message_tree_id":"t","prompt":\#(tree)}"#, .oasst)
      #expect((found == nil) == isValid, "\(found as Any)")
    }
  }

  @Test("pictures of screens are checked, and nothing that runs passes")
  func pictures() throws {
    let golden = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../TerminalUITests/Goldens/hostile.svg").standardizedFileURL
    let svg = try String(contentsOf: golden, encoding: .utf8)
    #expect(try records(in: svg, as: .svg) == 1)
    for (old, new, field) in [
      ("<title>", "<script>1</script><title>", "script"),
      ("<rect ", "<rect onload=\"x\" ", "rect."),
      ("</svg>", "", "svg"), ("<svg ", "<svg onload=\"x()\" ", "svg.onload"),
      ("<title>", "<a href=\"x\"><title>", "a"), ("</title>", "</title", ""),
    ] {
      let found = fault(svg.replacing(old, with: new, maxReplacements: 1), .svg)
      #expect(found?.field.hasPrefix(field) == true, "\(new) \(found as Any)")
    }
  }

  @Test("a database is checked: tables, columns, views, types, and rows that belong together")
  func databases() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("all.sqlite")
    guard case .file(let check) = TranscriptFormat.sqlite.details.check else {
      Issue.record("the check is no file's")
      return
    }
    func make(
      tables: [Table] = Table.allCases, views: Int = SQLite.views.count,
      _ fill: (TableFile) throws -> Void
    ) throws {
      let file = try TableFile(
        at: path,
        tables: tables.map { table in
          TableFile.Table(
            name: table.rawValue, columns: table.columns.map { ($0.name, $0.kind) }, key: table.key)
        }, views: SQLite.views.prefix(views).map { ($0.name, $0.select) })
      try fill(file)
      try file.finish()
    }
    func found() -> FormatFault? {
      do throws(FormatFault) {
        _ = try check(path)
        return nil
      } catch {
        return error
      }
    }
    let facts = SessionFacts(Samples.tutoring)
    func add(_ table: Table, _ edit: ([Cell]) -> [Cell] = { $0 }, to file: TableFile) throws {
      let place = try #require(Table.allCases.firstIndex(of: table))
      for row in table.rows(of: facts) { try file.add(edit(row), to: place) }
    }
    try make { file in for table in Table.allCases { try add(table, to: file) } }
    #expect(try check(path) == 1 + 8 + 4 + 2)
    try make { try add(.turns, to: $0) }
    #expect(found()?.field == "turns[1].session")
    try make { file in
      for table in [Table.runs, .turns] { try add(table, to: file) }
      let cells: [Cell] = Table.votes.columns.map { $0.name == "session" ? .text("0f3a") : .null }
      try file.add([cells[0], .integer(3), .integer(99)] + cells.dropFirst(3), to: 4)
    }
    #expect(found()?.field == "votes[1].b")
    try make { file in
      try add(.runs, to: file)
      try add(.turns, { [$0[0], $0[1], .text("x")] + $0.dropFirst(3) }, to: file)
    }
    #expect(
      found()
        == FormatFault(
          field: "turns[1].parent", .wrongType(expected: "a whole number", found: "text")))
    try make(tables: [.runs, .turns, .attempts], views: 0) { _ in }
    #expect(found() == FormatFault(field: "feedback", .missing))
    try make(views: 1) { _ in }
    #expect(found()?.field == SQLite.views[1].name)
    try Data("no database at all, but long enough to be read as one".utf8)
      .write(to: URL(filePath: path))
    #expect(found() != nil)
  }
}

import Databases
import Foundation
import SessionCore
import StrictJSON
import TestSupport
import Testing

@testable import Transcripts

@Suite("Tables")
struct TableTests {
  /// The records of one format about sessions, as text.
  private func text(
    _ format: TranscriptFormat, _ sessions: [Session], _ table: Table? = nil
  ) throws -> String {
    try format.render(sessions, options: ExportOptions(table: table)).text
  }

  private func rows(_ table: Table, _ session: Session) throws -> [[String: Any]] {
    try text(.jsonl, [session], table).split(separator: "\n").map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
      return try #require(object as? [String: Any])
    }
  }

  @Test("The tables of a whole session look as they always did", arguments: Table.allCases)
  func goldens(table: Table) throws {
    let session = table == .votes ? duel(.b) : Samples.tutoring
    expectGolden(try text(.csv, [session], table), "\(table.rawValue).csv")
  }

  @Test("The log and the samples of a whole session look as they always did")
  func logs() throws {
    expectGolden(try text(.inspect, [Samples.tutoring]), "tutoring.inspect.json")
    expectGolden(try text(.harness, [Samples.tutoring]), "tutoring.lm-eval.jsonl")
  }

  @Test("Every row has a cell for every column, whatever happened in the session")
  func shapes() throws {
    var generator = SeededGenerator(seed: SeededGenerator.testSeed(standard: 41))
    for _ in 0..<30 {
      let session = RandomWalk.session(steps: 25, using: &generator).session
      let facts = SessionFacts(session)
      for table in Table.allCases {
        let rows = table.rows(of: facts)
        #expect(rows.allSatisfy { $0.count == table.columns.count })
      }
      #expect(Table.turns.rows(of: facts).count == session.turns.count)
      #expect(
        Table.attempts.rows(of: facts).count == session.turns.count { $0.role == .assistant })
    }
  }

  @Test("An attempt knows its number, its question and what moved the model")
  func attempts() throws {
    let attempts = try rows(.attempts, Samples.tutoring)
    #expect(attempts.map { $0["attempt"] as? Int } == [1, 2, 3, 2])
    #expect(attempts.map { $0["question"] as? Int } == [2, 2, 2, 2])
    #expect(
      attempts.map { $0["moved_by"] as? String } == [nil, "unary", "edit", "critique"])
    #expect(attempts.map { $0["outcome"] as? String } == ["wrong", "wrong", "right", nil])
    #expect(attempts.allSatisfy { $0["expected"] as? String == "84" })
    let feedback = try rows(.feedback, Samples.tutoring)
    #expect(feedback.map { $0["kind"] as? String } == ["unary", "critique"])
    #expect(feedback.map { $0["author_model"] as? String } == [nil, "critic"])
    #expect(feedback.map { $0["outcome_before"] as? String } == ["wrong", "wrong"])
    #expect(feedback.map { $0["outcome_after"] as? String } == ["wrong", nil])
  }

  /// A question, a first reply, and a duel on it; the sides are turns 3 and 4.
  private func duel(_ choice: Vote.Choice) -> Session {
    SessionBuilder().ask("?").reply("first").regenerate(TurnID(1)).reply("A")
      .regenerate(TurnID(1)).reply("B")
      .performing(.vote(Vote(choice, a: TurnID(2), b: TurnID(3)))).session
  }

  @Test("A vote is a row, and the replies it is about say how it went")
  func votes() throws {
    let words: [(Vote.Choice, String, [String?])] = [
      (.a, "a", [nil, "better", "worse"]), (.b, "b", [nil, "worse", "better"]),
      (.tie, "tie", [nil, "tie", "tie"]), (.bothBad, "both_bad", [nil, "both_bad", "both_bad"]),
    ]
    for (choice, word, told) in words {
      let session = duel(choice)
      let row = try #require(try rows(.votes, session).first)
      #expect(row["a"] as? Int == 3 && row["b"] as? Int == 4 && row["question"] as? Int == 1)
      #expect(row["choice"] as? String == word && row["author"] as? String == "person")
      #expect(row["winner"] as? Int == (choice == .a ? 3 : choice == .b ? 4 : nil))
      #expect(row["loser"] as? Int == (choice == .a ? 4 : choice == .b ? 3 : nil))
      #expect(try rows(.attempts, session).map { $0["vote"] as? String } == told)
    }
    #expect(Table.votes.rows(of: SessionFacts(Samples.tutoring)).isEmpty)
  }

  @Test("CSV quotes what it must, changes nothing, and tells nothing from an empty text")
  func csv() throws {
    let session = SessionBuilder(title: "=1+1").ask("a,\"b\"\r\nc").reply("", end: .length)
      .ask(" x").reply("-5").session
    let lines = try text(.csv, [session], .turns)
    for field in [",\"a,\"\"b\"\"\r\nc\"\r\n", ",,,\"\"\r\n", ",\" x\"\r\n", ",,,-5\r\n"] {
      #expect(lines.contains(field), "\(lines)")
    }
    #expect(try text(.csv, [session], .runs).contains("session-1,=1+1,tutor"))
  }

  @Test("Any text comes back from the lines and the samples, and passes its own check")
  func hostile() throws {
    let texts = try rows(.turns, Samples.hostile).map { $0["text"] as? String }
    #expect(
      texts.map { Array(($0 ?? "").utf8) } == Samples.hostile.turns.map { Array($0.text.utf8) })
    for format in [TranscriptFormat.jsonl, .inspect, .harness] {
      let text = try text(format, [Samples.hostile, Samples.tutoring])
      guard case .lines(let make) = format.details.check else { continue }
      var check = make()
      let lines = text.utf8.split(separator: UInt8(ascii: "\n"))
      for (number, line) in lines.enumerated() {
        try check.line(ArraySlice(Array(line)), number: number + 1)
      }
      #expect(try check.end(lines: lines.count) > 0)
    }
  }

  @Test("A folder of tables gets every session in every table")
  func folder() throws {
    var exporter = try Exporter(.csv, tables: Table.allCases)
    #expect(exporter.partCount == 5)
    for _ in 0..<2 { try exporter.add(Samples.tutoring) }
    try exporter.end()
    let counts = Table.allCases.indices.map { exporter.counts(ofPart: $0).records }
    #expect(counts == [2, 16, 8, 4, 0])
  }

  @Test("The document has every column of every table, as the program has it")
  func document() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../docs/formats/tables.md").standardizedFileURL
    let document = try String(contentsOf: file, encoding: .utf8)
    var rendered = document
    for table in Table.allCases {
      let rows = table.columns.map { "| `\($0.name)` | \($0.kind.rawValue) | \($0.meaning) |" }
      let block = "| Column | Type | Meaning |\n|---|---|---|\n" + rows.joined(separator: "\n")
      let (start, end) = ("<!-- table \(table.rawValue) -->\n", "\n<!-- end -->")
      let from = try #require(rendered.range(of: start)?.upperBound)
      let to = try #require(rendered.range(of: end, range: from..<rendered.endIndex)?.lowerBound)
      rendered.replaceSubrange(from..<to, with: block)
    }
    for view in SQLite.views {
      #expect(document.contains("| `\(view.name)` | \(view.meaning) |"), "\(view.name)")
    }
    guard rendered != document else { return }
    if ProcessInfo.processInfo.environment["RECORD_GOLDENS"] == "1" {
      try Data(rendered.utf8).write(to: file)
    }
    Issue.record("the tables are not the program's (RECORD_GOLDENS=1 mends them)")
  }
}

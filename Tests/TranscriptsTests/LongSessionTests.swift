import Friction
import SessionCore
import StrictJSON
import TestSupport
import Testing

@testable import Transcripts

/// Sessions far longer than anybody reads: nothing is held more often than it has to be.
@Suite struct LongSessionTests {
  /// A chain of questions, each with a wrong reply, a remark and a right one.
  private func chain(of questions: Int) -> Session {
    var builder = SessionBuilder()
    for number in 0..<questions {
      builder = builder.ask("What is \(number) × 7?", expecting: .number("\(number * 7)"))
        .reply("wrong \(number)").judge(.wrong, nil)
        .feedback(.unary).reply("right \(number)").judge(.right, nil)
    }
    return builder.session
  }

  @Test("a tree deeper than its readers can follow is cut there, and told")
  func deepTrees() throws {
    let session = chain(of: 150)
    let tree = try TranscriptFormat.oasst.render([session])
    let due = Omission(kind: .tooDeep, count: session.turns.count - OpenAssistant.depthMax)
    #expect(tree.omissions.contains(due), "\(tree.omissions)")
    #expect(try records(in: tree.text, as: .oasst) == 1)
    #expect(tree.text.ranges(of: "\"message_id\"").count == OpenAssistant.depthMax)
  }

  @Test(
    "many records of one session leave memory as they come", arguments: ["preference", "openai"])
  func drained(name: String) throws {
    let format = try TranscriptFormat(named: name)
    let session = chain(of: 150)
    let whole = try format.render([session, session]).text
    final class Sink { var bytes: [UInt8] = [], pieces: [Int] = [] }
    let sink = Sink()
    var exporter = try Exporter(format) { part, piece in
      #expect(part == 0)
      sink.bytes += piece
      sink.pieces.append(piece.count)
    }
    for _ in 0..<2 {
      try exporter.add(session)
      sink.bytes += exporter.take()
    }
    try exporter.end()
    sink.bytes += exporter.take()
    #expect(String(decoding: sink.bytes, as: UTF8.self) == whole)
    if whole.utf8.count > 4 << 20 { #expect(!sink.pieces.isEmpty) }
    #expect(sink.pieces.allSatisfy { $0 < 2 << 20 })
  }

  @Test("the metrics of a page are those of the report, though they are added up by session")
  func sums() {
    var generator = SeededGenerator(seed: SeededGenerator.testSeed(standard: 8))
    let sessions =
      (0..<25).map { _ in RandomWalk.session(steps: 25, using: &generator).session }
      + [Samples.tutoring, Samples.everything, Samples.hostile]
    var sums = HTMLPage.Sums()
    for session in sessions { sums.add(FrictionReport(sessions: [session]).rows) }
    let rows = FrictionReport(sessions: sessions).rows
    let found = sums.sorted
    #expect(found.map(\.group.model) == rows.map(\.model))
    #expect(found.map(\.group.script) == rows.map(\.script))
    #expect(found.map(\.counts.kind) == rows.map(\.kind))
    for (row, counts) in zip(rows, found.map(\.counts)) {
      #expect(counts.lines == row.lines && counts.attempts == row.attempts)
      #expect(counts.judgedAttempts == row.outcomes.judgedAttempts)
      #expect(counts.rightByAttempt == row.outcomes.atAttempt.map(\.cumulative.count))
      #expect(counts.judgedLines == row.outcomes.atAttempt.last?.cumulative.total ?? 0)
      #expect(counts.steps == row.outcomes.steps)
      #expect(counts.identical.count == row.repetition.identical.count)
      #expect(counts.identical.total == row.repetition.identical.total)
      #expect(counts.tokens?.prompt == row.cost.total?.prompt)
      #expect(counts.tokens?.evaluated == row.cost.total?.evaluated)
      #expect(counts.tokens?.generated == row.cost.total?.generated)
    }
  }
}

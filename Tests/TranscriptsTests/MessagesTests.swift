import Foundation
import SessionCore
import TestSupport
import Testing

@testable import Transcripts

@Suite struct MessagesTests {
  @Test("the current conversation is one line, edited replies in their last version")
  func current() throws {
    let transcript = try TranscriptFormat.messages.render([Samples.tutoring])
    expectGolden(transcript.text, "tutoring.jsonl")
    #expect(
      transcript.omissions == [
        Omission(kind: .otherBranches, count: 3), Omission(kind: .verdicts, count: 3),
        Omission(kind: .ratings, count: 2), Omission(kind: .notes, count: 1),
        Omission(kind: .feedbackDetails, count: 2), Omission(kind: .authorship, count: 1),
        Omission(kind: .recipes, count: 4), Omission(kind: .times, count: 8),
        Omission(kind: .provenance, count: 1),
      ])
  }

  @Test("all branches are one line a last reply")
  func all() throws {
    let transcript = try TranscriptFormat.messages.render(
      [Samples.tutoring], options: ExportOptions(branches: .all))
    let lines = try decoded(transcript.text)
    #expect(lines.map(\.messages.count) == [5, 5, 5])
    #expect(lines.map { $0.messages.last?.content.suffix(2) } == ["82", "84", "he"])
    #expect(!transcript.omissions.contains { $0.kind == .otherBranches })
  }

  @Test("a conversation ends with its last reply that says something")
  func unanswered() throws {
    let session = SessionBuilder(title: "t").ask("1?").reply("1").ask("2?")
      .reply("", stopped: .failed("f")).session
    let transcript = try TranscriptFormat.messages.render([session])
    #expect(
      transcript.text
        == #"{"messages":[{"role":"user","content":"1?"},{"role":"assistant","content":"1"}]}"#
        + "\n")
    #expect(transcript.omissions.contains(Omission(kind: .unanswered, count: 2)))
  }

  @Test("a session without a reply gives no line, and says so")
  func silent() throws {
    let silent = SessionBuilder(title: "silent").ask("?").session
    #expect(throws: TranscriptError.nothingToExport) {
      try TranscriptFormat.messages.render([silent])
    }
    let transcript = try TranscriptFormat.messages.render([silent, Samples.tutoring])
    #expect(transcript.omissions.first == Omission(kind: .sessions, count: 1))
  }

  @Test("any text comes back from its line as it was", arguments: [Branches.current, .all])
  func roundTrip(branches: Branches) throws {
    var generator = SeededGenerator(seed: SeededGenerator.testSeed(standard: 21))
    for session in [Samples.hostile]
      + (0..<40).map({ _ in RandomWalk.session(steps: 20, using: &generator).session })
    {
      let options = ExportOptions(branches: branches)
      // A session without a reply gives nothing, which is said.
      let text = try? TranscriptFormat.messages.render([session], options: options).text
      for line in try decoded(text ?? "") {
        let last = line.messages.last
        #expect(last?.role == "assistant")
        let source = session.turns.filter {
          $0.role == .assistant && Array($0.text.utf8) == Array((last?.content ?? "").utf8)
        }
        let paths = source.map { session.path(to: $0.id).map { Message($0) } }
        #expect(paths.contains(line.messages))
      }
    }
  }

  @Test("an unknown format is refused with the list of those there are")
  func unknown() {
    #expect(
      throws: TranscriptError.unknownFormat(
        "shareGPT", known: TranscriptFormat.allCases.map(\.rawValue))
    ) { try TranscriptFormat(named: "shareGPT") }
    #expect(throws: Never.self) { try TranscriptFormat(named: "html") }
  }

  private struct Line: Decodable { var messages: [Message] }

  private struct Message: Decodable, Equatable {
    var role: String
    var content: String

    init(_ turn: Turn) {
      role = turn.role.rawValue
      content = turn.text
    }
  }

  private func decoded(_ lines: String) throws -> [Line] {
    try lines.utf8.split(separator: UInt8(ascii: "\n")).map {
      try JSONDecoder().decode(Line.self, from: Data($0))
    }
  }
}

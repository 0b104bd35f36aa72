import Foundation
import SessionCore
import TestSupport
import Testing

@testable import Transcripts

@Suite struct ExportDocumentTests {
  private func document() throws -> String {
    try String(
      contentsOf: URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../docs/formats/exports.md"), encoding: .utf8)
  }

  @Test("every format has its section", arguments: TranscriptFormat.allCases)
  func section(format: TranscriptFormat) throws {
    #expect(try document().contains("\n## \(format.rawValue)\n"))
  }

  @Test("the example of messages is what the program writes")
  func example() throws {
    let session = SessionBuilder()
      .ask("What is 12 × 7?").reply("Answer: 74")
      .feedback(.unary).reply("Answer: 84").session
    let example = try TranscriptFormat.messages.render([session]).text
    #expect(try document().contains("```json\n\(example)```"), "paste this:\n\(example)")
  }
}

import Foundation
import SessionCore
import TestSupport
import Testing

@testable import Transcripts

/// What `docs/formats/exports.md` says of the formats is what the program does: its generated
/// part is written by these tests (`make goldens`), and compared ever after.
@Suite struct ExportDocumentTests {
  private static let begin = "<!-- formats: written by ExportDocumentTests; make goldens -->\n"
  private static let end = "<!-- formats: end -->\n"

  private let url = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../docs/formats/exports.md").standardizedFileURL

  @Test("every format has its section")
  func sections() throws {
    let document = try String(contentsOf: url, encoding: .utf8)
    for format in TranscriptFormat.allCases {
      let isThere = document.contains("\n### \(format.rawValue)\n")
      #expect(isThere, "\(format.rawValue)")
    }
  }

  @Test("the formats are described as they are")
  func generated() throws {
    let document = try String(contentsOf: url, encoding: .utf8)
    let before = try #require(document.range(of: Self.begin))
    let after = try #require(document.range(of: Self.end))
    let written = String(document[before.upperBound..<after.lowerBound])
    let due = try Self.formats()
    if ProcessInfo.processInfo.environment["RECORD_GOLDENS"] == "1" {
      let new = document[..<before.upperBound] + due + document[after.lowerBound...]
      try Data(new.utf8).write(to: url)
      Issue.record("recorded \(url.lastPathComponent); run again without RECORD_GOLDENS")
    } else {
      let isAsWritten = written == due
      #expect(isAsWritten, "run make goldens and read the difference")
    }
  }

  private static func formats() throws -> String {
    var text = "\n| Format | For | What |\n|---|---|---|\n"
    for format in TranscriptFormat.allCases {
      text += "| [`\(format.rawValue)`](#\(format.rawValue)) | \(purpose(format)) "
      text += "| \(escaped(format.details.summary)) |\n"
    }
    for format in TranscriptFormat.allCases { text += try section(format) }
    return text + "\n"
  }

  private static func section(_ format: TranscriptFormat) throws -> String {
    let details = format.details
    let noPlaceFor = Omission.Kind.allCases.filter(details.noPlaceFor.contains).map(\.words)
    let summary = details.summary.prefix(1).uppercased() + details.summary.dropFirst()
    var text = "\n### \(format.rawValue)\n\n\(escaped(summary)).\n\n"
    text += "- Fields after: \(escaped(details.source)).\n"
    text += "- Read by: \(escaped(details.readers)).\n"
    if !noPlaceFor.isEmpty { text += "- No place for: \(noPlaceFor.joined(separator: "; ")).\n" }
    guard details.purpose == .training else { return text }
    let example =
      try format.render([Samples.documented]).text
      .split(separator: "\n").first { $0.count > 2 } ?? ""
    return text + "\n```json\n\(example.hasSuffix(",") ? example.dropLast() : example)\n```\n"
  }

  private static func purpose(_ format: TranscriptFormat) -> String {
    switch format.details.purpose {
    case .reading: "people"
    case .training: "trainers"
    case .analysis: "analysts"
    }
  }

  /// Marks such as `<EF>` would be HTML to a reader of Markdown.
  private static func escaped(_ text: String) -> String {
    text.replacing("<", with: "&lt;").replacing("|", with: "\\|")
  }

  @Test("the card of a data set says what is in it, and what is not")
  func card() throws {
    var scrubber = try Scrubber()
    var exporter = try Exporter(.preference, split: try SplitPlan(parsing: "train=0.5,test=0.5"))
    for session in [Samples.everything, Samples.tutoring, Samples.hostile] {
      try exporter.add(scrubber.scrub(session))
    }
    let files = (0..<exporter.partCount).map { part in
      let counts = exporter.counts(ofPart: part)
      return DatasetCard.File(
        name: "pairs.\(part).jsonl", split: "part|\(part)", records: counts.records,
        sessions: counts.sessions)
    }
    let card = DatasetCard(
      format: .preference, tally: exporter.tally, files: files,
      command: "terntable export x ``` --format preference\n# heading", application: "terntable 0",
      license: "CC-BY \"4.0\"", scrubbed: scrubber.counts)
    expectGolden(card.text, "card.md")
  }
}

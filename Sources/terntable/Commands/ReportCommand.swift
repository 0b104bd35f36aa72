import ArgumentParser
import Experiments
import Foundation
import Friction
import Transcripts

/// Measures recorded sessions; needs no model.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Measure how the models of recorded sessions took feedback.",
    discussion: """
      PATH is a recorded session (.tern.jsonl), or a folder: then all sessions in it and below \
      are read. The sessions are sorted by model and kind of feedback, or by the arm of the \
      experiment they belong to. A damaged session is named, left out, and makes the exit code 65.

      Shares come with their 95 % interval (Wilson); - is unknown. regenerate, the reply drawn \
      again with nothing said, is the control. docs/method/friction.md has every formula.

      --html writes a page for browsers with plots and sample conversations, which loads and runs \
      nothing; --markdown the same tables and plots as a text, the pictures beside it. On a terminal \
      curves are drawn in braille dots; --plain, NO_COLOR and pipes are respected.

      Examples:
        terntable report results
        terntable report results --html report.html
        terntable report results --json | jq '.arms[] | {arm, accuracy_at}'
        terntable report results --csv numbers.csv
      """)

  @Argument(help: "A folder of sessions, or one session.", completion: .sessions)
  var path: String

  @Flag(help: "Print one JSON object.")
  var json = false

  @Option(help: "Also write every number to this file, one a line.")
  var csv: String?

  @Option(help: "Also write a page for browsers to this file.")
  var html: String?

  @Option(help: "Also write Markdown to this file, and its pictures (SVG) beside it.")
  var markdown: String?

  @Flag(help: "ASCII only, no colour.")
  var plain = false

  func run() throws {
    let journals = try JournalInput.journals(in: path)
    var meter = FrictionMeter(readingParts: Checker.parts)
    var samples = SampleSessions()
    var damage: [CommandFailure] = []
    for journal in journals {
      do {
        let session = try JournalInput.session(at: journal)
        meter.add(session)
        samples.add(session)
      } catch {
        damage.append(commandFailure(for: error))
      }
    }
    if let first = damage.first, damage.count == journals.count { throw first }
    let report = meter.report
    if let csv { try ResultFile.replace(csv, with: FrictionCSV(report).text) }
    try writeDocuments(ReportDocument(report, title: title, samples: samples.sessions))
    if json {
      try printJSON(report)
    } else {
      try ResultFile.print(FrictionTable(report, look: look).text)
    }
    for failure in damage { say("terntable: \(failure.text)") }
    if let first = damage.first { throw first.exitCode }
  }

  private var title: String {
    let name = URL(filePath: path).lastPathComponent
    return "How feedback was taken: \(name)"
  }

  private var look: FrictionTable.Look {
    guard !plain, isatty(STDOUT_FILENO) == 1 else { return .plain }
    let environment = ProcessInfo.processInfo.environment
    guard LocaleFacts.isUTF8 else { return .plain }
    return .terminal(colour: (environment["NO_COLOR"] ?? "").isEmpty)
  }

  private func writeDocuments(_ document: ReportDocument) throws {
    if let html { try ResultFile.replace(html, with: document.html) }
    guard let markdown else { return }
    let file = URL(filePath: markdown)
    let stem = file.deletingPathExtension().lastPathComponent
    let (text, pictures) = document.markdown(stem: stem)
    for picture in pictures {
      let path = file.deletingLastPathComponent().appending(path: "\(stem)-\(picture.name).svg")
      try ResultFile.replace(path.path, with: picture.svg)
    }
    try ResultFile.replace(markdown, with: text)
  }
}

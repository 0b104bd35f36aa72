import ArgumentParser
import Foundation
import Transcripts

extension Branches: ExpressibleByArgument {}
extension HindsightFrame: ExpressibleByArgument {}

/// Writes recorded sessions in a format for people, for trainers or for analysts.
struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write recorded sessions as a transcript, a dataset or a table.",
    discussion: """
      FILE is a recorded session (.tern.jsonl), or a folder: then all sessions in it and below; \
      - reads one from standard input. Any number of sessions is exported in the memory of one. \
      What a format has no place for is told on standard error, and on the card OUT.card.md that \
      every dataset file gets. docs/formats/exports.md has an example of each format.

      Formats:
      \(formatList)

      Examples:
        terntable export SESSION.tern.jsonl --format html -o session.html
        terntable export SESSION.tern.jsonl --format asciicast --idle-limit 2 -o session.cast
        terntable export SESSION.tern.jsonl --format svg -o session.svg
        chromium --headless --screenshot=session.png --window-size=700,460 session.svg
        terntable export results --format messages -o train.jsonl.gz
        terntable export results --format preference --split train=0.9,test=0.1 -o data.jsonl
        terntable export results --format sharegpt --scrub --scrub-pattern 'Project \\w+'
        terntable export results --format csv -o tables
        terntable export results --format sqlite -o results.sqlite
        terntable export - --format markdown < SESSION.tern.jsonl | less

      A damaged session is named, left out, and makes the exit code 65.
      """)

  @Argument(help: "Recorded sessions, and folders of them.", completion: .sessions)
  var files: [String]

  @Option(help: "One of the formats above.")
  var format: String

  @Option(
    name: .shortAndLong,
    help: "Write to this file, replaced when all is ready; compressed if it ends in .gz.")
  var output: String?

  @Option(help: "For messages and its like: the current conversation of each session, or all.")
  var branches = Branches.current

  @Option(help: "For csv and jsonl: \(list(Table.allCases.map(\.rawValue))).")
  var table: String?

  @Option(help: "For hindsight, may be repeated; frames take turns. Default: the first four.")
  var frame: [HindsightFrame] = []

  @Option(help: "Several files, such as train=0.9,test=0.1; a task is in one of them only.")
  var split: String?

  @Flag(help: "First replace e-mails, telephone numbers, keys, IP addresses and paths.")
  var scrub = false

  @Option(help: "Also replace what matches this regular expression; may be repeated.")
  var scrubPattern: [String] = []

  @Option(help: "For asciicast and svg: columns and rows of the terminal.")
  var size = TerminalSize(columns: 80, rows: 24)

  @Option(help: "For asciicast: the longest pause of a player, in seconds.")
  var idleLimit: Double?

  @Option(help: "The licence that the card names.")
  var license: String?

  private static var formatList: String {
    let width = TranscriptFormat.allCases.map(\.rawValue.count).max() ?? 0
    return TranscriptFormat.allCases.map {
      "  \($0.rawValue.padding(toLength: width + 2, withPad: " ", startingAt: 0))"
        + $0.details.summary
    }.joined(separator: "\n")
  }

  func validate() throws {
    if files.count(where: { $0 == "-" }) > 1 {
      throw ValidationError("standard input can be read only once")
    }
    if let idleLimit, !(idleLimit > 0 && idleLimit.isFinite) {
      throw ValidationError("--idle-limit is a number of seconds above 0")
    }
  }

  func run() async throws {
    let scrubs = scrub || !scrubPattern.isEmpty
    let screen = ScreenOptions(
      columns: size.columns, rows: size.rows, idleLimitSeconds: idleLimit,
      draw: ScreenDrawing.svg)
    let options = ExportOptions(
      branches: branches, frames: frame, isScrubbed: scrubs, screen: screen,
      table: try table.map { name throws(TranscriptError) in try Table(named: name) })
    let run = ExportRun(
      format: try TranscriptFormat(named: format), options: options,
      split: try split.map { text throws(TranscriptError) in try SplitPlan(parsing: text) },
      scrubPatterns: scrubs ? scrubPattern : nil, output: output,
      license: license)
    let journals = try files.flatMap { $0 == "-" ? ["-"] : try JournalInput.journals(in: $0) }
    let stop = StopSignals()
    try await stop.cancelling { try run.export(journals) }
  }
}

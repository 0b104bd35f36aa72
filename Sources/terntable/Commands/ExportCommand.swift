import ArgumentParser
import Transcripts

extension Branches: ExpressibleByArgument {}

/// Writes recorded sessions in a format for people or for trainers.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write recorded sessions as a transcript or a dataset.",
    discussion: """
      FILE is a recorded session (.tern.jsonl); - reads one from standard input. Several sessions \
      become one document, page or dataset. What a format has no place for is told on standard \
      error.

      Formats:
        markdown   the whole session as text, the current conversation first
        html       one page, no scripts: attempts, changes, authorship; it prints
        messages   JSON Lines, one conversation a line, as TRL reads them

      Examples:
        terntable export SESSION.tern.jsonl --format html -o session.html
        terntable export results/*.tern.jsonl --format messages -o train.jsonl
        terntable export - --format markdown < SESSION.tern.jsonl | less
      """)

  @Argument(help: "Recorded sessions.")
  var files: [String]

  @Option(help: "\(list(TranscriptFormat.allCases.map(\.rawValue))).")
  var format: String

  @Option(name: .shortAndLong, help: "Write to this file, replaced when all is ready.")
  var output: String?

  @Option(help: "For messages: the current conversation of each session, or all.")
  var branches = Branches.current

  func validate() throws {
    if files.count(where: { $0 == "-" }) > 1 {
      throw ValidationError("standard input can be read only once")
    }
  }

  func run() throws {
    let format = try TranscriptFormat(named: format)
    let sessions = try files.map { try JournalInput.session(at: $0) }
    let transcript = try format.render(sessions, branches: branches)
    if let output, output != "-" {
      try ResultFile.replace(output, with: transcript.text)
    } else {
      try ResultFile.print(transcript.text)
    }
    for text in texts(for: transcript.omissions) { say(text) }
  }
}

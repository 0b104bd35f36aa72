import ArgumentParser
import Friction

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

      Examples:
        terntable report results
        terntable report results --json | jq '.arms[] | {arm, accuracy_at}'
        terntable report results --csv numbers.csv
      """)

  @Argument(help: "A folder of sessions, or one session.")
  var path: String

  @Flag(help: "Print one JSON object.")
  var json = false

  @Option(help: "Also write every number to this file, one a line.")
  var csv: String?

  func run() throws {
    let journals = try JournalInput.journals(in: path)
    var meter = FrictionMeter()
    var damage: [CommandFailure] = []
    for journal in journals {
      do {
        meter.add(try JournalInput.session(at: journal))
      } catch {
        damage.append(commandFailure(for: error))
      }
    }
    if let first = damage.first, damage.count == journals.count { throw first }
    let report = meter.report
    if let csv { try ResultFile.replace(csv, with: FrictionCSV(report).text) }
    if json {
      try printJSON(report)
    } else {
      try ResultFile.print(FrictionTable(report).text)
    }
    for failure in damage { say("terntable: \(failure.text)") }
    if let first = damage.first { throw first.exitCode }
  }
}

import ArgumentParser
import Foundation
import Transcripts

/// Checks that a file is what a format says.
struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Check that a file has a format's shape, and name the line and field if not.",
    discussion: """
      FILE is an exported file, or one from elsewhere that claims to be of the format; - is \
      standard input; a file that gzip packed is unpacked. It is read strictly and in the memory \
      of one record. Pages, pictures and transcripts are valid when nothing in them runs, loads \
      anything or hides, and every line or element is one that export writes. Exit code 65: it \
      is not valid.

      Formats: \(list(TranscriptFormat.allCases.map(\.rawValue)))

      Examples:
        terntable validate train.jsonl --as messages
        terntable validate pairs.jsonl.gz --as preference --json
        terntable validate tables/attempts.csv --as csv
        terntable export SESSION.tern.jsonl --format html | terntable validate - --as html
      """)

  @Argument(help: "The file.")
  var file: String

  @Option(name: .customLong("as"), help: "The format it should have.")
  var format: String

  @Flag(help: "Print one JSON object.")
  var json = false

  private struct Finding: Encodable {
    var file: String
    var format: String
    var valid: Bool
    var records: Int?
    var line: Int?
    var field: String?
    var problem: String?
  }

  func run() throws {
    let format = try TranscriptFormat(named: format)
    do {
      let records = try check(format)
      if json {
        let finding = Finding(file: file, format: format.rawValue, valid: true, records: records)
        return try printJSON(finding)
      }
      let name = file == "-" ? "standard input" : Plain.line(file)
      let count = records == 1 ? "1 record" : "\(records) records"
      try ResultFile.print("\(name): valid \(format.rawValue), \(count)\n")
    } catch let fault as FormatFault {
      let failure = commandFailure(for: fault, in: file)
      if json {
        try printJSON(
          Finding(
            file: file, format: format.rawValue, valid: false, line: fault.line,
            field: fault.field, problem: words(for: fault.reason)))
      }
      throw failure
    }
  }

  /// - Returns: the number of records.
  private func check(_ format: TranscriptFormat) throws -> Int {
    switch format.details.check {
    case .file(let check):
      if file == "-" {
        throw CommandFailure("\(format.rawValue) is no text; name its file, not -", .usage)
      }
      guard FileManager.default.isReadableFile(atPath: file) else {
        throw CommandFailure("\(file): cannot read the file", .noInput)
      }
      return try check(file)
    case .lines(let make):
      var check = make()
      let reader = try FileLines(file)
      let progress = LineProgress()
      defer { progress.clear() }
      while let line = try reader.next() {
        try check.line(line, number: reader.lineCount)
        progress.show(reader.lineCount)
      }
      return try check.end(lines: reader.lineCount)
    }
  }
}

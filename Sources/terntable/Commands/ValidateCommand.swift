import ArgumentParser
import Transcripts

/// Checks that a file is what a format says.
struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Check that a file has a format's shape, and name the line and field if not.",
    discussion: """
      FILE is an exported file, or one from elsewhere that claims to be of the format; - is \
      standard input; a file that gzip packed is unpacked. It is read strictly and in the memory \
      of one record. Exit code 65: it is not valid.

      Formats: \(list(formats))

      Examples:
        terntable validate train.jsonl --as messages
        terntable validate pairs.jsonl.gz --as preference --json
      """)

  @Argument(help: "The file.")
  var file: String

  @Option(name: .customLong("as"), help: "The format it should have.")
  var format: String

  @Flag(help: "Print one JSON object.")
  var json = false

  private static var formats: [String] {
    TranscriptFormat.allCases.filter { $0.details.check != nil }.map(\.rawValue)
  }

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
    guard let check = format.details.check else {
      throw TranscriptError.unknownFormat(format.rawValue, known: Self.formats)
    }
    do {
      let records = try Self.check(file, check)
      if json {
        let finding = Finding(file: file, format: format.rawValue, valid: true, records: records)
        return try printJSON(finding)
      }
      try ResultFile.print("\(Plain.line(file)): valid \(format.rawValue), \(records) records\n")
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
  private static func check(_ file: String, _ check: FormatCheck) throws -> Int {
    switch check {
    case .file(let check): return try check(file)
    case .lines(let make):
      var check = make()
      let reader = try FileLines(file)
      while let line = try reader.next() { try check.line(line, number: reader.lineCount) }
      return try check.end(lines: reader.lineCount)
    }
  }
}

import ArgumentParser
import Foundation
import SessionCore
import SessionRuntime
import Transcripts

/// One run of `terntable export`: session by session from journals into files, in the memory of
/// one session.
struct ExportRun: Sendable {
  var format: TranscriptFormat
  var options: ExportOptions
  var split: SplitPlan?
  /// Patterns of the person's own; nil when nothing is to be scrubbed.
  var scrubPatterns: [String]?
  var output: String?
  var license: String?

  /// Reads every journal, writes every file, and says what was left out.
  /// - Throws: the exit code for bad data when some journals, but not all, were damaged.
  func export(_ journals: [String]) throws {
    var scrubber: Scrubber?
    if let scrubPatterns { scrubber = try Scrubber(patterns: scrubPatterns) }
    let paths = try outputPaths()
    let details = format.details
    let outlets = try paths.map { try ExportOutlet($0, for: details) }
    var exporter = try Exporter(
      format, options: options, split: split, tables: tables ?? [],
      paths: outlets.map { $0.partial ?? "" },
      sink: { outlets[$0].writeEarly($1) })
    let damage = try add(journals, to: &exporter, outlets, &scrubber)
    try exporter.end()
    for (part, outlet) in outlets.enumerated() {
      try outlet.write(exporter.take(part))
      try outlet.end(head: exporter.takeHead(part))
    }
    let card = try cardStream(exporter, paths, scrubber)
    for outlet in outlets { try outlet.commit() }
    try card?.commit()
    report(exporter, paths, scrubber?.counts ?? [:])
    for failure in damage { say("terntable: \(failure.text)") }
    if let first = damage.first { throw first.exitCode }
  }

  /// - Returns: what is wrong with journals that were left out.
  private func add(
    _ journals: [String], to exporter: inout Exporter, _ outlets: [ExportOutlet],
    _ scrubber: inout Scrubber?
  ) throws -> [CommandFailure] {
    var damage: [CommandFailure] = []
    let progress = SessionProgress(of: journals.count)
    defer { progress.clear() }
    for (done, journal) in journals.enumerated() {
      if Task.isCancelled { throw CommandFailure("stopped; nothing was written", .interrupted) }
      let session: Session
      do {
        session = try JournalInput.session(at: journal)
      } catch {
        damage.append(commandFailure(for: error))
        continue
      }
      try exporter.add(scrubber?.scrub(session) ?? session)
      for (part, outlet) in outlets.enumerated() { try outlet.write(exporter.take(part)) }
      progress.show(done + 1)
    }
    if let first = damage.first, damage.count == journals.count { throw first }
    return damage
  }

  /// All tables, when a format of many files is asked for under a name that is no file's.
  private var tables: [Table]? {
    guard format.details.isManyFiles, options.table == nil, let output, output != "-" else {
      return nil
    }
    let ending = "." + format.details.fileExtension
    return output.hasSuffix(ending) || output.hasSuffix(ending + ".gz") ? nil : Table.allCases
  }

  /// One file a split: `data.jsonl` becomes `data.train.jsonl` and `data.test.jsonl`.
  private func outputPaths() throws -> [String?] {
    guard let output, output != "-" else {
      if split != nil { throw ValidationError("--split needs -o with the name of a file") }
      if format.details.needsFile { throw TranscriptError.needsFile(format.rawValue) }
      return [nil]
    }
    if format.details.needsFile, output.hasSuffix(".gz") {
      throw TranscriptError.needsFile(format.rawValue)
    }
    // A name that promises what is not in the file misleads whoever opens it.
    for ending in [".zst", ".xz", ".bz2", ".zip"] where output.hasSuffix(ending) {
      throw ValidationError("\(output): only .gz is compressed here; write - and pipe it instead")
    }
    if let tables {
      if split != nil { throw ValidationError("--split needs -o with a file, or --table") }
      try SessionFolder.create(output, mode: 0o777)
      return tables.map { "\(output)/\($0.rawValue).\(format.details.fileExtension)" }
    }
    guard let split else { return [output] }
    return split.names.map { Self.path(output, split: $0) }
  }

  static func path(_ output: String, split: String) -> String {
    let folderEnd = output.lastIndex(of: "/").map { output.index(after: $0) } ?? output.startIndex
    var stem = output
    var ending = ""
    for suffix in [".gz"] where stem.hasSuffix(suffix) {
      stem.removeLast(suffix.count)
      ending = suffix
    }
    guard let dot = stem[folderEnd...].lastIndex(of: "."), dot > folderEnd else {
      return "\(stem).\(split)\(ending)"
    }
    return "\(stem[..<dot]).\(split)\(stem[dot...])\(ending)"
  }

  /// The card beside a data set; people's formats speak for themselves.
  private func cardStream(
    _ exporter: Exporter, _ paths: [String?], _ scrubber: Scrubber?
  ) throws -> ResultStream? {
    guard let output, output != "-", format.details.purpose != .reading else { return nil }
    let files = paths.enumerated().map { part, path in
      let counts = exporter.counts(ofPart: part)
      return DatasetCard.File(
        name: (path ?? "").split(separator: "/").last.map(String.init) ?? "",
        split: split?.names[part], records: counts.records, sessions: counts.sessions)
    }
    // Paths and patterns of the command line tell as much as those of the sessions.
    let command = (["terntable"] + CommandLine.arguments.dropFirst()).joined(separator: " ")
    let card = DatasetCard(
      format: format, tally: exporter.tally, files: files,
      command: scrubber?.scrub(command) ?? command,
      application: ProgramVersion.application, license: license, scrubbed: scrubber?.counts)
    let stream = try ResultStream("\(output).card.md")
    try stream.write(card.text)
    return stream
  }

  /// Tells on standard error what came of it, and what is not in it.
  private func report(
    _ exporter: Exporter, _ paths: [String?], _ scrubbed: [Scrubber.Kind: Int]
  ) {
    for text in texts(for: exporter.tally.omissions) { say(text) }
    for kind in Scrubber.Kind.allCases {
      if let count = scrubbed[kind], count > 0 {
        say("replaced by \(kind.replacement): \(count)")
      }
    }
    guard output != nil, output != "-" else { return }
    for (part, path) in paths.enumerated() {
      let counts = exporter.counts(ofPart: part)
      say("\(path ?? ""): \(counts.records) records of \(counts.sessions) sessions")
    }
  }
}

/// The page beside an exported data set: what it is, where it comes from, what is not in it.
///
/// Markdown with the YAML head that the Hugging Face hub reads.
public struct DatasetCard: Sendable {
  /// One file of the set.
  public struct File: Sendable {
    public var name: String
    public var split: String?
    public var records: Int
    public var sessions: Int

    public init(name: String, split: String?, records: Int, sessions: Int) {
      self.name = name
      self.split = split
      self.records = records
      self.sessions = sessions
    }
  }

  public var format: TranscriptFormat
  public var tally: ExportTally
  public var files: [File]
  /// As the person typed it.
  public var command: String
  /// Program and version.
  public var application: String
  /// A licence that the person named.
  public var license: String?
  /// What ``Scrubber`` took out; nil when it was not asked to.
  public var scrubbed: [Scrubber.Kind: Int]?

  public init(
    format: TranscriptFormat, tally: ExportTally, files: [File], command: String,
    application: String, license: String?, scrubbed: [Scrubber.Kind: Int]?
  ) {
    self.format = format
    self.tally = tally
    self.files = files
    self.command = command
    self.application = application
    self.license = license
    self.scrubbed = scrubbed
  }

  public var text: String {
    let head = ["---", "license: \(yaml(license ?? "unknown"))", "---"]
    return
      (head + [
        "# \(files.map { Markdown.escaped($0.name) }.joined(separator: ", "))", "",
        "Recorded conversations with language models, exported as `\(format.rawValue)`: "
          + "\(format.details.summary).", "",
        "Fields after: \(format.details.source). Read by: \(format.details.readers).", "",
        "## Contents", "",
      ] + table(["File", "Split", "Records", "Sessions"], fileRows) + [
        "", "\(tally.sessions) sessions, \(tally.turns) turns, \(tally.replies) replies.", "",
        "## Where it comes from", "",
      ] + table(["Model", "SHA-256 of its file", "Replies"], modelRows) + [""]
      + table(["Script", "Sessions"], scriptRows) + ["", "## Feedback and findings", ""]
      + table(["What", "How many"], feedbackRows) + ["", "## Left out", ""]
      + table(["What", "How many"], omissionRows) + [
        "", "## Made by", "", "```text", commandLine, "```", "",
      ]
      + ["\(Markdown.escaped(application)). Licence: \(Markdown.escaped(license ?? "unknown"))."])
      .joined(separator: "\n") + "\n"
  }

  /// What the person typed, on one line, and never a fence.
  private var commandLine: String { VisibleText.line(command).replacing("```", with: "'''") }

  private var fileRows: [[String]] {
    files.map { [$0.name, $0.split ?? "", "\($0.records)", "\($0.sessions)"] }
  }

  private var modelRows: [[String]] {
    tally.models.sorted {
      ($1.value, $0.key.name, $0.key.digest) < ($0.value, $1.key.name, $1.key.digest)
    }
    .map { [$0.key.name, $0.key.digest, "\($0.value)"] }
  }

  private var scriptRows: [[String]] {
    tally.scripts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { [$0.key.isEmpty ? "(typed)" : $0.key, "\($0.value)"] }
  }

  private var feedbackRows: [[String]] {
    tally.feedback.sorted { $0.key < $1.key }.map { ["feedback: \($0.key)", "\($0.value)"] }
      + tally.verdicts.sorted { $0.key < $1.key }.map { ["verdict: \($0.key)", "\($0.value)"] }
      + [["ratings", "\(tally.ratings)"]]
  }

  private var omissionRows: [[String]] {
    tally.omissions.map { [$0.kind.words, "\($0.count)"] } + scrubRows
  }

  private var scrubRows: [[String]] {
    guard let scrubbed else { return [["personal data: not looked for", "-"]] }
    return Scrubber.Kind.allCases.map {
      ["replaced by \($0.replacement)", "\(scrubbed[$0] ?? 0)"]
    }
  }

  private func table(_ heads: [String], _ rows: [[String]]) -> [String] {
    guard !rows.isEmpty else { return ["(none)"] }
    let line = { (cells: [String]) in "| \(cells.joined(separator: " | ")) |" }
    return [line(heads), line(heads.map { _ in "---" })]
      + rows.map { line($0.map(Markdown.escaped)) }
  }

  private func yaml(_ text: String) -> String {
    "\"\(VisibleText.line(text).replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
  }
}

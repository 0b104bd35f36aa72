import ArgumentParser
import Imports

/// Turns conversations that were held elsewhere into journals.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Turn conversations held elsewhere into sessions that can be replayed.",
    discussion: """
      Each conversation of FILE becomes a journal (.tern.jsonl) of its own in a folder, which \
      replay, export, report and chat --session take. All of them are written or none. Messages \
      that have no place in a session are dropped by fixed rules and counted.

      Formats:
        sharegpt   conversations with from and value
        messages   messages with role and content, as OpenAI and TRL have them
        wildchat   WildChat and WildChat-1M
        oasst      Open-Assistant trees or messages; all branches are kept
        llm        the logs.db of simonw/llm
        llama-cli  what llama-cli shows in a terminal, kept by script or copied

      JSON files hold one object a line, objects after each other, or one array. - reads standard \
      input, for example of zcat. docs/formats/import.md has the rules.

      Examples:
        terntable import talks.json --from sharegpt --out talks
        zcat oasst.trees.jsonl.gz | terntable import - --from oasst --out oasst
        terntable import ~/.config/io.datasette.llm/logs.db --from llm
        terntable chat --session talks/talks-000001.tern.jsonl --model tutor
      """)

  @Argument(help: "A file, or - for standard input.")
  var file: String

  @Option(help: "\(list(ImportFormat.allCases.map(\.rawValue))).")
  var from: String

  @Option(help: "Folder for the journals; otherwise a new one in the state folder.")
  var out: String?

  @Flag(help: "Pass over conversations that are not as the format says, and count them.")
  var skipInvalid = false

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    if out == "" { throw ValidationError("--out needs the name of a folder") }
  }

  func run() throws {
    let format = try ImportFormat(named: from)
    let source = try ImportFile.source(of: format, at: file)
    let folder = try ImportFolder(out, file: file)
    let run = ImportRun(format, file: file, into: folder.path)
    try folder.filling {
      try run.takeAll(from: source, skipInvalid: skipInvalid)
      guard run.summary.conversations > 0 else {
        throw CommandFailure("\(file): no conversation has a message to import", .badData)
      }
    }
    let output = ImportOutput(run.summary, format: format, file: file, folder: folder.path)
    if json { try printJSON(output) } else { try ResultFile.print(output.text) }
  }
}

import ArgumentParser
import Foundation
import Inference
import ModelLibrary
import SessionCore
import SessionRuntime

extension ModelCommand {
  /// What there is to give to `--model`.
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the models at hand: bundled, named in models.yaml, in the models folder.",
      discussion: """
        Every name is one for --model. Fields with --json: list (the file of names), folder (of \
        downloaded files), and models: name, aliases, origin (bundled, listed, folder), path, \
        present, file_bytes, sha256 (what the list pins), source, activations. docs/models.md \
        describes models.yaml.

        Example:
          terntable model list
        """)

    @Flag(help: "Print one JSON object.") var json = false

    func run() throws {
      let place = try LibraryPlace(environment: ProcessInfo.processInfo.environment)
      let facts = LibraryFacts(
        list: place.listPath, folder: place.folder,
        models: LanguageModel.bundledNames.map(LibraryFacts.Model.init(bundled:))
          + (try ModelShelf(place: place).models().map(LibraryFacts.Model.init)))
      if json { return try printJSON(facts) }
      try ResultFile.print(facts.text)
    }
  }

  /// A name for a file, fetched first where it is elsewhere.
  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Give a model file a name; fetch it first if an address is given.",
      discussion: """
        The file has to run here, else it is refused with the reason. Its SHA-256 is pinned in \
        models.yaml: a file that changes later is noticed. An address is https://, or http:// to \
        this machine; the file goes to the models folder as NAME.gguf. A download that stops \
        (Ctrl-C, a broken connection) goes on where it was when the command is given again, if the \
        server can tell that the file is the same. Nothing else of this program uses a network.

        Examples:
          terntable model add falcon ~/Downloads/ggml-model-i2_s.gguf
          terntable model add bitnet https://HOST/ggml-model-i2_s.gguf --sha256 4221b252… --alias b2
          terntable chat --model falcon

        Exit codes: 65 not the pinned file, or none that runs here, 66 no such file, 69 no server, \
        75 the connection ended early: run again.
        """)

    @Argument(help: "The name: letters, digits, ., - and _.") var name: String
    @Argument(help: ArgumentHelp("A GGUF file, or its address.", valueName: "path|url"))
    var file: String
    @Option(help: "What the file has to hash to (SHA-256).") var sha256: String?
    @Option(help: "One more name for it; may be given again.") var alias: [String] = []
    @Option(help: .activations("int8"))
    var activations: ActivationPrecision?
    @Flag(help: "Take the place of an entry, and of a downloaded file, of this name.")
    var replace = false
    @Flag(help: "Print one JSON object: the entry, as in model list.") var json = false

    func validate() throws {
      if let sha256 {
        guard sha256.utf8.count == 64, sha256.allSatisfy(\.isHexDigit) else {
          throw ValidationError("--sha256 is 64 hexadecimal digits")
        }
      }
    }

    func run() async throws {
      let place = try LibraryPlace(environment: ProcessInfo.processInfo.environment)
      let shelf = ModelShelf(place: place)
      let address =
        DownloadAddress.isMeant(by: file) ? try DownloadAddress(file) : nil
      var entry = ModelList.Entry(
        name: name, aliases: alias,
        path: address == nil
          ? URL(fileURLWithPath: file).standardizedFileURL.path : place.file(named: name),
        source: address?.withoutQuery, activations: activations.map(Activations.init))
      // Asked before a gigabyte is fetched for nothing.
      try shelf.checkRoom(for: entry, replacing: replace)
      if let address { try await fetch(address, to: entry.path) }
      let opened = try openModel(entry.path, activations: activations)
      let found = opened.model.info.sha256
      if let sha256, found != sha256.lowercased() {
        throw CommandFailure(
          "\(entry.path): the file has SHA-256 \(found), not \(sha256.lowercased())", .badData)
      }
      entry.sha256 = found
      try shelf.add(entry, replacing: replace)
      tellWarnings(of: OpenedModel(name: name, model: opened.model, engine: opened.engine))
      let facts = LibraryFacts.Model(ModelShelf.Model(listed: entry))
      if json { return try printJSON(facts) }
      let info = opened.model.info
      try ResultFile.print(
        "added \(name): \(Plain.line(info.architecture)), \(info.parameters) parameters, SHA-256 "
          + "\(found)\n")
    }

    private func fetch(_ address: DownloadAddress, to path: String) async throws {
      let download = Download(
        address, to: path, sha256: sha256?.lowercased(), replacing: replace)
      let progress = ByteProgress()
      let stop = StopSignals()
      defer { progress.clear() }
      do {
        let outcome = try await stop.cancelling {
          try await download.run { progress.show($0.bytes, of: $0.total) }
        }
        if outcome.resumedBytes > 0 { say("went on after \(outcome.resumedBytes) bytes") }
      } catch let error as LibraryError {
        progress.clear()
        guard case .cancelled = error, let code = await stop.exitCode else { throw error }
        throw CommandFailure(commandFailure(for: error).text, code)
      }
    }
  }
}

/// `model list --json`.
struct LibraryFacts: Encodable {
  struct Model: Encodable {
    var name: String
    var aliases: [String]
    var origin: String
    var path: String
    var present: Bool
    var fileBytes: Int?
    var sha256: String?
    var source: String?
    var activations: String?

    init(_ model: ModelShelf.Model) {
      name = model.name
      aliases = model.entry?.aliases ?? []
      origin = model.origin.rawValue
      path = model.path
      fileBytes = Self.fileBytes(model.path)
      present = fileBytes != nil
      sha256 = model.entry?.sha256
      source = model.entry?.source
      activations = model.entry?.activations?.rawValue
    }

    init(bundled name: String) {
      self.name = name
      aliases = []
      origin = ModelShelf.Model.Origin.bundled.rawValue
      // Without it there is no path, and that is what the row says.
      path = (try? LanguageModel.bundledPath(name)) ?? ""
      fileBytes = Self.fileBytes(path)
      present = fileBytes != nil
    }

    private static func fileBytes(_ path: String) -> Int? {
      var status = stat()
      guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
      return Int(status.st_size)
    }
  }

  var list: String
  var folder: String
  var models: [Model]

  /// A line a model.
  var text: String {
    let names = models.map { Plain.line(([$0.name] + $0.aliases).joined(separator: ", ")) }
    let width = (names.map(\.count).max() ?? 0) + 2
    return zip(models, names).map { model, name in
      let size = model.fileBytes.map(ByteProgress.words) ?? "missing"
      let place = model.origin == "bundled" ? "comes with the program" : Plain.line(model.path)
      return name.padding(toLength: width, withPad: " ", startingAt: 0)
        + size.padding(toLength: 10, withPad: " ", startingAt: 0) + place + "\n"
    }.joined()
  }
}

import Foundation
import Inference
import Journaling
import SessionCore
import SessionRuntime
import TerminalUI

/// What somebody asked for on the command line, as far as it concerns the session.
struct ChatOptions: Sendable {
  var session: String?
  var preset: String?
  var model: String?
  var activations: ActivationPrecision?
  var seed: UInt64?
  var temperature: Double?
  var maxTokens: Int?

  /// What flags and preset change of the settings in force: a flag beats the preset.
  func change(of settings: Settings, _ preset: Preset?) -> SettingsChange {
    var change = preset?.change(of: settings) ?? SettingsChange()
    change.model = model ?? change.model
    change.seed = seed ?? change.seed
    let flags = [temperature.map(Setting.temperature), maxTokens.map(Setting.maxTokens)]
    for flag in flags.compactMap(\.self) { flag.add(to: &change, of: settings) }
    return change
  }

  /// What is done first.
  var firstStep: Loading {
    let path = session.flatMap { FileManager.default.fileExists(atPath: $0) ? $0 : nil }
    // Its size is all that is asked; who reads it says what is wrong.
    let values = try? path.map { try URL(filePath: $0).resourceValues(forKeys: [.fileSizeKey]) }
    if path != nil { return .record(bytes: 0, of: values?.fileSize ?? 0) }
    return .model(fraction: 0, bytes: nil)
  }

  /// Whether reading the record takes longer than anybody waits for a screen.
  var hasLongRecord: Bool {
    if case .record(_, let bytes) = firstStep { bytes > 1 << 20 } else { false }
  }

  /// What the screen calls the session and its model before either is opened.
  var preview: (session: Session, model: String)? {
    var header = SessionHeader(
      id: "", title: "Chat", seed: seed ?? 0, sampling: Sampling(),
      model: model ?? bundledModelName, application: ProgramVersion.application)
    // What is wrong with the record is told by whoever opens it.
    if let session, let found = try? JournalReader.header(session) {
      header = found
      if model == nil { header.model = ownModel(of: found) }
    }
    let entry = Entry(sequence: 1, time: 0, event: .sessionStarted(header))
    // Nothing follows from a first entry that could be wrong.
    return (try? Session(startedBy: entry)).map { ($0, model ?? header.model) }
  }
}

/// A session ready to be talked to: the journal, the model and the driver that joins them.
struct ChatSession: Sendable {
  var driver: SessionDriver
  var model: ScreenState.ModelFacts
  var models: ChatModels
  /// The journal's file; it exists from the first turn on.
  var path: String
  /// What is odd about the model's file or the record, for standard error.
  var remarks: [String] = []

  /// Begins a session, or goes on with the one in `--session`.
  /// - Parameter tell: hears of progress, and of the record once it is read.
  static func open(
    _ options: ChatOptions, tell: @escaping @Sendable (ChatOpening.Step) -> Void
  ) throws -> ChatSession {
    if let path = options.session, FileManager.default.fileExists(atPath: path) {
      return try resume(path, options, tell)
    }
    return try begin(options, tell)
  }

  private static func begin(
    _ options: ChatOptions, _ tell: @escaping @Sendable (ChatOpening.Step) -> Void
  ) throws -> ChatSession {
    var random = SystemRandomNumberGenerator()
    let id = SessionFolder.newSessionID(using: &random)
    // Before the model: a folder that cannot be written is told at once.
    let path = try options.session ?? newPath(sessionID: id)
    let preset = try options.preset.map(Preset.named)
    // Short enough to be read out and typed again.
    let usual = Settings(seed: UInt64.random(in: 1...999_999, using: &random))
    let change = options.change(of: usual, preset)
    let settings = usual.applying(change)
    let opened = try openModel(
      change.model ?? bundledModelName, activations: options.activations, tell)
    let header = SessionHeader(
      id: id, title: "Chat", seed: settings.seed, sampling: settings.sampling,
      history: settings.history, model: opened.name, activations: opened.activations,
      application: ProgramVersion.application)
    let models = ChatModels(opened, of: header, activations: options.activations)
    // The rest of a preset has no place in a header.
    let rest = SettingsChange(wordings: change.wordings, preset: change.preset)
    let driver = try SessionDriver(
      starting: header, opening: (preset?.system.map { [.instruct($0)] } ?? []) + [.set(rest)],
      journal: try Journal.create(at: path), responder: models.responder)
    return ChatSession(
      driver: driver, model: opened.facts, models: models, path: path,
      remarks: warnings(of: opened))
  }

  private static func newPath(sessionID: String) throws -> String {
    let folder = try SessionFolder(environment: ProcessInfo.processInfo.environment)
    try folder.create()
    return folder.newJournalPath(sessionID: sessionID, at: SessionDriver.wallClock())
  }

  private static func resume(
    _ path: String, _ options: ChatOptions, _ tell: @escaping @Sendable (ChatOpening.Step) -> Void
  ) throws -> ChatSession {
    // What the first line alone can refuse is refused before the rest is read.
    try check(options, against: try JournalReader.header(path))
    let pace = ProgressPace()
    let (journal, contents) = try Journal.resumeFolded(at: path) { bytes, all in
      if pace.isDue { tell(.progress(.record(bytes: bytes, of: all))) }
    }
    let session = try JournalInput.naming(path, contents.session)
    tell(.record(shown(session)))
    let preset = try options.preset.map(Preset.named)
    var change = options.change(of: session.settings, preset)
    let former = modelInForce(in: session)
    let name = change.model ?? former
    // Who goes on anyway need not be chosen.
    if name == former { change.model = nil }
    let opened = try openModel(
      name, shown: options.model ?? ownModel(of: session.header),
      activations: name == session.header.model ? session.header.activations : nil, tell)
    var remarks = warnings(of: opened)
    if change.model == nil, session.settings.model == nil,
      let words = otherModel(for: session.header)
    {
      remarks.append(words)
    }
    var opening = [Command.set(change)]
    if let system = preset?.system {
      if session.turns.isEmpty {
        opening.append(.instruct(system))
      } else {
        remarks.append(Preset.systemLeftOut)
      }
    }
    if contents.tornBytes > 0 { remarks.append(JournalInput.tornEnd(contents.tornBytes, path)) }
    let models = ChatModels(opened, of: session.header, activations: options.activations)
    let driver = try SessionDriver(
      resuming: session, opening: opening, journal: journal, responder: models.responder)
    return ChatSession(
      driver: driver, model: opened.facts, models: models, path: path, remarks: remarks)
  }

  /// The session as it looks before its driver takes it over: a reply that was left open is shown
  /// as interrupted, though the record says so only once the model is there.
  private static func shown(_ session: Session) -> Session {
    guard session.openReply != nil else { return session }
    var shown = session
    let close = Entry(
      sequence: session.entryCount + 1, time: SessionDriver.wallClock(),
      event: .replyStopped(.interrupted, nil))
    // An open reply can always be stopped.
    return (try? shown.apply(close)) == nil ? session : shown
  }

  /// - Parameter shown: what the screen calls the model meanwhile; nil is its name.
  private static func openModel(
    _ name: String, shown: String? = nil, activations: ActivationPrecision?,
    _ tell: @escaping @Sendable (ChatOpening.Step) -> Void
  ) throws -> OpenedModel {
    let pace = ProgressPace()
    let bytes = modelBytes(name)
    let isShown = name == shown ?? name
    let step = { @Sendable (fraction: Double) -> ChatOpening.Step in
      .progress(
        isShown
          ? .model(fraction: fraction, bytes: bytes)
          : .other(name, fraction: fraction, bytes: bytes))
    }
    tell(step(0))
    return try openChatModel(name, activations: activations) { fraction in
      if pace.isDue { tell(step(fraction)) }
    }
  }

  /// The journal says once what ternary layers read; everything else can be set anew.
  private static func check(_ options: ChatOptions, against header: SessionHeader) throws {
    guard let activations = options.activations, activations != header.activations else { return }
    throw CommandFailure(
      "the session has activations \(header.activations.rawValue); leave --activations out; "
        + "see terntable --help", .usage)
  }
}

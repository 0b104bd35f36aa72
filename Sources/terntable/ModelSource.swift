import Foundation
import Inference
import ModelLibrary
import SessionCore
import SessionRuntime

/// A model that answers, by the name a person gave it.
struct OpenedModel {
  var name: String
  var model: LanguageModel
  var engine: Engine

  /// What its ternary layers read, as records have it.
  var activations: ActivationPrecision { ActivationPrecision(model.activations) }

  /// What lets it answer in a session.
  var responder: EngineResponder { responder(measuringConfidence: false) }

  func responder(measuringConfidence: Bool) -> EngineResponder {
    EngineResponder(
      model: model, engine: engine, name: name, application: ProgramVersion.application,
      measuresConfidence: measuringConfidence)
  }
}

extension OpenedModel {
  /// The same model with room for many replies at once.
  var answeringMany: OpenedModel {
    OpenedModel(name: name, model: model, engine: Engine(for: model, sequences: 16))
  }
}

extension Engine {
  /// On all processors.
  convenience init(for model: LanguageModel, sequences: Int) {
    self.init(
      model: model, threads: ProcessInfo.processInfo.activeProcessorCount,
      maxSequences: sequences)
  }
}

/// Models by name, each opened once.
struct OpenedModels {
  private struct Key: Hashable {
    var name: String
    var activations: ActivationPrecision?
  }

  private var opened: [Key: OpenedModel] = [:]
  /// Replies that a model's engine writes at once.
  private let sequences: Int

  init(sequences: Int = 16) { self.sequences = sequences }

  /// - Parameter activations: nil leaves it to the model.
  mutating func open(
    _ name: String, activations: ActivationPrecision? = nil
  ) throws(ModelFailure) -> OpenedModel {
    let key = Key(name: name, activations: activations)
    if let known = opened[key] { return known }
    let new = try openChatModel(
      name, sequences: sequences, activations: activations)
    opened[key] = new
    return new
  }
}

/// What is wrong with the model somebody named.
struct ModelFailure: Error {
  enum Cause {
    case engine(InferenceError)
    case library(LibraryError)
  }

  var name: String
  var path: String
  var cause: Cause

  init(name: String, path: String, error: InferenceError) {
    (self.name, self.path, cause) = (name, path, .engine(error))
  }

  init(name: String, error: LibraryError) {
    (self.name, path, cause) = (name, name, .library(error))
  }
}

/// The bundled model's name, and the default.
let bundledModelName = "tutor"

/// The model that goes on with a record when nobody names one: its own, or the bundled one when
/// the record is of a conversation with a model elsewhere.
func ownModel(of header: SessionHeader) -> String {
  header.provenance?.imported == nil ? header.model : bundledModelName
}

/// The model that goes on with a session when nobody names one: the one chosen last, or its own.
func modelInForce(in session: Session) -> String {
  session.settings.model ?? ownModel(of: session.header)
}

/// Words for when a record's own model is not the one that goes on.
func otherModel(for header: SessionHeader) -> String? {
  guard ownModel(of: header) != header.model else { return nil }
  return "imported from a talk with \(header.model); \(bundledModelName) goes on, or --model NAME"
}

/// Opens a bundled model (`tutor`, or `tutor-f16`, its full-precision twin), a model that the
/// person's list or models folder has, or a GGUF file.
///
/// - Parameter activations: nil takes what the list says of the model, or int8.
func openModel(
  _ name: String, sequences: Int = 16, activations: ActivationPrecision? = nil,
  progress: (@Sendable (Double) -> Void)? = nil
) throws(ModelFailure) -> OpenedModel {
  var path = name
  var entry: ModelList.Entry?
  if !LanguageModel.bundledNames.contains(name) { (path, entry) = try findModel(name) }
  let model: LanguageModel
  do throws(InferenceError) {
    if LanguageModel.bundledNames.contains(name) { path = try LanguageModel.bundledPath(name) }
    model = try LanguageModel(
      contentsOf: path,
      activations: activations.map(Activations.init) ?? entry?.activations ?? .int8,
      progress: progress ?? loadingProgress(name))
  } catch {
    throw ModelFailure(name: name, path: path, error: error)
  }
  if let entry, let pinned = entry.sha256, pinned != model.info.sha256 {
    throw ModelFailure(
      name: name,
      error: .pinnedOther(
        name: name, file: path, expected: pinned, found: model.info.sha256, line: entry.line))
  }
  return OpenedModel(
    name: name, model: model, engine: Engine(for: model, sequences: sequences))
}

/// Size of a model's file, as far as it can be told before it is opened.
func modelBytes(_ name: String) -> Int? {
  do {
    let isBundled = LanguageModel.bundledNames.contains(name)
    let path = try isBundled ? LanguageModel.bundledPath(name) : findModel(name).0
    return try URL(filePath: path).resourceValues(forKeys: [.fileSizeKey]).fileSize
  } catch {
    // Whoever opens the model says what is wrong.
    return nil
  }
}

/// The path of a model by its name, and what the list says of it.
private func findModel(_ name: String) throws(ModelFailure) -> (String, ModelList.Entry?) {
  // A path needs no list, so a broken one is in nobody's way.
  if name.contains("/") { return (name, nil) }
  do throws(LibraryError) {
    let place = try LibraryPlace(environment: ProcessInfo.processInfo.environment)
    let found = try ModelShelf(place: place).find(name)
    return (found.path, found.entry)
  } catch .noHome {
    return (name, nil)
  } catch {
    throw ModelFailure(name: name, error: error)
  }
}

/// Opens a model that shall answer: one whose chat template cannot be used is refused before the
/// first prompt, and what is odd about the file is said.
///
/// - Parameter progress: told how far loading has come instead of standard error, which is then
///   told nothing at all: a screen may have the terminal.
func openChatModel(
  _ name: String, sequences: Int = 16, activations: ActivationPrecision? = nil,
  progress: (@Sendable (Double) -> Void)? = nil
) throws(ModelFailure) -> OpenedModel {
  let opened = try openModel(
    name, sequences: sequences, activations: activations, progress: progress)
  let (template, tokenizer) = (opened.model.template, opened.model.tokenizer)
  _ = try naming(opened) { () throws(InferenceError) in
    try template.prompt(
      for: [ChatMessage(role: .user, text: "")], openReply: nil, tokenizer: tokenizer)
  }
  if progress == nil { tellWarnings(of: opened) }
  return opened
}

/// Says how far loading has come.
private func loadingProgress(_ name: String) -> @Sendable (Double) -> Void {
  let progress = StageProgress("loading \(Plain.line(name))")
  return { fraction in
    if fraction < 1 { progress.show(fraction) } else { progress.end() }
  }
}

/// Runs something on an opened model, and names the model in what goes wrong.
func naming<Result>(
  _ opened: OpenedModel, _ work: () throws(InferenceError) -> Result
) throws(ModelFailure) -> Result {
  do throws(InferenceError) { return try work() } catch {
    throw ModelFailure(name: opened.name, path: opened.name, error: error)
  }
}

/// The same for work that waits.
func naming<Result>(
  _ opened: OpenedModel, _ work: () async throws(InferenceError) -> Result
) async throws(ModelFailure) -> Result {
  do throws(InferenceError) { return try await work() } catch {
    throw ModelFailure(name: opened.name, path: opened.name, error: error)
  }
}

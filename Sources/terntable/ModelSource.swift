import Foundation
import Inference
import SessionCore
import SessionRuntime

/// A model that answers, by the name a person gave it.
struct OpenedModel {
  var name: String
  var model: LanguageModel
  var engine: Engine

  /// What lets it answer in a session.
  var responder: EngineResponder { responder(measuringConfidence: false) }

  func responder(measuringConfidence: Bool) -> EngineResponder {
    EngineResponder(
      model: model, engine: engine, name: name, application: ProgramVersion.application,
      measuresConfidence: measuringConfidence)
  }
}

/// Models by name, each opened once.
struct OpenedModels {
  private var opened: [String: OpenedModel] = [:]
  /// Replies that a model's engine writes at once.
  private let sequences: Int

  init(sequences: Int = 16) { self.sequences = sequences }

  mutating func open(_ name: String) throws(ModelFailure) -> OpenedModel {
    if let known = opened[name] { return known }
    let new = try openChatModel(
      name, threads: ProcessInfo.processInfo.activeProcessorCount, sequences: sequences)
    opened[name] = new
    return new
  }
}

/// What is wrong with the model somebody named.
struct ModelFailure: Error {
  var name: String
  var path: String
  var error: InferenceError
}

/// The bundled model's name, and the default.
let bundledModelName = "tutor"

/// The model that goes on with a record when nobody names one: its own, or the bundled one when
/// the record is of a conversation with a model elsewhere.
func ownModel(of header: SessionHeader) -> String {
  header.provenance?.imported == nil ? header.model : bundledModelName
}

/// Says so when a record's own model is not the one that goes on.
func tellOfOtherModel(for header: SessionHeader) {
  guard ownModel(of: header) != header.model else { return }
  say("imported from a talk with \(header.model); \(bundledModelName) goes on, or --model NAME")
}

/// Opens a bundled model (`tutor`, or `tutor-f16`, its full-precision twin) or a GGUF file.
func openModel(
  _ name: String, threads: Int = 1, sequences: Int = 16, activations: Activations = .int8
) throws(ModelFailure) -> OpenedModel {
  var path = name
  do throws(InferenceError) {
    if LanguageModel.bundledNames.contains(name) { path = try LanguageModel.bundledPath(name) }
    let model = try LanguageModel(
      contentsOf: path, activations: activations, progress: loadingProgress(name))
    return OpenedModel(
      name: name, model: model,
      engine: Engine(model: model, threads: threads, maxSequences: sequences))
  } catch {
    throw ModelFailure(name: name, path: path, error: error)
  }
}

/// Opens a model that shall answer: one whose chat template cannot be used is refused before the
/// first prompt, and what is odd about the file is said.
func openChatModel(
  _ name: String, threads: Int = 1, sequences: Int = 16
) throws(ModelFailure) -> OpenedModel {
  let opened = try openModel(name, threads: threads, sequences: sequences)
  let (template, tokenizer) = (opened.model.template, opened.model.tokenizer)
  _ = try naming(opened) { () throws(InferenceError) in
    try template.prompt(
      for: [ChatMessage(role: .user, text: "")], openReply: nil, tokenizer: tokenizer)
  }
  tellWarnings(of: opened)
  return opened
}

/// Says how far loading has come, for models that take longer than a second.
private func loadingProgress(_ name: String) -> (@Sendable (Double) -> Void)? {
  guard isatty(STDERR_FILENO) == 1 else { return nil }
  let start = ContinuousClock.now
  return { fraction in
    guard ContinuousClock.now - start > .seconds(1) else { return }
    let end =
      fraction >= 1 ? "\r\u{1B}[K" : "\rloading \(Plain.line(name)): \(Int(fraction * 100)) %"
    StandardStreams.complain(end)
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

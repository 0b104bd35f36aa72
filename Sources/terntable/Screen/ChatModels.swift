import Foundation
import Inference
import SessionCore
import SessionRuntime
import Synchronization

/// The models of a chat: the one that answers, and those of single replies, opened when they are
/// first named. Of the latter only the latest duel's are kept, so that memory stays bounded.
actor ChatModels {
  /// How far a model has been loaded, and the size of its file.
  typealias Progress = @Sendable (_ fraction: Double, _ bytes: Int?) -> Void

  private let header: SessionHeader
  private let activations: ActivationPrecision?
  /// Who answers from here on.
  private(set) var current: OpenedModel
  private var others: [String: OpenedModel] = [:]

  /// - Parameters:
  ///   - first: answers until another is chosen.
  ///   - activations: what somebody asked for; nil leaves it to each model.
  init(_ first: OpenedModel, of header: SessionHeader, activations: ActivationPrecision?) {
    current = first
    self.header = header
    self.activations = activations
  }

  /// What passes each request on to the model it names.
  nonisolated var responder: RoutingResponder {
    RoutingResponder { await self.writer($0)?.responder }
  }

  /// A session names its model from the first change on: until then it is the first one.
  private func writer(_ name: String?) -> OpenedModel? {
    guard let name, name != current.name else { return current }
    return others[name]
  }

  /// Who can look into a reply of the model with that digest; the one that answers, when nobody.
  func reader(of digest: String?) -> (name: String, responder: EngineResponder) {
    let found = ([current] + others.values).first { $0.model.info.sha256 == digest } ?? current
    return (found.name, found.responder)
  }

  /// Opens what single replies name and lets go of everything else.
  /// - Parameter tell: what loading has come to, in words.
  /// - Throws: ``ModelFailure``.
  func prepare(
    _ names: [String], tell: @escaping @Sendable (String) -> Void
  ) async throws(ModelFailure) {
    others = others.filter { names.contains($0.key) }
    for name in names where others[name] == nil && name != current.name {
      let pace = ProgressPace(every: .seconds(1), beginsAtOnce: false)
      others[name] = try await load(name, sequences: 1) { fraction, _ in
        guard pace.isDue else { return }
        // The name would say which letter is whose; that a model is loaded does not.
        tell("loading a model: \(Int(fraction * 100)) %")
      }
    }
  }

  /// A model to answer from here on, unless it is at hand already.
  /// - Throws: ``ModelFailure``; the one that answers stays.
  func open(_ name: String, _ progress: @escaping Progress) async throws(ModelFailure)
    -> OpenedModel
  {
    if name == current.name { return current }
    if let known = others[name] { return known.answeringMany }
    let pace = ProgressPace()
    return try await load(name) { if pace.isDue { progress($0, $1) } }
  }

  /// Lets an opened model answer, and go the one that did.
  func adopt(_ model: OpenedModel) {
    current = model
    others[model.name] = nil
  }

  /// On a thread of its own: loading may take many seconds, and others wait on the shared ones. Whoever
  /// is cancelled waits no longer; what was loaded then is let go.
  private func load(
    _ name: String, sequences: Int = 16, _ progress: @escaping Progress
  ) async throws(ModelFailure) -> OpenedModel {
    let activations = name == header.model ? header.activations : activations
    let answer = FirstAnswer<Result<OpenedModel, ModelFailure>>()
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { waiting in
        answer.wait(waiting)
        Thread.detachNewThread {
          let bytes = modelBytes(name)
          progress(0, bytes)
          do throws(ModelFailure) {
            let opened = try openChatModel(
              name, sequences: sequences, activations: activations,
              progress: { if !answer.isGiven { progress($0, bytes) } })
            answer.give(.success(opened))
          } catch {
            answer.give(.failure(error))
          }
        }
      }
    } onCancel: {
      answer.give(.failure(ModelFailure(name: name, path: name, error: .cancelled)))
    }
    return try result.get()
  }
}

/// What several may answer and one waits for: the first answer counts.
private final class FirstAnswer<Value: Sendable>: Sendable {
  private struct State {
    var answer: Value?
    var waiting: CheckedContinuation<Value, Never>?
  }

  private let state = Mutex(State())

  var isGiven: Bool { state.withLock { $0.answer != nil } }

  /// Resumes at once when the answer is there already.
  func wait(_ continuation: CheckedContinuation<Value, Never>) {
    let answer = state.withLock { state in
      if state.answer == nil { state.waiting = continuation }
      return state.answer
    }
    if let answer { continuation.resume(returning: answer) }
  }

  func give(_ answer: Value) {
    let waiting = state.withLock { state -> CheckedContinuation<Value, Never>? in
      guard state.answer == nil else { return nil }
      state.answer = answer
      defer { state.waiting = nil }
      return state.waiting
    }
    waiting?.resume(returning: answer)
  }
}

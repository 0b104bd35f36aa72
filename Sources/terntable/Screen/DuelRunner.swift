import SessionCore
import SessionRuntime
import TerminalUI

/// Draws the two replies of a duel, one after the other: a record has one open reply at a time, so
/// that whatever ends the program, no more than a moment's text of either is lost.
actor DuelRunner {
  private let driver: SessionDriver
  private let rivals: RivalModels
  private var isCancelled = false

  init(driver: SessionDriver, rivals: RivalModels) {
    self.driver = driver
    self.rivals = rivals
  }

  /// Begins no further reply.
  func cancel() { isCancelled = true }

  /// Draws until both replies are there or one was stopped.
  /// - Parameter tell: what loading a model has come to, in words.
  /// - Throws: ``ModelFailure`` before anything is recorded; ``SessionError``.
  func draw(
    _ bout: DuelBout, tell: @escaping @Sendable (String) -> Void
  ) async throws {
    isCancelled = false
    try await rivals.prepare(bout.models, tell: tell)
    for draw in bout.draws {
      guard !isCancelled else { return }
      let session = try await driver.perform(draw.command, with: draw.settings)
      guard case .complete = session.lastReply?.state else { return }
    }
  }
}

/// The models of single replies besides the session's own, opened when they are first named. Only
/// those of the latest duel are kept, so that memory stays bounded.
actor RivalModels {
  private let activations: ActivationPrecision?
  private var opened: [String: OpenedModel] = [:]

  /// - Parameter activations: what somebody asked for; nil leaves it to each model.
  init(activations: ActivationPrecision?) { self.activations = activations }

  /// What passes each request on to the model it names.
  nonisolated func beside(_ own: EngineResponder) -> RoutingResponder {
    RoutingResponder(own: own) { await self.responder($0) }
  }

  /// Opens what is named and lets go of everything else.
  /// - Throws: ``ModelFailure``.
  func prepare(
    _ names: [String], tell: @escaping @Sendable (String) -> Void
  ) throws(ModelFailure) {
    opened = opened.filter { names.contains($0.key) }
    for name in names where opened[name] == nil {
      opened[name] = try openChatModel(
        name, sequences: 1, activations: activations, progress: progress(name, tell))
    }
  }

  private func responder(_ name: String) -> (any Responder)? { opened[name]?.responder }

  /// Words once a second, for models that take longer than that.
  private func progress(
    _ name: String, _ tell: @escaping @Sendable (String) -> Void
  ) -> @Sendable (Double) -> Void {
    let pace = ProgressPace(every: .seconds(1), beginsAtOnce: false)
    return { fraction in
      guard pace.isDue else { return }
      // The name would say which letter is whose; that a model is loaded does not.
      tell("loading a model: \(Int(fraction * 100)) %")
    }
  }
}

import SessionCore
import SessionRuntime
import TerminalUI

/// Draws the two replies of a duel, one after the other: a record has one open reply at a time, so
/// that whatever ends the program, no more than a moment's text of either is lost.
actor DuelRunner {
  private let driver: SessionDriver
  private let models: ChatModels
  private var isCancelled = false

  init(driver: SessionDriver, models: ChatModels) {
    self.driver = driver
    self.models = models
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
    try await models.prepare(bout.models, tell: tell)
    for draw in bout.draws {
      guard !isCancelled else { return }
      let session = try await driver.perform(draw.command, with: draw.settings)
      guard case .complete = session.lastReply?.state else { return }
    }
  }
}

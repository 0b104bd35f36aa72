import ArgumentParser
import Foundation

/// Turns Ctrl-C and a request to terminate into cancellation, so that what is being written is
/// finished first. A second Ctrl-C ends the program at once.
actor StopSignals {
  private var received: Int32?

  /// 130 or 143 after a signal.
  var exitCode: ExitCode? { received.map { ExitCode(128 + $0) } }

  /// Runs `work` in a task that a signal cancels.
  nonisolated func cancelling<Result: Sendable>(
    _ work: @escaping @Sendable () async throws -> Result
  ) async throws -> Result {
    let task = Task { try await work() }
    for signal in [SIGINT, SIGTERM] { TerminalSignals.on(signal, .caught) }
    let signals = TerminalSignals.watch { number in
      TerminalSignals.on(number, .usual)
      Task {
        await self.receive(number)
        task.cancel()
      }
    }
    defer { signals.cancel() }
    return try await task.value
  }

  private func receive(_ number: Int32) { received = number }
}

import Foundation
import Synchronization

/// Counts sessions on the terminal, once it takes longer than a second.
final class SessionProgress: Sendable {
  private let total: Int
  private let start = ContinuousClock.now
  private let isTerminal = isatty(STDERR_FILENO) == 1
  /// Tenths of a second since the start when it was last shown.
  private let shown = Atomic<Int64>(0)

  init(of total: Int) { self.total = total }

  func show(_ done: Int) {
    guard isTerminal else { return }
    let now = (ContinuousClock.now - start).components
    let tenths = now.seconds * 10 + now.attoseconds / 100_000_000_000_000_000
    guard tenths > 10, shown.exchange(tenths, ordering: .relaxed) != tenths else { return }
    StandardStreams.complain("\r\(done) of \(total) sessions\u{1B}[K")
  }

  func clear() {
    guard isTerminal else { return }
    StandardStreams.complain("\r\u{1B}[K")
  }
}

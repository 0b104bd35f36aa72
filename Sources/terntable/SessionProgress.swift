import Foundation
import Synchronization

/// Counts sessions for people who wait: on a terminal in place, once it takes longer than a second;
/// elsewhere a line every half minute.
final class SessionProgress: Sendable {
  private let total: Int
  private let start = ContinuousClock.now
  private let isTerminal = isatty(STDERR_FILENO) == 1
  /// Which pause since the start it was when it was last shown; the first shows nothing yet.
  private let shown = Atomic<Int64>(0)

  init(of total: Int) { self.total = total }

  func show(_ done: Int) {
    let elapsed = ContinuousClock.now - start
    guard elapsed > .seconds(isTerminal ? 1 : 30), done < total else { return }
    let pause = Int64(elapsed / .seconds(isTerminal ? 0.1 : 30))
    guard shown.exchange(pause, ordering: .relaxed) != pause else { return }
    let seconds = Double(total - done) * (elapsed / .seconds(1)) / Double(max(1, done))
    let text = "\(done) of \(total) sessions, about \(TimeSpan.words(seconds)) left"
    StandardStreams.complain(isTerminal ? "\r\(text)\u{1B}[K" : text + "\n")
  }

  func clear() {
    guard isTerminal else { return }
    StandardStreams.complain("\r\u{1B}[K")
  }
}

/// Lengths of time in words.
enum TimeSpan {
  static func words(_ seconds: Double) -> String {
    switch seconds {
    case ..<90: "\(Int(seconds.rounded(.up))) s"
    case ..<5400: "\(Int((seconds / 60).rounded(.up))) min"
    default: "\(Int((seconds / 3600).rounded(.up))) h"
    }
  }
}

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

/// Counts the lines of a file whose length nobody knows, on a terminal, once it takes longer than a
/// second.
final class LineProgress {
  private let start = ContinuousClock.now
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private var tenths: Int64 = 10

  func show(_ lines: Int) {
    // The clock is asked now and then only: lines are short.
    guard isTerminal, lines % 512 == 0 else { return }
    let elapsed = Int64((ContinuousClock.now - start) / .seconds(0.1))
    guard elapsed > tenths else { return }
    tenths = elapsed
    StandardStreams.complain("\r\(lines) lines\u{1B}[K")
  }

  func clear() {
    if isTerminal, tenths > 10 { StandardStreams.complain("\r\u{1B}[K") }
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

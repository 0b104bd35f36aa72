import Foundation
import Synchronization

/// Shows people how far a download has come: on a terminal in place, once it takes longer than a
/// second; elsewhere a line every half minute.
final class ByteProgress: Sendable {
  private let start = ContinuousClock.now
  private let isTerminal = isatty(STDERR_FILENO) == 1
  /// Bytes that were there at the first call, from an earlier run; -1 before it.
  private let before = Atomic<Int64>(-1)
  /// Which pause since the start it was when it was last shown; the first shows nothing yet.
  private let shown = Atomic<Int64>(0)

  func show(_ bytes: Int64, of total: Int64?) {
    if before.load(ordering: .relaxed) < 0 { before.store(bytes, ordering: .relaxed) }
    let elapsed = ContinuousClock.now - start
    guard elapsed > .seconds(isTerminal ? 1 : 30) else { return }
    let pause = Int64(elapsed / .seconds(isTerminal ? 0.2 : 30))
    guard shown.exchange(pause, ordering: .relaxed) != pause else { return }
    let rate =
      Double(bytes - before.load(ordering: .relaxed)) / (elapsed / .seconds(1))
    var text = Self.words(Int(bytes))
    if let total {
      text += " of \(Self.words(Int(total)))"
      if rate > 0 { text += ", about \(TimeSpan.words(Double(total - bytes) / rate)) left" }
    }
    text += ", \(Self.words(Int(rate)))/s"
    StandardStreams.complain(isTerminal ? "\r\(text)\u{1B}[K" : text + "\n")
  }

  func clear() {
    guard isTerminal else { return }
    StandardStreams.complain("\r\u{1B}[K")
  }

  /// A size in the units of the SI, as disks and downloads are told.
  static func words(_ bytes: Int) -> String {
    for (unit, size) in [("GB", 1e9), ("MB", 1e6), ("kB", 1e3)] where Double(bytes) >= size {
      return String(format: "%.1f \(unit)", Double(bytes) / size)
    }
    return "\(bytes) B"
  }
}

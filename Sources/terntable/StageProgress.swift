import Foundation

/// Says on a terminal how far something has come, once it takes longer than a second.
struct StageProgress {
  private let name: String
  private let start = ContinuousClock.now
  private let isShown = isatty(STDERR_FILENO) == 1

  init(_ name: String) { self.name = name }

  private var isLong: Bool { isShown && ContinuousClock.now - start > .seconds(1) }

  func show(_ fraction: Double) {
    guard isLong else { return }
    StandardStreams.complain("\r\(name): \(Int(fraction * 100)) %")
  }

  /// Leaves no trace.
  func end() {
    guard isLong else { return }
    StandardStreams.complain("\r\u{1B}[K")
  }
}

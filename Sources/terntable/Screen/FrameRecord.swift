import Foundation
import TerminalUI

/// Writes every frame that was drawn to the file `TERNTABLE_FRAMES` names, so that a test can
/// compare what a terminal shows with what was meant, frame by frame and without waiting.
///
/// A record is one line `frame INPUTS COLUMNS ROWS CURSOR_ROW CURSOR_COLUMN PROCESSOR WALL` and
/// then the rows. The cursor is -1 -1 without one; INPUTS keys and pastes were taken before;
/// PROCESSOR is the microseconds of processor time that the thread of the screen took since the
/// frame before for all it did, WALL the same on the clock, both without this record's own.
final class FrameRecord {
  private let descriptor: Int32
  /// When what is under way began; nil while nothing is.
  private var begun: (processor: UInt64, wall: UInt64)?
  /// Nanoseconds of what came to its end since the last frame.
  private var spent: (processor: UInt64, wall: UInt64) = (0, 0)

  /// Nil unless somebody asks for it.
  init?(_ environment: [String: String] = ProcessInfo.processInfo.environment) {
    guard let path = environment["TERNTABLE_FRAMES"], !path.isEmpty else { return nil }
    descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return nil }
  }

  /// Work of the screen begins; to be ended by ``pause()`` without a suspension between them.
  func go() { begun = Self.now }

  func pause() {
    guard let begun else { return }
    let now = Self.now
    spent.processor += now.processor - begun.processor
    spent.wall += now.wall - begun.wall
    self.begun = nil
  }

  func add(_ frame: Frame, inputs: Int) {
    let isUnderWay = begun != nil
    pause()
    let cursor = frame.cursor.map { "\($0.row) \($0.column)" } ?? "-1 -1"
    let cost = "\(spent.processor / 1000) \(spent.wall / 1000)"
    write("frame \(inputs) \(frame.size.columns) \(frame.size.rows) \(cursor) \(cost)\n")
    write(frame.text)
    spent = (0, 0)
    if isUnderWay { go() }
  }

  private func write(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      // Nobody reads any more: the screen goes on without.
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }

  private static var now: (processor: UInt64, wall: UInt64) {
    (nanoseconds(CLOCK_THREAD_CPUTIME_ID), nanoseconds(CLOCK_MONOTONIC))
  }

  private static func nanoseconds(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}

import Foundation
import TerminalUI

/// Writes every frame that was drawn to the file `TERNTABLE_FRAMES` names, so that a test can
/// compare what a terminal shows with what was meant, frame by frame and without waiting.
///
/// A record is one line `frame INPUTS COLUMNS ROWS CURSOR_ROW CURSOR_COLUMN` (-1 without a cursor;
/// INPUTS keys and pastes were taken before) and then the rows.
struct FrameRecord {
  private let descriptor: Int32

  /// Nil unless somebody asks for it.
  init?(_ environment: [String: String] = ProcessInfo.processInfo.environment) {
    guard let path = environment["TERNTABLE_FRAMES"], !path.isEmpty else { return nil }
    descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return nil }
  }

  func add(_ frame: Frame, inputs: Int) {
    let cursor = frame.cursor.map { "\($0.row) \($0.column)" } ?? "-1 -1"
    let head = "frame \(inputs) \(frame.size.columns) \(frame.size.rows) \(cursor)\n"
    var bytes = Array((head + frame.text).utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      // Nobody reads any more: the screen goes on without.
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }
}

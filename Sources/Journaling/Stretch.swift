import Foundation
import SessionCore

/// Neighbouring lines of a journal, decoded beside others: lines stand for themselves, and every
/// processor takes some.
struct Stretch {
  static let lineFeed = UInt8(ascii: "\n")
  /// Bytes after which a stretch ends with the line it is in: long enough that handing it out
  /// costs nothing, short enough that progress is seen.
  private static let bytesAim = 1 << 17
  /// So many at once for each processor that none waits long for the others.
  private static let stretchesPerProcessor = 4

  /// Place in the file; ends behind a line feed, or at the end.
  var bytes: Range<Int>
  /// Number of its first line, from 1.
  var firstLine: Int
  /// Before the first bad line, when there is one.
  var entries: [Entry] = []
  /// Where the last good line ends; nil without any.
  var wholeBytes: Int?
  /// The first bad line, without its line feed, and what is wrong with it.
  var bad: (line: Range<Int>, damage: JournalDamage)?

  /// The next few.
  static func next(in bytes: [UInt8], from start: Int, firstLine: Int) -> [Stretch] {
    var stretches: [Stretch] = []
    var (start, line) = (start, firstLine)
    let most = ProcessInfo.processInfo.activeProcessorCount * stretchesPerProcessor
    while start < bytes.count, stretches.count < most {
      let aim = min(start + bytesAim, bytes.count)
      let end = min(lineEnd(in: bytes, from: aim - 1) + 1, bytes.count)
      stretches.append(Stretch(bytes: start..<end, firstLine: line))
      line += bytes.withUnsafeBufferPointer { all in
        UnsafeBufferPointer(rebasing: all[start..<end]).reduce(0) { $0 + ($1 == lineFeed ? 1 : 0) }
      }
      start = end
    }
    return stretches
  }

  /// The same stretches with what their lines say.
  /// - Parameter beside: other work, done by one of the processors meanwhile.
  static func decoded(
    _ stretches: [Stretch], _ bytes: [UInt8], beside: () -> Void
  ) -> [Stretch] {
    var stretches = stretches
    stretches.withUnsafeMutableBufferPointer { places in
      // Each thread writes to places of its own.
      nonisolated(unsafe) let places = places
      withoutActuallyEscaping(beside) { beside in
        // One thread runs it, and nobody else touches what it changes until all are done.
        nonisolated(unsafe) let beside = beside
        DispatchQueue.concurrentPerform(iterations: 1 + places.count) { index in
          if index == 0 { beside() } else { places[index - 1].decode(bytes) }
        }
      }
    }
    return stretches
  }

  private mutating func decode(_ all: [UInt8]) {
    var start = bytes.lowerBound
    while start < bytes.upperBound {
      let end = min(Self.lineEnd(in: all, from: start), bytes.upperBound)
      do {
        entries.append(
          try JournalLine.decode(all[start..<end], number: firstLine + entries.count))
        // The line feed, when there is one, belongs to the line.
        wholeBytes = min(end + 1, all.count)
      } catch {
        bad = (start..<end, error)
        return
      }
      start = end + 1
    }
  }

  /// The next line feed, or the end.
  private static func lineEnd(in bytes: [UInt8], from start: Int) -> Int {
    bytes.withUnsafeBytes { all in
      guard let base = all.baseAddress,
        let found = memchr(base + start, Int32(lineFeed), all.count - start)
      else { return all.count }
      return UnsafeRawPointer(found) - base
    }
  }
}

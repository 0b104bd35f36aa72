import CZlib
import Foundation

/// A file that is compressed as it is written, in the form of `gzip` (RFC 1952). The same bytes
/// give the same file: no time and no name is put into it.
final class GzipWriter {
  private var file: gzFile?

  /// Takes over `descriptor`. Nil when there is no memory.
  init?(descriptor: Int32) {
    guard let file = gzdopen(descriptor, "wb") else { return nil }
    self.file = file
  }

  deinit { _ = close() }

  /// False when the bytes could not all be written; `errno` says why.
  func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      let part = min(rest.count, 1 << 30)
      guard gzwrite(file, rest.baseAddress, UInt32(part)) == Int32(part) else { return false }
      rest = UnsafeRawBufferPointer(rebasing: rest[part...])
    }
    return true
  }

  /// Writes what is left and closes the descriptor.
  func close() -> Bool {
    guard let file else { return true }
    self.file = nil
    return gzclose_w(file) == Z_OK
  }
}

/// The lines of a file in the memory of one line; a compressed file is unpacked on the way.
final class FileLines {
  /// Longest line that is read.
  static let lineBytesMax = 1 << 30

  private let file: gzFile
  private let path: String
  private var buffer: [UInt8] = []
  private var start = 0
  private var isAtEnd = false
  /// How many lines have been given out.
  private(set) var lineCount = 0

  /// - Parameter path: `-` is standard input.
  init(_ path: String) throws {
    let descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      let code = errno
      throw CommandFailure(
        "\(path): cannot read the file: \(systemText(code))",
        code == ENOENT ? .noInput : .inputOutput)
    }
    self.path = path == "-" ? "standard input" : path
    guard let file = gzdopen(descriptor, "rb") else {
      close(descriptor)
      throw CommandFailure("\(path): no memory to read the file", .inputOutput)
    }
    gzbuffer(file, 1 << 17)
    self.file = file
  }

  deinit { gzclose_r(file) }

  /// The next line without its newline; nil behind the last one.
  func next() throws -> ArraySlice<UInt8>? {
    var searched = start
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { start = end + 1 }
        lineCount += 1
        return buffer[start..<end]
      }
      searched = buffer.count
      guard !isAtEnd else {
        guard start < buffer.count else { return nil }
        defer { start = buffer.count }
        lineCount += 1
        return buffer[start...]
      }
      let kept = buffer.count - start
      guard kept <= Self.lineBytesMax else {
        throw CommandFailure(
          "\(path):\(lineCount + 1): longer than \(Self.lineBytesMax) bytes", .badData)
      }
      try fill()
      searched = min(searched, kept)
    }
  }

  /// Drops what has been given out and reads on.
  private func fill() throws {
    buffer.removeSubrange(..<start)
    start = 0
    let size = 1 << 17
    let old = buffer.count
    buffer.append(contentsOf: repeatElement(0, count: size))
    let count = buffer.withUnsafeMutableBytes {
      gzread(file, $0.baseAddress?.advanced(by: old), UInt32(size))
    }
    buffer.removeLast(size - max(0, Int(count)))
    var code: Int32 = 0
    let words = gzerror(file, &code).map { String(cString: $0) } ?? ""
    guard count >= 0, code == Z_OK || code == Z_STREAM_END else {
      throw CommandFailure(
        "\(path): cannot be read: \(code == Z_ERRNO ? systemText(errno) : words)",
        code == Z_ERRNO ? .inputOutput : .badData)
    }
    isAtEnd = count == 0
  }
}

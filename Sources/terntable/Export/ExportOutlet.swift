import Foundation
import Transcripts

/// Where one file of an export goes: to its place or to standard output, and first into a spool
/// when what stands above it is not known yet.
final class ExportOutlet {
  private let stream: ResultStream
  private let spool: Spool?
  /// Why a piece that came in the middle of a session could not be written.
  private var failure: (any Error)?

  init(_ path: String?, for details: FormatDetails) throws {
    stream = try ResultStream(path, opening: !details.needsFile)
    spool = details.headComesLast ? try Spool(beside: stream.partial) : nil
  }

  /// Where the bytes go until all are there, for a format that writes them itself.
  var partial: String? { stream.partial }

  /// Takes a piece while a format is at work; ``write(_:)`` tells when it failed.
  func writeEarly(_ bytes: [UInt8]) {
    guard failure == nil else { return }
    do {
      try write(bytes)
    } catch {
      failure = error
    }
  }

  func write(_ bytes: [UInt8]) throws {
    if let failure { throw failure }
    guard !bytes.isEmpty else { return }
    if let spool { try spool.write(bytes) } else { try stream.write(bytes) }
  }

  /// Puts the head before what has been written.
  func end(head: [UInt8]) throws {
    guard let spool else { return }
    try stream.write(head)
    try spool.read { try stream.write($0) }
  }

  func commit() throws { try stream.commit() }
}

/// Bytes that wait in a file without a name, which is gone when the program is.
final class Spool {
  private let file: FileHandle
  private let folder: String

  /// - Parameter path: a file in whose folder there is room; nil for the system's own place.
  init(beside path: String?) throws {
    folder =
      path.map { URL(filePath: $0).deletingLastPathComponent().path }
      ?? FileManager.default.temporaryDirectory.path
    // mkstemp puts a name of its own in the place of these six.
    let place = String(repeating: "X", count: 6)
    var name = Array("\(folder)/.terntable-\(place)".utf8CString)
    let descriptor = mkstemp(&name)
    guard descriptor >= 0 else {
      throw CommandFailure("\(folder): cannot write: \(systemText(errno))", .inputOutput)
    }
    unlink(name)
    file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  func write(_ bytes: [UInt8]) throws {
    do {
      try file.write(contentsOf: bytes)
    } catch {
      throw CommandFailure("\(folder): cannot write: \(systemText(errno))", .inputOutput)
    }
  }

  /// Gives all of it back, in pieces.
  func read(_ body: ([UInt8]) throws -> Void) throws {
    do {
      try file.seek(toOffset: 0)
    } catch {
      throw CommandFailure("\(folder): cannot read: \(systemText(errno))", .inputOutput)
    }
    while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
      try body(Array(piece))
    }
  }
}

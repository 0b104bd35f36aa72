import Foundation

/// Where a result goes: a file that is there whole or not at all, or standard output.
enum ResultFile {
  /// Writes to a new file beside `path` and renames it; what is there stays until then. A pipe or
  /// a device is written to as it is.
  static func replace(_ path: String, with text: String) throws {
    let stream = try ResultStream(path, compressing: false)
    try stream.write(text)
    try stream.commit()
  }

  /// Writes all of `text` to standard output.
  static func print(_ text: String) throws { try ResultStream(nil).write(text) }
}

/// A result that comes in parts.
///
/// Nothing is at `path` before ``commit()``; without it, what was written is removed again.
final class ResultStream {
  /// What errors call it.
  let path: String
  /// Where the bytes go until all are there; nil for standard output, pipes and devices.
  let partial: String?
  private let target: String
  private var descriptor: Int32
  private var gzip: GzipWriter?
  private var isDone = false

  /// - Parameters:
  ///   - path: nil or `-` is standard output.
  ///   - compressing: whether a name that ends in `.gz` asks for compression.
  ///   - opening: false when somebody else writes ``partial``.
  init(_ path: String?, compressing: Bool = true, opening: Bool = true) throws {
    guard let path, path != "-" else {
      self.path = "standard output"
      (target, partial, descriptor) = ("", nil, STDOUT_FILENO)
      return
    }
    self.path = path
    var status = stat()
    let exists = stat(path, &status) == 0
    if exists, status.st_mode & S_IFMT == S_IFDIR {
      throw CommandFailure("\(path): a folder; name a file", .inputOutput)
    }
    if exists, status.st_mode & S_IFMT != S_IFREG {
      guard opening else {
        throw CommandFailure("\(path): not an ordinary file; name one", .inputOutput)
      }
      (target, partial) = (path, nil)
      descriptor = open(path, O_WRONLY | O_CLOEXEC)
    } else {
      // The file that a link leads to is replaced, not the link.
      target = exists ? URL(filePath: path).resolvingSymlinksInPath().path : path
      let partial = "\(target).\(getpid()).part"
      self.partial = partial
      let mode = exists ? status.st_mode & 0o777 : 0o666
      descriptor =
        opening ? open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode) : -1
    }
    guard opening else { return }
    guard descriptor >= 0 else {
      isDone = true
      throw failure
    }
    if compressing, path.hasSuffix(".gz") {
      gzip = GzipWriter(descriptor: descriptor)
      guard gzip != nil else {
        throw CommandFailure("\(path): no memory to compress", .inputOutput)
      }
    }
  }

  deinit {
    guard !isDone else { return }
    _ = finish()
    if let partial { unlink(partial) }
  }

  func write(_ text: String) throws {
    var text = text
    try text.withUTF8 { try send(UnsafeRawBufferPointer($0)) }
  }

  func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes(send) }

  /// Puts the file in its place.
  func commit() throws {
    // Some file systems tell only now that the disk is full.
    guard finish() else { throw failure }
    if let partial { guard rename(partial, target) == 0 else { throw failure } }
    isDone = true
  }

  private func send(_ bytes: UnsafeRawBufferPointer) throws {
    if let gzip {
      guard gzip.write(bytes) else { throw failure }
      return
    }
    var rest = bytes
    while !rest.isEmpty {
      let written = Foundation.write(descriptor, rest.baseAddress, rest.count)
      if written < 0, errno == EINTR { continue }
      guard written >= 0 else { throw failure }
      rest = UnsafeRawBufferPointer(rebasing: rest[written...])
    }
  }

  private func finish() -> Bool {
    defer { descriptor = -1 }
    if let gzip {
      self.gzip = nil
      return gzip.close()
    }
    return descriptor < 0 || descriptor == STDOUT_FILENO || close(descriptor) == 0
  }

  private var failure: CommandFailure {
    let reason = systemText(errno)
    return CommandFailure("\(path): cannot write: \(reason)", .inputOutput)
  }
}

import Foundation

/// Where a result goes: a file that is there whole or not at all, or standard output.
enum ResultFile {
  /// Writes to a new file beside `path` and renames it; what is there stays until then. A pipe or
  /// a device is written to as it is.
  static func replace(_ path: String, with text: String) throws {
    var status = stat()
    let exists = stat(path, &status) == 0
    if exists, status.st_mode & S_IFMT == S_IFDIR {
      throw CommandFailure("\(path): a folder; name a file", .inputOutput)
    }
    if exists, status.st_mode & S_IFMT != S_IFREG {
      return try fill(open(path, O_WRONLY), with: text, path)
    }
    // The file that a link leads to is replaced, not the link.
    let target = exists ? URL(filePath: path).resolvingSymlinksInPath().path : path
    let partial = "\(target).\(getpid()).part"
    do {
      let mode = exists ? status.st_mode & 0o777 : 0o666
      try fill(open(partial, O_WRONLY | O_CREAT | O_EXCL, mode), with: text, path)
      guard rename(partial, target) == 0 else { throw failure(path) }
    } catch {
      unlink(partial)
      throw error
    }
  }

  /// Writes all of `text` to standard output.
  static func print(_ text: String) throws {
    try send(text, to: STDOUT_FILENO, "standard output")
  }

  private static func fill(_ descriptor: Int32, with text: String, _ path: String) throws {
    guard descriptor >= 0 else { throw failure(path) }
    do {
      try send(text, to: descriptor, path)
    } catch {
      close(descriptor)
      throw error
    }
    // Some file systems tell only now that the disk is full.
    guard close(descriptor) == 0 else { throw failure(path) }
  }

  private static func send(_ text: String, to descriptor: Int32, _ path: String) throws {
    var text = text
    try text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let written = write(descriptor, rest.baseAddress, rest.count)
        if written < 0, errno == EINTR { continue }
        guard written >= 0 else { throw failure(path) }
        rest = UnsafeRawBufferPointer(rebasing: rest[written...])
      }
    }
  }

  private static func failure(_ path: String) -> CommandFailure {
    let reason = systemText(errno)
    return CommandFailure("\(path): cannot write: \(reason)", .inputOutput)
  }
}

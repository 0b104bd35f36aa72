import Foundation

/// A file that is read whole and replaced whole.
enum SmallFile {
  /// The file's bytes, at most so many; nil where there is no file.
  /// - Throws: ``LibraryError/system(path:operation:code:)``.
  static func read(_ path: String, bytesMax: Int) throws(LibraryError) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else {
      if errno == ENOENT { return nil }
      throw .system(path: path, operation: "open", code: errno)
    }
    defer { close(file) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count < bytesMax {
      let count = Foundation.read(file, &part, min(part.count, bytesMax - bytes.count))
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .system(path: path, operation: "read", code: errno) }
      guard count > 0 else { break }
      bytes += part[..<count]
    }
    return bytes
  }

  /// Writes a file beside `path` and renames it: the old one stays whole until then.
  /// - Throws: ``LibraryError/system(path:operation:code:)``.
  static func replace(_ path: String, with bytes: [UInt8]) throws(LibraryError) {
    // The file that a link leads to is replaced, not the link.
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    let new = "\(target).\(getpid()).new"
    let file = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw .system(path: new, operation: "create", code: errno) }
    var failure: LibraryError?
    do throws(LibraryError) {
      try bytes.withUnsafeBufferPointer { buffer throws(LibraryError) in
        try write(file, UnsafeRawBufferPointer(buffer), path: new)
      }
    } catch {
      failure = error
    }
    if failure == nil, fsync(file) != 0 {
      failure = .system(path: new, operation: "sync", code: errno)
    }
    if close(file) != 0, failure == nil {
      failure = .system(path: new, operation: "close", code: errno)
    }
    if failure == nil, rename(new, target) != 0 {
      failure = .system(path: path, operation: "rename", code: errno)
    }
    if let failure {
      unlink(new)
      throw failure
    }
  }

  /// Writes every byte.
  static func write(
    _ file: Int32, _ bytes: UnsafeRawBufferPointer, path: String
  ) throws(LibraryError) {
    var rest = bytes
    while !rest.isEmpty {
      let count = Foundation.write(file, rest.baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .system(path: path, operation: "write", code: errno) }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }

  /// Makes a folder and those above it, as far as they are missing.
  static func makeFolder(_ path: String) throws(LibraryError) {
    var prefix = ""
    for part in path.split(separator: "/") {
      prefix += "/" + part
      guard mkdir(prefix, 0o755) != 0, errno != EEXIST else { continue }
      let code = errno
      var status = stat()
      guard stat(prefix, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
        throw .system(path: prefix, operation: "make the folder", code: code)
      }
    }
  }
}

import Foundation

/// A journal's file on a real disk: opened for appending, locked for one writer.
final class FileStorage: Storage {
  /// Longest journal in bytes that is read into memory: about ten thousand long conversations.
  static let bytesMax = 1 << 30
  /// Where a torn end is kept, beside the journal.
  static let tornSuffix = ".torn"

  let path: String
  private let descriptor: Int32
  private var isClosed = false

  private init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  deinit { close(removing: false) }

  /// Opens `path` for appending and takes the lock; makes the file when `creating`.
  ///
  /// Conversations are private: a new file is readable by its owner only.
  static func open(_ path: String, creating: Bool) throws(JournalError) -> FileStorage {
    while true {
      let flags = O_RDWR | O_APPEND | O_CLOEXEC | O_NONBLOCK | (creating ? O_CREAT : 0)
      let descriptor = Foundation.open(path, flags, 0o600)
      guard descriptor >= 0 else { throw failure(path, "open") }
      let storage = FileStorage(path: path, descriptor: descriptor)
      guard try storage.status().st_mode & S_IFMT == S_IFREG else {
        throw .notAFile(path: path)
      }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        guard errno == EWOULDBLOCK else { throw failure(path, "lock") }
        throw .busy(path: path)
      }
      // Between opening and locking, the former owner may have removed the file it left empty;
      // then this descriptor belongs to no name, and the name has to be opened afresh.
      guard try storage.isStillNamed() else { continue }
      if creating { try syncFolder(of: path) }
      return storage
    }
  }

  /// Reads a file, or a pipe, that nobody needs to write: no lock, any number of readers.
  static func read(_ path: String) throws(JournalError) -> [UInt8] {
    let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path, "open") }
    defer { _ = Foundation.close(descriptor) }
    return try readAll(descriptor, path)
  }

  /// The bytes before the first line feed.
  static func readFirstLine(_ path: String) throws(JournalError) -> [UInt8] {
    let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path, "open") }
    defer { _ = Foundation.close(descriptor) }
    return try readAll(descriptor, path, isEnough: { $0.contains(UInt8(ascii: "\n")) })
      .prefix { $0 != UInt8(ascii: "\n") }.map(\.self)
  }

  func read() throws(JournalError) -> [UInt8] {
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw Self.failure(path, "seek") }
    return try Self.readAll(descriptor, path)
  }

  func append(_ bytes: [UInt8]) throws(JournalError) {
    try Self.write(bytes, to: descriptor, path)
  }

  func sync() throws(JournalError) { try Self.sync(descriptor, path) }

  func truncate(to length: Int) throws(JournalError) {
    guard ftruncate(descriptor, off_t(length)) == 0 else { throw Self.failure(path, "truncate") }
  }

  func setAside(_ bytes: [UInt8]) throws(JournalError) {
    let aside = path + Self.tornSuffix
    let descriptor = Foundation.open(aside, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.failure(aside, "open") }
    defer { _ = Foundation.close(descriptor) }
    try Self.write(bytes, to: descriptor, aside)
    try Self.sync(descriptor, aside)
    try Self.syncFolder(of: aside)
  }

  func close(removing: Bool) {
    guard !isClosed else { return }
    isClosed = true
    // While the lock is still held, so that nobody can have begun to write.
    if removing { unlink(path) }
    _ = Foundation.close(descriptor)
  }

  private func status() throws(JournalError) -> stat {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.failure(path, "stat") }
    return status
  }

  private func isStillNamed() throws(JournalError) -> Bool {
    let own = try status()
    var named = stat()
    return stat(path, &named) == 0 && named.st_ino == own.st_ino && named.st_dev == own.st_dev
  }

  private static func failure(_ path: String, _ operation: String) -> JournalError {
    let code = errno
    return code == ENOENT
      ? .notFound(path: path) : .system(path: path, operation: operation, code: code)
  }

  private static func readAll(
    _ descriptor: Int32, _ path: String, isEnough: (ArraySlice<UInt8>) -> Bool = { _ in false }
  ) throws(JournalError) -> [UInt8] {
    var bytes: [UInt8] = []
    var status = stat()
    // Growing step by step would take twice the room.
    if fstat(descriptor, &status) == 0 { bytes.reserveCapacity(min(Int(status.st_size), bytesMax)) }
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Foundation.read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure(path, "read") }
      guard count > 0 else { return bytes }
      bytes += buffer[..<count]
      if isEnough(buffer[..<count]) { return bytes }
      guard bytes.count <= bytesMax else {
        throw .tooLarge(path: path, bytesMax: bytesMax)
      }
    }
  }

  private static func write(
    _ bytes: [UInt8], to descriptor: Int32, _ path: String
  ) throws(JournalError) {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes {
        Foundation.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure(path, "write") }
      written += count
    }
  }

  private static func sync(_ descriptor: Int32, _ path: String) throws(JournalError) {
    #if canImport(Darwin)
      // Plain fsync leaves the data in the drive's own cache there.
      let outcome = fcntl(descriptor, F_FULLFSYNC)
    #else
      let outcome = fsync(descriptor)
    #endif
    guard outcome != -1 else { throw failure(path, "sync") }
  }

  /// A new file's name is safe only when its folder is.
  private static func syncFolder(of path: String) throws(JournalError) {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let descriptor = Foundation.open(folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(folder, "open") }
    defer { _ = Foundation.close(descriptor) }
    // Some file systems cannot sync a folder and say so; their own rules then have to do.
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw failure(folder, "sync") }
  }
}

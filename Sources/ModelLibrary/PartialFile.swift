import Crypto
import Foundation

/// A file that is still coming: its bytes so far in `FILE.part`, where they come from in
/// `FILE.part.from`, so that a later run goes on where this one stopped.
final class PartialFile {
  /// The address, and what tells the server's versions of the file apart: a strong `ETag` or
  /// `Last-Modified`, empty when the server gave neither.
  struct Origin: Equatable {
    var address: String
    var validator: String
  }

  let path: String
  private let target: String
  private let file: Int32
  private var hash = SHA256()
  /// Bytes that are there.
  private(set) var count: Int64 = 0
  /// Where the bytes come from; nil before the first.
  private(set) var origin: Origin?
  private var start: [UInt8] = []

  private var originPath: String { path + ".from" }
  static let originBytesMax = 16 << 10

  /// Opens or makes the file and takes it for this program alone.
  ///
  /// - Parameter isKept: whether bytes of this origin may be gone on with; otherwise the file
  ///   begins anew.
  /// - Throws: ``LibraryError/busy(path:)``, ``LibraryError/system(path:operation:code:)``.
  init(for target: String, isKept: (Origin) -> Bool) throws(LibraryError) {
    self.target = target
    path = target + ".part"
    file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard file >= 0 else { throw .system(path: path, operation: "open", code: errno) }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      if code == EWOULDBLOCK { throw .busy(path: path) }
      throw .system(path: path, operation: "lock", code: code)
    }
    let text = try SmallFile.read(originPath, bytesMax: Self.originBytesMax).map {
      String(decoding: $0, as: UTF8.self)
    }
    let lines = text?.split(separator: "\n", omittingEmptySubsequences: false) ?? []
    if lines.count == 3 {
      origin = Origin(address: String(lines[0]), validator: String(lines[1]))
    }
    if let origin, isKept(origin) {
      try readWhatIsThere()
    } else {
      try beginAnew(nil)
    }
  }

  deinit { close(file) }

  /// The first bytes, at most 4.
  var magic: [UInt8] { start }

  /// Throws away what came.
  func beginAnew(_ origin: Origin?) throws(LibraryError) {
    guard ftruncate(file, 0) == 0, lseek(file, 0, SEEK_SET) == 0 else {
      throw .system(path: path, operation: "empty", code: errno)
    }
    (hash, count, start, self.origin) = (SHA256(), 0, [], origin)
    guard let origin else {
      unlink(originPath)
      return
    }
    try SmallFile.replace(
      originPath, with: Array("\(origin.address)\n\(origin.validator)\n".utf8))
  }

  func append(_ bytes: UnsafeRawBufferPointer) throws(LibraryError) {
    try SmallFile.write(file, bytes, path: path)
    note(bytes)
  }

  /// Bytes that the file's disk has left for us.
  func freeBytes() throws(LibraryError) -> Int64 {
    var status = statvfs()
    guard fstatvfs(file, &status) == 0 else {
      throw .system(path: path, operation: "ask for free space", code: errno)
    }
    let (free, overflow) = UInt64(status.f_bavail).multipliedReportingOverflow(
      by: UInt64(status.f_frsize))
    return overflow || free > UInt64(Int64.max) ? Int64.max : Int64(free)
  }

  /// 64 lowercase hexadecimal digits of all bytes.
  func digest() -> String {
    hash.finalize().map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }

  /// Gives the file its name.
  func finish() throws(LibraryError) {
    guard fsync(file) == 0 else { throw .system(path: path, operation: "sync", code: errno) }
    guard rename(path, target) == 0 else {
      throw .system(path: target, operation: "rename", code: errno)
    }
    unlink(originPath)
  }

  /// Throws all of it away.
  func discard() {
    unlink(path)
    unlink(originPath)
  }

  private func note(_ bytes: UnsafeRawBufferPointer) {
    hash.update(bufferPointer: bytes)
    if start.count < 4 { start += bytes.prefix(4 - start.count) }
    count += Int64(bytes.count)
  }

  private func readWhatIsThere() throws(LibraryError) {
    var part = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let read = Foundation.read(file, &part, part.count)
      if read < 0, errno == EINTR { continue }
      guard read >= 0 else { throw .system(path: path, operation: "read", code: errno) }
      guard read > 0 else { return }
      part.withUnsafeBytes { note(UnsafeRawBufferPointer(rebasing: $0[..<read])) }
    }
  }
}

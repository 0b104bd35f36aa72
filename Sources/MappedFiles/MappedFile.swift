import Foundation

/// A read-only region of memory: a file as it is on disk, or bytes computed once.
///
/// `@unchecked Sendable` is sound because the region is written by nobody after `init`
/// returns: a file is mapped `PROT_READ` and private; computed bytes are sealed with
/// `mprotect(PROT_READ)` before anyone else can hold the object. The pointer is fixed for the
/// object's life and unmapped only in `deinit`, when no reader is left.
public final class MappedFile: @unchecked Sendable {
  /// Why a file could not be mapped.
  public struct Failure: Error, Equatable {
    /// The system's reason.
    public let errno: Int32
  }

  /// The region; page-aligned.
  public let bytes: UnsafeRawBufferPointer
  /// Bytes to unmap: a mapping of nothing is not allowed, so an empty file maps none.
  private let mappedBytes: Int
  /// Whether what is given back can be read again.
  private let isOnDisk: Bool

  /// Maps the file at `path`, which is not a folder or a device.
  public init(path: String) throws(Failure) {
    isOnDisk = true
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure(errno: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Failure(errno: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      throw Failure(errno: isFolder ? EISDIR : ENODEV)
    }
    let count = Int(status.st_size)
    guard count > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      mappedBytes = 0
      return
    }
    guard let base = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0),
      base != MAP_FAILED
    else { throw Failure(errno: errno) }
    bytes = UnsafeRawBufferPointer(start: base, count: count)
    mappedBytes = count
  }

  /// Allocates `byteCount` zeroed bytes (at least 1), lets `fill` write them, and seals them; nil
  /// without memory.
  public init?<FillError: Error>(
    byteCount: Int, fill: (UnsafeMutableRawBufferPointer) throws(FillError) -> Void
  ) throws(FillError) {
    isOnDisk = false
    let flags = MAP_PRIVATE | MAP_ANONYMOUS
    guard let base = mmap(nil, byteCount, PROT_READ | PROT_WRITE, flags, -1, 0),
      base != MAP_FAILED
    else { return nil }
    do {
      try fill(UnsafeMutableRawBufferPointer(start: base, count: byteCount))
    } catch {
      munmap(base, byteCount)
      throw error
    }
    mprotect(base, byteCount, PROT_READ)
    bytes = UnsafeRawBufferPointer(start: base, count: byteCount)
    mappedBytes = byteCount
  }

  /// Gives back the pages that lie wholly inside a part of a file's mapping; they are read again
  /// when they are asked for.
  public func release(_ part: Range<Int>) {
    let page = Int(getpagesize())
    let start = (part.lowerBound + page - 1) / page * page
    let end = part.upperBound / page * page
    guard isOnDisk, end > start, let base = bytes.baseAddress else { return }
    madvise(UnsafeMutableRawPointer(mutating: base + start), end - start, Int32(MADV_DONTNEED))
  }

  deinit {
    if mappedBytes > 0, let base = bytes.baseAddress {
      munmap(UnsafeMutableRawPointer(mutating: base), mappedBytes)
    }
  }
}

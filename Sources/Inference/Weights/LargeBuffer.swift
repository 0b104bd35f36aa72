import Foundation
import MappedFiles

/// Zeroed memory in large pages where the system has them; page-aligned. Owned by one thread.
final class LargeBuffer {
  let start: UnsafeMutableRawPointer
  private let byteCount: Int

  /// Nil without memory. Pages take place only once they are touched.
  init?(byteCount: Int) {
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    guard let base = mmap(nil, byteCount, PROT_READ | PROT_WRITE, flags, -1, 0),
      base != MAP_FAILED
    else { return nil }
    start = base
    self.byteCount = byteCount
    MappedFile.adviseLargePages(base, byteCount)
  }

  deinit { munmap(start, byteCount) }
}

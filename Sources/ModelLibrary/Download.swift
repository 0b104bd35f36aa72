import Foundation
import Synchronization

/// Fetches a model's file, once asked to: goes on where an earlier run stopped if that can be
/// proved to be the same file, checks every byte against a pinned checksum, and leaves either the
/// whole file under its name or what came so far in `FILE.part`.
public struct Download: Sendable {
  /// How far it has come.
  public struct Progress: Sendable {
    /// Bytes of the file that are there.
    public var bytes: Int64
    /// Bytes of the file; nil when the server does not say.
    public var total: Int64?
  }

  /// What came of it.
  public struct Outcome: Equatable, Sendable {
    /// 64 lowercase hexadecimal digits.
    public var sha256: String
    public var bytes: Int64
    /// Bytes that an earlier run had fetched.
    public var resumedBytes: Int64
  }

  private let address: DownloadAddress
  private let path: String
  private let sha256: String?
  private let replacing: Bool
  private let patienceSeconds: Int

  /// Most bytes of one file: the largest ternary models have some 10 GB.
  public static let bytesMax: Int64 = 1 << 40

  /// - Parameters:
  ///   - path: where the file will be.
  ///   - sha256: what it has to hash to.
  ///   - replacing: whether a file that is there makes way once the new one is whole.
  ///   - patienceSeconds: gives up when nothing comes for so long.
  public init(
    _ address: DownloadAddress, to path: String, sha256: String? = nil, replacing: Bool = false,
    patienceSeconds: Int = 60
  ) {
    self.address = address
    self.path = path
    self.sha256 = sha256
    self.replacing = replacing
    self.patienceSeconds = patienceSeconds
  }

  /// Runs on a thread of its own. Cancelling the task stops it within a second.
  /// - Parameter progress: called with each part that comes, on that thread.
  public func run(
    progress: @escaping @Sendable (Progress) -> Void = { _ in }
  ) async throws(LibraryError) -> Outcome {
    let isCancelled = CancelMark()
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let thread = Thread {
          continuation.resume(
            returning: Result { () throws(LibraryError) in
              let fetch = try Fetch(
                address, to: path, sha256: sha256, replacing: replacing,
                patienceSeconds: patienceSeconds, isCancelled: { isCancelled.isSet },
                progress: progress)
              return try fetch.run()
            })
        }
        thread.name = "terntable.download"
        thread.start()
      }
    } onCancel: {
      isCancelled.set()
    }
    return try result.get()
  }
}

/// Set by whoever cancels, read by the thread that works.
private final class CancelMark: Sendable {
  private let mark = Atomic<Bool>(false)

  var isSet: Bool { mark.load(ordering: .relaxed) }
  func set() { mark.store(true, ordering: .relaxed) }
}

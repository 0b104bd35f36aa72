import Foundation
import Friction
import Journaling
import SessionCore
import SessionRuntime
import Synchronization
import TerminalUI

/// Measures a session and the others of its folder, away from the screen: newest first, within
/// limits, until somebody stops it. What was read once is remembered until its file changes.
final class FolderFigures: Sendable {
  /// Most sessions that are read.
  static let sessionsMax = 1000
  /// Most bytes of journals that are read in all.
  static let bytesMax = 256 << 20
  /// Shortest time between two sheets while the folder is read.
  private static let tellEvery = Duration.milliseconds(250)

  private struct Known {
    var bytes: Int
    var changed: Date
    var digest: FrictionDigest?
  }

  private struct State {
    var task: Task<Void, Never>?
    var known: [String: Known] = [:]
  }

  private let state = Mutex(State())
  private let path: String

  /// - Parameter path: of the session's own journal.
  init(path: String) { self.path = path }

  /// Measures in a task of its own; an earlier one that is not done is given up.
  func measure(
    _ session: @escaping @Sendable () async -> Session,
    _ send: @escaping @Sendable (Action) -> Void
  ) {
    state.withLock { state in
      state.task?.cancel()
      state.task = Task.detached(priority: .utility) {
        let own = FrictionDigest(await session())
        self.read(beside: own) { send(.measured($0)) }
      }
    }
  }

  /// Stops reading; what was read so far is shown.
  func stop() { state.withLock { $0.task?.cancel() } }

  /// The sheet of a session without a folder.
  static func alone(_ session: Session) -> FrictionSheet {
    let digest = FrictionDigest(session)
    return FrictionSheet(session: digest, folder: .init(digest: digest, found: 1))
  }

  private func read(beside own: FrictionDigest, _ tell: (FrictionSheet) -> Void) {
    let others = journals()
    var folder = FrictionSheet.Folder(digest: own, found: others.count + 1, isReading: true)
    var bytes = 0
    var told = ContinuousClock.now - Self.tellEvery
    for journal in others.prefix(Self.sessionsMax - 1) {
      guard !Task.isCancelled, bytes < Self.bytesMax else { break }
      let (digest, size) = digest(of: journal)
      bytes += size
      if let digest { folder.digest = folder.digest + digest } else { folder.damaged += 1 }
      if ContinuousClock.now - told > Self.tellEvery {
        tell(FrictionSheet(session: own, folder: folder))
        told = .now
      }
    }
    folder.isReading = false
    tell(FrictionSheet(session: own, folder: folder))
  }

  /// The folder's other journals, the newest name first.
  private func journals() -> [String] {
    let url = URL(filePath: path)
    let folder = url.deletingLastPathComponent().path
    // A folder that cannot be read has no others.
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(SessionFolder.suffix) && $0 != url.lastPathComponent }
      .sorted(by: >).map { "\(folder)/\($0)" }
  }

  /// Nil for what is no session, with the bytes that had to be read.
  private func digest(of journal: String) -> (FrictionDigest?, Int) {
    // Gone since the folder was listed: left out like a damaged one.
    guard let facts = try? FileManager.default.attributesOfItem(atPath: journal),
      let bytes = facts[.size] as? Int, let changed = facts[.modificationDate] as? Date
    else { return (nil, 0) }
    let known = state.withLock { $0.known[journal] }
    if let known, known.bytes == bytes, known.changed == changed { return (known.digest, 0) }
    // What is wrong with a damaged one, `terntable report` says.
    let digest = (try? JournalReader.read(journal).session()).map { FrictionDigest($0) }
    state.withLock { $0.known[journal] = Known(bytes: bytes, changed: changed, digest: digest) }
    return (digest, bytes)
  }
}

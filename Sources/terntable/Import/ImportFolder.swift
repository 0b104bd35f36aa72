import Foundation
import Imports
import SessionCore
import SessionRuntime

/// The folder that an import fills: one that is there, or a new one.
struct ImportFolder {
  let path: String
  private let isNew: Bool

  /// - Parameter out: nil takes a new folder in the state folder, and says which.
  init(_ out: String?, file: String) throws {
    path = try out ?? Self.newPath(file)
    isNew = !FileManager.default.fileExists(atPath: path)
    try SessionFolder.create(path, mode: out == nil ? 0o700 : 0o777)
    if out == nil { say("journals in \(path)") }
  }

  /// Does the work; a new folder does not stay behind empty when it fails.
  func filling(_ work: () throws -> Void) throws {
    do {
      try work()
    } catch {
      // Only an empty folder goes; whatever somebody else put there stays.
      if isNew { rmdir(path) }
      throw error
    }
  }

  private static func newPath(_ file: String) throws -> String {
    let sessions = try SessionFolder(environment: ProcessInfo.processInfo.environment)
    let state = URL(filePath: sessions.path).deletingLastPathComponent().path
    let moment = TimestampText.compact(SessionDriver.wallClock()) ?? "0"
    let name =
      file == "-" ? "import" : URL(filePath: file).deletingPathExtension().lastPathComponent
    return "\(state)/imports/\(name)-\(moment)"
  }
}

extension ImportRun {
  /// A run by this program, now.
  convenience init(_ format: ImportFormat, file: String, into folder: String) {
    var random = SystemRandomNumberGenerator()
    self.init(
      format, file: file, into: folder, suffix: SessionFolder.suffix,
      application: ProgramVersion.application, at: SessionDriver.wallClock()
    ) { SessionFolder.newSessionID(using: &random) }
  }

  /// Takes everything, and shows on a terminal how far it is.
  func takeAll(from source: any ConversationSource, skipInvalid: Bool) throws(ImportError) {
    let progress = CountProgress("conversations")
    defer { progress.clear() }
    var told = 0
    try takeAll(
      from: source,
      invalid: { fault throws(ImportError) in
        guard skipInvalid else { throw .invalid(fault) }
        told += 1
        // The first few help to find out why; a million help nobody.
        if told <= 10 { say("passed over: \(text(for: fault))") }
      }, progress: progress.show)
  }

  private func takeAll(
    from source: some ConversationSource,
    invalid: (ImportFault) throws(ImportError) -> Void, progress: (Int) -> Void
  ) throws(ImportError) {
    var source = source
    try takeAll(from: &source, invalid: invalid, progress: progress)
  }
}

/// Counts on the terminal, once it takes longer than a second.
final class CountProgress {
  private let what: String
  private let start = ContinuousClock.now
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private var isShown = false

  init(_ what: String) { self.what = what }

  func show(_ done: Int) {
    guard isTerminal, done % 100 == 0, ContinuousClock.now - start > .seconds(1) else { return }
    isShown = true
    StandardStreams.complain("\r\(done) \(what)\u{1B}[K")
  }

  func clear() {
    if isShown { StandardStreams.complain("\r\u{1B}[K") }
  }
}

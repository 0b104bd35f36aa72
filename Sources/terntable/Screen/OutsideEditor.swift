import Foundation

/// Lets a person change a text in `$VISUAL` or `$EDITOR`. The terminal is the editor's meanwhile.
struct OutsideEditor: Sendable {
  private let command: String

  init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    let named = ["VISUAL", "EDITOR"].compactMap { environment[$0] }.first { !$0.isEmpty }
    command = named ?? "vi"
  }

  /// The text as the editor left it. What was written in an editor that failed stays on disk, and
  /// the error says where.
  func edit(_ text: String) async -> Result<String, CommandFailure> {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("terntable-\(UUID().uuidString)")
    let file = folder.appendingPathComponent("text.md")
    var isKept = false
    do {
      // For the owner only: the text is nobody else's business.
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      // A leftover file does no harm and is the system's to clear away.
      defer { if !isKept { try? FileManager.default.removeItem(at: folder) } }
      let given = Data((text + "\n").utf8)
      try given.write(to: file)
      let status = await run(file.path)
      guard status == 0 else {
        // A file that cannot be read any more holds nothing to keep.
        isKept = (try? Data(contentsOf: file)).map { $0 != given } ?? false
        let kept = isKept ? "; what you wrote is in \(file.path)" : ""
        return .failure(
          CommandFailure(
            "the editor \"\(command)\" ended with \(status); nothing changed\(kept)", .inputOutput))
      }
      return .success(String(decoding: try Data(contentsOf: file), as: UTF8.self))
    } catch {
      return .failure(CommandFailure("cannot hand the text to the editor: \(error)", .inputOutput))
    }
  }

  /// Puts a text that could not be sent where it can be found again, for its owner only.
  /// - Returns: the file; nil where nothing can be written.
  static func keep(_ text: String) -> String? {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("terntable-\(UUID().uuidString)")
    let file = folder.appendingPathComponent("text.md")
    do {
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      try Data(text.utf8).write(to: file)
      return file.path
    } catch {
      return nil
    }
  }

  /// Runs the editor through the shell, because `$EDITOR` may carry arguments, as a child in our
  /// own process group, so that it owns the terminal as we do.
  private func run(_ path: String) async -> Int32 {
    let arguments = ["/bin/sh", "-c", "exec \(command) \"$1\"", "sh", path]
    return await withCheckedContinuation { continuation in
      // Waiting for a person takes minutes: that is a thread's business.
      Thread.detachNewThread {
        continuation.resume(returning: Self.spawn(arguments))
      }
    }
  }

  /// The exit status; 126 when nothing could be started, 128 and the signal when one ended it.
  private static func spawn(_ arguments: [String]) -> Int32 {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // What we ignore, an editor may want to hear.
    var usual = sigset_t()
    sigemptyset(&usual)
    for signal in [SIGINT, SIGQUIT, SIGTSTP, SIGPIPE] { sigaddset(&usual, signal) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigdefault(&attributes, &usual)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK))
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
    words.append(nil)
    defer { for word in words { free(word) } }
    var child = pid_t()
    guard posix_spawn(&child, arguments[0], nil, &attributes, words, environ) == 0 else {
      return 126
    }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
  }
}

import Foundation

/// Runs a shell command that reads a text on its standard input, within limits of time and output.
///
/// The text never becomes part of the command line, so nothing in it is run. The command itself
/// is whatever its author wrote, with all the rights of this program: that is why it has to be
/// allowed in the file and on the command line.
public struct ShellCommand: Sendable {
  /// What became of a command.
  public struct Result: Equatable, Sendable {
    /// Nil when it was ended by a signal, by the time limit, or could not be started.
    public var exitCode: Int32?
    /// Standard output, at most ``ShellCommand/outputBytesMax``; damaged UTF-8 mended.
    public var output: String
    public var isTimedOut: Bool
  }

  /// Most bytes of its output that are kept; a command that writes more is ended.
  public static let outputBytesMax = 64 * 1024
  /// Longest command.
  public static let bytesMax = 4096

  public var command: String
  public var secondsMax: Double

  public init(_ command: String, secondsMax: Double = 10) {
    (self.command, self.secondsMax) = (command, secondsMax)
  }

  /// Runs it on a thread of its own.
  public func run(on text: String) async -> Result {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: runNow(on: text)) }
    }
  }

  private static let notStarted = Result(exitCode: nil, output: "", isTimedOut: false)

  private func runNow(on text: String) -> Result {
    guard let input = Self.file(holding: text) else { return Self.notStarted }
    defer { close(input) }
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return Self.notStarted }
    let (reading, writing) = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let child = spawn(input: input, output: writing)
    close(writing)
    defer { close(reading) }
    guard let child else { return Self.notStarted }
    let deadline = ContinuousClock.now + .seconds(secondsMax)
    let (bytes, isWhole) = Self.contents(reading, until: deadline)
    let isTimedOut = !isWhole && bytes.count < Self.outputBytesMax
    // It has closed its output, so it ends by itself or is ended at the deadline.
    let status = isWhole ? Self.wait(for: child, until: deadline) : nil
    // The whole group: a command may have left others behind.
    kill(-child, SIGKILL)
    if status == nil { Self.reap(child) }
    return Result(
      exitCode: status.flatMap { $0 & 0x7F == 0 ? ($0 >> 8) & 0xFF : nil },
      output: String(decoding: bytes, as: UTF8.self),
      isTimedOut: isTimedOut || isWhole && status == nil)
  }

  /// A file without a name that holds the text: unlike a pipe it cannot break, whether the
  /// command reads it or not.
  private static func file(holding text: String) -> Int32? {
    var name = Array(
      (NSTemporaryDirectory() + "/terntable-" + String(repeating: "X", count: 6)).utf8CString)
    let file = mkstemp(&name)
    guard file >= 0 else { return nil }
    unlink(name)
    _ = fcntl(file, F_SETFD, FD_CLOEXEC)
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
      guard written > 0 || errno == EINTR else {
        close(file)
        return nil
      }
      rest = rest.dropFirst(max(0, written))
    }
    lseek(file, 0, SEEK_SET)
    return file
  }

  /// Starts the shell in a process group of its own.
  private func spawn(input: Int32, output: Int32) -> pid_t? {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var usual = sigset_t()
    sigemptyset(&usual)
    for signal in [SIGINT, SIGQUIT, SIGTERM, SIGPIPE] { sigaddset(&usual, signal) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigdefault(&attributes, &usual)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETPGROUP))
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    let arguments: [String] = ["/bin/sh", "-c", command]
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
    words.append(nil)
    defer { for word in words { free(word) } }
    var child = pid_t()
    guard posix_spawn(&child, "/bin/sh", &actions, &attributes, words, environ) == 0 else {
      return nil
    }
    return child
  }

  /// What there is up to the end, the deadline or the limit, whichever comes first.
  private static func contents(
    _ file: Int32, until deadline: ContinuousClock.Instant
  ) -> (bytes: [UInt8], isWhole: Bool) {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while bytes.count < outputBytesMax {
      let left = ContinuousClock.now.duration(to: deadline) / .milliseconds(1)
      guard left > 0 else { return (bytes, false) }
      var ready = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
      let count = poll(&ready, 1, Int32(min(left.rounded(.up), 60_000)))
      guard count > 0 else { continue }
      let got = buffer.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
      if got == 0 { return (bytes, true) }
      guard got > 0 else { continue }
      bytes += buffer[..<got]
    }
    return (Array(bytes.prefix(outputBytesMax)), false)
  }

  /// The status of a child that ends before the deadline; nil when it does not.
  private static func wait(
    for child: pid_t, until deadline: ContinuousClock.Instant
  ) -> Int32? {
    var status: Int32 = 0
    repeat {
      if waitpid(child, &status, WNOHANG) == child { return status }
      usleep(2000)
    } while ContinuousClock.now < deadline
    return nil
  }

  private static func reap(_ child: pid_t) {
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
  }
}

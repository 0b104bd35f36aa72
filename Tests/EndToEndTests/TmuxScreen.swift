import Foundation

/// A real terminal (tmux) that a test types into and reads, waiting for what it expects to see.
final class TmuxScreen {
  /// Something a test waited for never came.
  struct NeverShown: Error, CustomStringConvertible {
    var expected: String
    var screen: String
    var description: String { "never saw \(expected) on\n\(screen)" }
  }

  private let socket = "terntable-\(UUID().uuidString.prefix(8))"
  private let environment: [String: String]
  private let watch: Watch

  /// Starts `command` (a shell line) in a terminal of that size.
  init(_ command: String, width: Int, height: Int, program: Program) throws {
    environment = program.environment
    watch = try Watch(over: socket)
    try tmux(
      "-f", "/dev/null", "new-session", "-d", "-x", "\(width)", "-y", "\(height)", "/bin/bash",
      "--norc")
    try tmux("set-option", "-g", "status", "off")
    try tmux("set-option", "-g", "remain-on-exit", "on")
    try type("cd '\(Scratch.repository.path)'; PS1='prompt> '; clear; \(command)")
    try press("Enter")
  }

  /// Types text as it is.
  func type(_ text: String) throws { try tmux("send-keys", "-l", text) }

  /// Pastes text as a terminal does, marked as pasted.
  func paste(_ text: String) throws {
    try tmux("load-buffer", "-b", "pasted", try Scratch.file(containing: text).path)
    try tmux("paste-buffer", "-p", "-b", "pasted")
  }

  /// Presses keys by tmux's names, such as `Enter`, `Escape`, `C-c`.
  func press(_ keys: String...) throws { try tmux(["send-keys"] + keys) }

  func resize(width: Int, height: Int) throws {
    try tmux("resize-window", "-x", "\(width)", "-y", "\(height)")
  }

  /// The screen as text, trailing blanks cut.
  func text() throws -> String { try tmux("capture-pane", "-p") }

  /// Whether a program has the terminal's other screen.
  func isOtherScreen() throws -> Bool {
    try tmux("display-message", "-p", "#{alternate_on}").hasPrefix("1")
  }

  /// Looks at the screen until it shows `expected`.
  /// - Returns: the screen that showed it.
  @discardableResult
  func wait(
    for expected: String, seconds: Double = 20,
    until: (String, String) -> Bool = { $0.contains($1) }
  ) throws -> String {
    let deadline = Date().addingTimeInterval(seconds)
    var last = ""
    while Date() < deadline {
      last = try text()
      if until(last, expected) { return last }
      usleep(20_000)
    }
    throw NeverShown(expected: expected, screen: last)
  }

  /// Looks at the screen until it no longer shows `text`.
  func waitUntilGone(_ text: String) throws {
    try wait(for: text, until: { !$0.contains($1) })
  }

  @discardableResult
  private func tmux(_ arguments: String...) throws -> String { try tmux(arguments) }

  @discardableResult
  private func tmux(_ arguments: [String]) throws -> String {
    let answer = try Scratch.file(containing: "")
    // Foundation's `Process` would wait for the server that the first call starts.
    try spawn(
      ["tmux", "-u", "-L", socket] + arguments, output: answer,
      environment: environment.merging(["TERM": "xterm-256color"]) { $1 }
        .filter { $0.key != "TMUX" })
    return String(decoding: try Data(contentsOf: answer), as: UTF8.self)
  }
}

/// Ends a tmux server when nobody holds this object any more: when the test is over, and also when
/// the whole test run was killed, for then what it reads from ends as well.
private final class Watch {
  private let hold: Int32
  private var watcher: pid_t = 0

  init(over socket: String) throws {
    var ends: [Int32] = [0, 0]
    // No other child may inherit the end that is held.
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw POSIXError(.EIO) }
    hold = ends[1]
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    // Out of the test run's process group, so that what ends that does not end this first.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    // A server that does not go when it is asked to is ended by its number.
    let script = """
      read line
      pid=$(timeout 5 tmux -L "$1" display-message -p '#{pid}')
      timeout 5 tmux -L "$1" kill-server
      if [ -n "$pid" ]; then kill -9 "$pid"; fi
      """
    let command = ["/bin/sh", "-c", script, "sh", socket]
    var arguments = command.map { strdup($0) } + [nil]
    defer { arguments.forEach { free($0) } }
    let failure = posix_spawn(
      &watcher, command[0], &actions, &attributes, &arguments, environ)
    close(ends[0])
    guard failure == 0 else { throw POSIXError(POSIXErrorCode(rawValue: failure) ?? .EIO) }
  }

  deinit {
    close(hold)
    var status: Int32 = 0
    while waitpid(watcher, &status, 0) == -1, errno == EINTR {}
  }
}

/// Runs a program found on PATH and waits for it, and for nothing it leaves behind.
private func spawn(_ command: [String], output: URL, environment: [String: String]) throws {
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
  posix_spawn_file_actions_addopen(&actions, 1, output.path, O_WRONLY, 0)
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
  var arguments = command.map { strdup($0) } + [nil]
  var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
  defer { (arguments + variables).forEach { free($0) } }
  var child: pid_t = 0
  let failure = posix_spawnp(&child, command[0], &actions, nil, &arguments, &variables)
  guard failure == 0 else { throw POSIXError(POSIXErrorCode(rawValue: failure) ?? .EIO) }
  var status: Int32 = 0
  while waitpid(child, &status, 0) == -1, errno == EINTR {}
}

extension Program {
  /// A conversation on the screen, ready for its first line.
  func chat(
    _ options: String = "--seed 7", environment: String = "", width: Int = 80, height: Int = 24
  ) throws -> TmuxScreen {
    let screen = try TmuxScreen(
      "\(environment) '\(Program.path)' chat \(options)", width: width, height: height,
      program: self)
    try screen.wait(for: "ready")
    return screen
  }
}

import Foundation

/// The three streams a program is born with, which may be closed, full or read by nobody.
enum StandardStreams {
  /// Puts a null device where a stream is closed. Otherwise the next file that is opened, a
  /// journal perhaps, would take its number and what is said would be written into it.
  static func openMissing() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      // Results on a closed standard output are still refused: nothing can be written there.
      _ = open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  /// Writes to standard error. When nobody can hear, the exit code is all that is left to say.
  static func complain(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { return }
      rest = rest.dropFirst(written)
    }
  }
}

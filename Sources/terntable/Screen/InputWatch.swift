import Foundation

/// Tells once, each time it is armed, that something can be read from standard input.
final class InputWatch: Sendable {
  private let armed = DispatchSemaphore(value: 0)

  init(_ receive: @escaping @Sendable () -> Void) {
    let armed = armed
    Thread.detachNewThread {
      while true {
        armed.wait()
        var descriptor = Self.descriptor
        while poll(&descriptor, 1, -1) < 0, errno == EINTR {}
        receive()
      }
    }
  }

  func arm() { armed.signal() }

  /// Whether whoever typed has hung up.
  static var isGone: Bool {
    var descriptor = Self.descriptor
    let gone = Int16(POLLHUP) | Int16(POLLERR) | Int16(POLLNVAL)
    return poll(&descriptor, 1, 0) > 0 && descriptor.revents & gone != 0
  }

  private static var descriptor: pollfd {
    pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
  }
}

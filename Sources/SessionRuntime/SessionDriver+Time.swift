import Foundation
import SessionCore

// The time a driver goes by, unless it is given another.
extension SessionDriver {
  /// Milliseconds since 1970 by the system's clock.
  public static let wallClock: @Sendable () -> Timestamp = {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(time.tv_sec) * 1000 + Timestamp(time.tv_nsec) / 1_000_000
  }

  /// Waits, or returns early when the task is cancelled.
  public static let realSleep: @Sendable (Duration) async -> Void = { duration in
    // Sleeping throws only when cancelled, and then whoever sleeps looks for that.
    try? await Task.sleep(for: duration)
  }
}

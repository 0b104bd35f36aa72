import SessionCore
import Synchronization

/// A clock that only tests move.
public final class VirtualClock: Sendable {
  /// 2026-01-01T00:00:00Z.
  public static let start: Timestamp = 1_767_225_600_000

  private let time: Atomic<Timestamp>

  public init(at time: Timestamp = VirtualClock.start) { self.time = Atomic(time) }

  public var now: Timestamp { time.load(ordering: .relaxed) }

  /// Moves on (or back, when negative).
  public func advance(milliseconds: Timestamp) {
    time.wrappingAdd(milliseconds, ordering: .relaxed)
  }

  /// For parameters that take a clock.
  public var read: @Sendable () -> Timestamp { { self.now } }
}

import Foundation
import SessionCore
import Synchronization
import TerminalUI

/// Opens a session on a thread of its own and tells how far it is, so that a screen can be there
/// first. What comes quickly is there before anybody looks, and costs no second picture.
final class ChatOpening: Sendable {
  /// What happens on the way.
  enum Step: Sendable {
    case progress(Loading)
    /// An old session's record has been read.
    case record(Session)
    case opened(ChatSession)
    case failed(CommandFailure)

    fileprivate var isLast: Bool {
      switch self {
      case .progress, .record: false
      case .opened, .failed: true
      }
    }
  }

  private struct Course {
    var hasBegun = false
    var steps: [Step] = []
    var receive: (@Sendable (Step) -> Void)?
  }

  private let course = Mutex(Course())
  private let end = DispatchSemaphore(value: 0)
  private let options: ChatOptions

  init(_ options: ChatOptions) { self.options = options }

  /// The first call begins; the others do nothing.
  func begin() {
    let hasBegun = course.withLock { course in
      defer { course.hasBegun = true }
      return course.hasBegun
    }
    guard !hasBegun else { return }
    Thread.detachNewThread { [self] in
      do {
        take(.opened(try ChatSession.open(options) { self.take($0) }))
      } catch {
        take(.failed(commandFailure(for: error)))
      }
      end.signal()
    }
  }

  /// Waits so long for the end, and not longer.
  /// - Returns: the last step, when it came.
  func last(within time: DispatchTimeInterval) -> Step? {
    guard end.wait(timeout: .now() + time) == .success else { return nil }
    return course.withLock { $0.steps.last }
  }

  /// Whether the last step has come.
  var isOver: Bool { course.withLock { $0.steps.last?.isLast == true } }

  /// Tells all that happened and all that happens.
  func follow(_ receive: @escaping @Sendable (Step) -> Void) {
    course.withLock { course in
      for step in course.steps { receive(step) }
      course.receive = receive
    }
  }

  private func take(_ step: Step) {
    course.withLock { course in
      if let receive = course.receive { return receive(step) }
      // Of progress only the newest matters.
      if case .progress? = course.steps.last { course.steps.removeLast() }
      course.steps.append(step)
    }
  }
}

/// Tells progress as often as a screen can show it, and not oftener.
final class ProgressPace: Sendable {
  private let pause: Duration
  private let start = ContinuousClock.now
  private let told: Atomic<Int64>

  /// - Parameter beginsAtOnce: whether the first pause need not have passed.
  init(every pause: Duration = .milliseconds(33), beginsAtOnce: Bool = true) {
    self.pause = pause
    told = Atomic(beginsAtOnce ? -1 : 0)
  }

  /// Whether it is time to tell again.
  var isDue: Bool {
    let passed = Int64((ContinuousClock.now - start) / pause)
    return told.exchange(passed, ordering: .relaxed) != passed
  }
}

import Dispatch
import Synchronization

/// Numbered pieces of work shared by threads, in order, until one fails.
enum ParallelWork {
  /// Calls `body` for every number below `count`, on up to `threads` threads; returns when all
  /// have ended.
  ///
  /// - Parameter progress: called with the fraction that is done, by one thread at a time.
  /// - Throws: the error of the lowest number that failed, whatever the threads did meanwhile: all
  ///   numbers below it were begun before it.
  static func run(
    _ count: Int, threads: Int, progress: (@Sendable (Double) -> Void)? = nil,
    _ body: @Sendable (Int) throws(InferenceError) -> Void
  ) throws(InferenceError) {
    let state = State(failed: count)
    DispatchQueue.concurrentPerform(iterations: max(1, min(threads, count))) { _ in
      while let index = state.next() {
        do throws(InferenceError) {
          try body(index)
          state.finish { progress?(Double($0) / Double(count)) }
        } catch {
          state.fail(index, error)
        }
      }
    }
    if let error = state.error { throw error }
  }

  /// What the threads share.
  private final class State: Sendable {
    private struct Outcome {
      var begun = 0
      var done = 0
      /// The lowest number that failed; before one did, the number of all.
      var failed: Int
      var error: InferenceError?
    }

    private let outcome: Mutex<Outcome>

    init(failed: Int) { outcome = Mutex(Outcome(failed: failed)) }

    var error: InferenceError? { outcome.withLock { $0.error } }

    /// The next number; nil when all are begun or one below it failed.
    func next() -> Int? {
      outcome.withLock { outcome in
        guard outcome.begun < outcome.failed else { return nil }
        outcome.begun += 1
        return outcome.begun - 1
      }
    }

    func finish(_ tell: (Int) -> Void) {
      outcome.withLock { outcome in
        outcome.done += 1
        tell(outcome.done)
      }
    }

    func fail(_ index: Int, _ error: InferenceError) {
      outcome.withLock { outcome in
        if index < outcome.failed { (outcome.failed, outcome.error) = (index, error) }
      }
    }
  }
}

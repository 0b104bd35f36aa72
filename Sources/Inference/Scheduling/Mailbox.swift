import Dispatch
import Synchronization

/// Where requests wait for the decode loop. The loop sleeps here when it has nothing to do.
final class Mailbox: Sendable {
  /// What can be asked of the loop.
  enum Submission: Sendable {
    case generate(GenerationRequest, AsyncStream<Generation>.Continuation, CancelFlag)
    case score([TokenID], @Sendable (Result<[Double], InferenceError>) -> Void, CancelFlag)
    case odds(
      OddsRequest, AsyncStream<Result<TokenOdds, InferenceError>>.Continuation, CancelFlag)
  }

  private struct State {
    var submissions: [Submission] = []
    var isClosed = false
  }

  private let state = Mutex(State())
  private let bell = DispatchSemaphore(value: 0)

  func post(_ submission: Submission) {
    state.withLock { $0.submissions.append(submission) }
    bell.signal()
  }

  /// Lets the loop end once everything submitted is done.
  func close() {
    state.withLock { $0.isClosed = true }
    bell.signal()
  }

  /// Everything that has arrived, in order; when `wait` is true it sleeps for the first, and
  /// nil means that nothing will arrive any more.
  func collect(wait: Bool) -> [Submission]? {
    while true {
      let (arrived, isClosed) = state.withLock { state in
        defer { state.submissions.removeAll() }
        return (state.submissions, state.isClosed)
      }
      guard arrived.isEmpty, wait else { return arrived }
      if isClosed { return nil }
      // The bell may have rung for something collected earlier: then look again.
      bell.wait()
    }
  }
}

/// Set once when nobody wants a request's result any more; read by the loop at every step.
final class CancelFlag: Sendable {
  private let flag = Atomic<Bool>(false)

  var isSet: Bool { flag.load(ordering: .relaxed) }

  func set() { flag.store(true, ordering: .relaxed) }
}

import SessionCore
import SessionRuntime

/// What was drawn beside the replies of a session, for its record: critics' drafts, draws that were
/// not taken, reflections.
struct DrawCost: Equatable, Sendable {
  var requests = 0
  var promptTokens = 0
  var generatedTokens = 0

  mutating func add(_ statistics: ReplyStatistics?) {
    requests += 1
    promptTokens += statistics?.promptTokens ?? 0
    generatedTokens += statistics?.generatedTokens ?? 0
  }

  /// For a note in the record: `3 requests, 410 prompt tokens, 92 generated tokens`.
  var words: String {
    "\(requests) requests, \(promptTokens) prompt tokens, \(generatedTokens) generated tokens"
  }
}

extension StartedReply {
  /// The text and what it cost, waited for.
  /// - Throws: the failure that ended it; ``ResponderFailure/endedEarly`` when it was cancelled.
  func whole() async throws(ResponderFailure) -> (text: String, statistics: ReplyStatistics?) {
    var text = ""
    for await part in parts {
      switch part {
      case .text(let more, _): text += more
      case .finished(_, let statistics): return (text, statistics)
      case .failed(let failure): throw failure
      case .cancelled: throw .endedEarly
      }
    }
    throw .endedEarly
  }
}

import Inference

/// What a stream of generations held.
struct Collected: Equatable {
  var tokens: [TokenID] = []
  /// Parts that the tokens came in.
  var parts = 0
  var reason: StopReason?
  var statistics: GenerationStatistics?
  var error: InferenceError?
  /// Ends seen; a right stream has one, last.
  var ends = 0
}

extension Engine {
  func collect(_ request: GenerationRequest) async -> Collected {
    var collected = Collected()
    for await generation in generate(request) {
      switch generation {
      case .tokens(let tokens):
        collected.tokens += tokens
        collected.parts += 1
      case .finished(let reason, let statistics):
        collected.reason = reason
        collected.statistics = statistics
        collected.ends += 1
      case .failed(let error):
        collected.error = error
        collected.ends += 1
      }
    }
    return collected
  }

  func tokens(_ request: GenerationRequest) async -> [TokenID] {
    await collect(request).tokens
  }
}

/// One request on its way through the decode loop. Lives on the engine's thread only.
final class ActiveSequence {
  /// What becomes of the logits.
  enum Purpose {
    case generate(GenerationRequest, AsyncStream<Generation>.Continuation)
    case score(@Sendable (Result<[Double], InferenceError>) -> Void)
  }

  let purpose: Purpose
  let cancel: CancelFlag
  let slot: Int
  /// The prompt and what was generated.
  var tokens: [TokenID]
  /// Tokens whose keys and values the slot holds.
  var evaluated: Int
  var isFinished = false

  // A reply's.
  var sampler: Sampler
  var statistics: GenerationStatistics
  let started: ContinuousClock.Instant
  var firstToken: ContinuousClock.Instant?

  // A scored text's.
  var logProbabilities: [Double] = []

  init(
    _ purpose: Purpose, _ tokens: [TokenID], _ cancel: CancelFlag, slot: Int, cachedTokens: Int,
    started: ContinuousClock.Instant
  ) {
    self.purpose = purpose
    self.cancel = cancel
    self.slot = slot
    self.tokens = tokens
    self.started = started
    evaluated = cachedTokens
    statistics = GenerationStatistics(promptTokens: tokens.count, cachedTokens: cachedTokens)
    if case .generate(let request, _) = purpose {
      sampler = Sampler(request.sampling, seed: request.seed)
    } else {
      sampler = Sampler(.greedy, seed: 0)
    }
  }

  /// Tokens still to be evaluated.
  var due: Int { tokens.count - evaluated }

  /// Whether the row of a position needs logits: the last token of a reply so far, and every
  /// token of a scored text but the last, which predicts nothing in it.
  func wantsLogits(at position: Int) -> Bool {
    let isLast = position == tokens.count - 1
    if case .score = purpose { return !isLast }
    return isLast
  }
}

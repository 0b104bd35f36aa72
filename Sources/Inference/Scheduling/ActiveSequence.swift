/// One request on its way through the decode loop. Lives on the engine's thread only.
final class ActiveSequence {
  /// What becomes of the logits.
  enum Purpose {
    case generate(GenerationRequest, AsyncStream<Generation>.Continuation)
    case score(@Sendable (Result<[Double], InferenceError>) -> Void)
    case odds(OddsRequest, AsyncStream<Result<TokenOdds, InferenceError>>.Continuation)
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
  /// What probably follows: `drafted` of it stands in `tokens`. Empty once a token came out
  /// otherwise.
  private var draft: [TokenID] = []
  private var drafted = 0
  var sampler: Sampler
  var statistics: GenerationStatistics
  let started: ContinuousClock.Instant
  var firstToken: ContinuousClock.Instant?

  /// Tokens drawn in this step, not handed over yet.
  var drawn: [TokenID] = []
  /// How many of the likeliest tokens are all that is asked of logits; nil where all are.
  let highestWanted: Int?

  // A scored text's.
  var logProbabilities: [Double] = []

  /// - Parameter sizes: bounds the draft, which may come from a hostile record.
  init(
    _ purpose: Purpose, _ tokens: [TokenID], _ cancel: CancelFlag, slot: Int, cachedTokens: Int,
    sizes: Hyperparameters, on path: Kernels.Path, started: ContinuousClock.Instant
  ) {
    self.purpose = purpose
    self.cancel = cancel
    self.slot = slot
    self.tokens = tokens
    self.started = started
    evaluated = cachedTokens
    statistics = GenerationStatistics(promptTokens: tokens.count, cachedTokens: cachedTokens)
    switch purpose {
    case .generate(let request, _):
      sampler = Sampler(request.sampling, seed: request.seed, on: path)
      highestWanted = request.measuresConfidence ? nil : sampler.highestWanted
      let room = min(sizes.contextLength - tokens.count, request.maxTokens)
      draft = Array(
        request.draft.prefix(max(0, room)).prefix { $0 >= 0 && Int($0) < sizes.vocabularySize })
    case .odds(let request, _):
      sampler = Sampler(request.sampling, seed: 0, on: path)
      highestWanted = nil
    case .score:
      sampler = Sampler(.greedy, seed: 0, on: path)
      highestWanted = nil
    }
  }

  /// Tokens still to be evaluated.
  var due: Int { tokens.count - evaluated }

  /// Tokens that may be evaluated at once: those due, then those drafted.
  var dueOrDrafted: Int { due + draft.count - drafted }

  /// Whether more tokens are drafted: all so far came out as foretold.
  var isForetold: Bool { drafted < draft.count }

  /// The token of a position, drafted where there is none yet.
  func token(at position: Int) -> TokenID {
    position < tokens.count ? tokens[position] : draft[drafted + position - tokens.count]
  }

  /// Takes a drawn token; a draft that foretold another is dropped.
  func append(_ token: TokenID) {
    tokens.append(token)
    if drafted < draft.count, draft[drafted] == token {
      statistics.foretoldTokens += 1
      drafted += 1
    } else {
      dropDraft()
    }
  }

  /// Drafts a few tokens by what the text said before, where it reads as its end.
  ///
  /// - Parameter context: tokens that the model can hold.
  func lookUp(atMost count: Int, context: Int) {
    guard drafted == draft.count, case .generate(let request, _) = purpose else { return }
    let room = min(
      context - tokens.count, request.maxTokens - statistics.generatedTokens - 1, count)
    dropDraft()
    PromptLookup.foretell(tokens, atMost: room, into: &draft)
  }

  private func dropDraft() {
    draft.removeAll(keepingCapacity: true)
    drafted = 0
  }

  /// Whether an evaluated row is part of the sequence: false behind a token that came out other
  /// than drafted.
  func holds(_ token: TokenID, at position: Int) -> Bool {
    position < tokens.count && tokens[position] == token
  }

  /// Whether the row of a position needs logits: the last token of a reply so far and every
  /// drafted one, and every token of a scored text but the last, which predicts nothing in it.
  func wantsLogits(at position: Int) -> Bool {
    switch purpose {
    case .generate: position >= tokens.count - 1
    case .score: position < tokens.count - 1
    case .odds(let request, _): position + 1 >= request.from
    }
  }
}

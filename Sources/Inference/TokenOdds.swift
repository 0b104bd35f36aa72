/// What a model makes of one place of a text: how likely the token that stands there was, and
/// what it could have been instead.
public struct TokenOdds: Sendable, Equatable {
  /// A token that could stand there.
  public struct Alternative: Sendable, Equatable {
    public let token: TokenID
    /// log p (natural) under the model as it is, before temperature and filters.
    public let logProbability: Double
    /// Share of the draws, 0 to 1, that the sampler would give it; 0 where a filter drops it.
    public let chance: Double

    /// p under the model as it is, 0 to 1.
    public var probability: Double { ExactMath.exp(logProbability) }
  }

  /// Index of the place in the text; the text's length for what would come next.
  public let place: Int
  /// The token that stands there; nil behind the text.
  public let own: Alternative?
  /// 1 where no token is likelier (equals by the lower id); nil behind the text.
  public let rank: Int?
  /// The likeliest tokens, likeliest first; ``own`` is among them when it is one of them.
  public let alternatives: [Alternative]

  /// - Parameters:
  ///   - logits: of the place: (vocabulary).
  ///   - count: alternatives at most.
  ///   - history: the text before the place, for the repetition penalty.
  init(
    place: Int, own token: TokenID?, alternatives count: Int,
    _ logits: UnsafeBufferPointer<Float>, sampler: inout Sampler, history: [TokenID]
  ) {
    let normaliser = LogNormaliser(logits)
    let chances = sampler.chances(logits, history: history)
    func alternative(_ token: TokenID) -> Alternative {
      Alternative(
        token: token, logProbability: normaliser.logProbability(of: token, logits),
        chance: chances[token] ?? 0)
    }
    self.place = place
    own = token.map(alternative)
    rank = token.map { token in
      logits.indices.count { Self.precedes(TokenID($0), token, logits) } + 1
    }
    alternatives = sampler.likeliest(min(count, logits.count), logits).map(alternative)
  }

  /// Likelier, or as likely with a lower id. What is not a number comes last.
  private static func precedes(
    _ left: TokenID, _ right: TokenID, _ logits: UnsafeBufferPointer<Float>
  ) -> Bool {
    let (a, b) = (logits[Int(left)], logits[Int(right)])
    if a.isNaN || b.isNaN { return a.isNaN == b.isNaN ? left < right : b.isNaN }
    return a != b ? a > b : left < right
  }
}

/// A text whose places are to be looked at.
public struct OddsRequest: Sendable, Equatable {
  /// The text, at most the context.
  public var tokens: [TokenID]
  /// The first place looked at, at least 1: something has to come before it.
  public var from: Int
  /// Alternatives a place, 1 to ``alternativesMax``.
  public var alternatives: Int
  /// What ``TokenOdds/Alternative/chance`` is counted by.
  public var sampling: SamplingParameters

  /// Most alternatives a place.
  public static let alternativesMax = 100

  public init(
    tokens: [TokenID], from: Int, alternatives: Int, sampling: SamplingParameters
  ) {
    self.tokens = tokens
    self.from = from
    self.alternatives = alternatives
    self.sampling = sampling
  }

  /// - Throws: `invalidParameter`.
  func validate() throws(InferenceError) {
    try sampling.validate()
    guard (1...max(1, tokens.count)).contains(from) else {
      throw .invalidParameter(name: "from", value: Double(from))
    }
    guard (1...Self.alternativesMax).contains(alternatives) else {
      throw .invalidParameter(name: "alternatives", value: Double(alternatives))
    }
  }
}

extension Engine {
  /// Evaluates a text again and tells the odds of its places, first to last, and then of what
  /// would come next. Nothing of it is kept but what a later prompt can use.
  ///
  /// The stream ends after the last place or with a failure: `emptyPrompt`, `promptTooLong`,
  /// `tokenOutOfRange`, `invalidParameter`, `outOfMemory`. Leaving it early, or cancelling the
  /// task that reads it, stops the work within one step.
  public func odds(_ request: OddsRequest) -> AsyncStream<Result<TokenOdds, InferenceError>> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Result<TokenOdds, InferenceError>.self)
    let cancel = CancelFlag()
    let ticket = router.begin(request.tokens)
    continuation.onTermination = { [router] _ in
      cancel.set()
      router.end(ticket)
    }
    ticket.mailbox.post(.odds(request, continuation, cancel))
    return stream
  }
}

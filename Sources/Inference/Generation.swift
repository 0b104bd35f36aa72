/// What to generate: the full prompt each time. The engine reuses what it already holds of it.
public struct GenerationRequest: Sendable, Equatable {
  /// The tokens to start from; at least one, at most the context.
  public var prompt: [TokenID]
  /// How tokens are drawn.
  public var sampling: SamplingParameters
  /// Where the draws start: the same seed gives the same tokens.
  public var seed: UInt64
  /// Tokens to generate at most; a stop token is not counted.
  public var maxTokens: Int
  /// Tokens that end the reply; they are not part of it.
  public var stopTokens: [TokenID]
  /// What the reply will probably be: a recorded reply, say. Tokens that come out as drafted are
  /// evaluated many at a time; the reply is the same whatever stands here.
  public var draft: [TokenID]
  /// Whether the probabilities of the drawn tokens are summed up, which takes a pass over the
  /// logits of each.
  public var measuresConfidence = false

  public init(
    prompt: [TokenID], sampling: SamplingParameters = SamplingParameters(), seed: UInt64 = 0,
    maxTokens: Int, stopTokens: [TokenID] = [], draft: [TokenID] = []
  ) {
    self.prompt = prompt
    self.sampling = sampling
    self.seed = seed
    self.maxTokens = maxTokens
    self.stopTokens = stopTokens
    self.draft = draft
  }
}

/// Why a generation ended.
public enum StopReason: String, Sendable, CaseIterable {
  /// The model drew a stop token.
  case stopToken
  /// `maxTokens` were generated.
  case length
  /// Prompt and reply fill the context.
  case contextFull
  /// Nobody listens any more.
  case cancelled
}

/// What a generation took.
public struct GenerationStatistics: Sendable, Equatable {
  /// Tokens of the prompt.
  public var promptTokens: Int
  /// Tokens of the prompt that were already evaluated.
  public var cachedTokens: Int
  /// Tokens generated, without the stop token.
  public var generatedTokens: Int
  /// Generated tokens that came out as drafted, by the request or by what the text said before, and
  /// were evaluated with others.
  public var foretoldTokens: Int
  /// Sum of log p (natural) of the generated tokens under the model as it is, before temperature and
  /// filters; nil where nobody asked.
  public var logProbability: Double?
  /// Seconds from the request's start in the engine to its first token.
  public var prefillSeconds: Double
  /// Seconds from the first token to the end.
  public var decodeSeconds: Double

  public init(
    promptTokens: Int = 0, cachedTokens: Int = 0, generatedTokens: Int = 0,
    foretoldTokens: Int = 0, prefillSeconds: Double = 0, decodeSeconds: Double = 0
  ) {
    self.promptTokens = promptTokens
    self.cachedTokens = cachedTokens
    self.generatedTokens = generatedTokens
    self.foretoldTokens = foretoldTokens
    self.prefillSeconds = prefillSeconds
    self.decodeSeconds = decodeSeconds
  }
}

extension GenerationStatistics {
  /// exp of the mean log p: the geometric mean of the tokens' probabilities, 0 to 1; nil where nobody
  /// asked or nothing was generated.
  public var meanTokenProbability: Double? {
    guard let logProbability, generatedTokens > 0 else { return nil }
    return ExactMath.exp(logProbability / Double(generatedTokens))
  }
}

/// One element of a generation's stream: tokens, then exactly one end.
public enum Generation: Sendable, Equatable {
  /// The next tokens of the reply, at least one: those that came out of one step together.
  case tokens([TokenID])
  /// The end of a reply.
  case finished(StopReason, GenerationStatistics)
  /// The end of a request that could not be served.
  case failed(InferenceError)
}

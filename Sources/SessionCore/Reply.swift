/// How the next token is chosen: the repetition penalty comes first, then the others in the order
/// of the properties.
public struct Sampling: Equatable, Sendable {
  /// 0 is greedy: the likeliest token, the lowest identifier on a tie.
  public var temperature: Double
  /// Keep the k likeliest; 0 keeps all.
  public var topK: Int
  /// Keep the smallest set whose probabilities reach p; 1 keeps all.
  public var topP: Double
  /// Drop what is less than this share of the likeliest; 0 keeps all.
  public var minP: Double
  /// Divides positive and multiplies negative logits of recent tokens; 1 changes nothing.
  public var repetitionPenalty: Double
  /// How many recent tokens the penalty looks at.
  public var repetitionWindow: Int
  /// Most tokens of one reply.
  public var maxTokens: Int

  public init(
    temperature: Double = 0.6, topK: Int = 40, topP: Double = 0.95, minP: Double = 0.05,
    repetitionPenalty: Double = 1, repetitionWindow: Int = 64, maxTokens: Int = 512
  ) {
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    self.minP = minP
    self.repetitionPenalty = repetitionPenalty
    self.repetitionWindow = repetitionWindow
    self.maxTokens = maxTokens
  }
}

/// What the ternary layers of a model read.
public enum ActivationPrecision: String, Sendable, CaseIterable {
  /// Rounded to int8, one scale a token: what BitNet models are trained with.
  case int8
  /// Not rounded.
  case exact
}

/// Which model answers.
public struct ModelIdentity: Equatable, Sendable {
  /// What the person called it: `tutor`, a name or a path.
  public var name: String
  /// SHA-256 of the model file, lowercase hex.
  public var digest: String
  /// SHA-256 of the chat template's text, lowercase hex.
  public var templateDigest: String

  public init(name: String, digest: String, templateDigest: String) {
    self.name = name
    self.digest = digest
    self.templateDigest = templateDigest
  }
}

/// All that is needed to draw a reply again.
public struct Recipe: Equatable, Sendable {
  public var model: ModelIdentity
  public var sampling: Sampling
  /// Seed of this reply's generator, from ``ReplyOrder/seed``.
  public var seed: UInt64
  public var history: HistoryStyle
  /// SHA-256 of the rendered prompt's UTF-8 bytes, lowercase hex.
  public var promptDigest: String
  public var promptTokens: Int
  public var activations: ActivationPrecision
  /// The compute kernel, such as `avx2`. Results do not depend on it; speed does.
  public var kernel: String
  /// The program and version that drew it.
  public var application: String

  public init(
    model: ModelIdentity, sampling: Sampling, seed: UInt64, history: HistoryStyle,
    promptDigest: String, promptTokens: Int, activations: ActivationPrecision = .int8,
    kernel: String, application: String
  ) {
    self.model = model
    self.sampling = sampling
    self.seed = seed
    self.history = history
    self.promptDigest = promptDigest
    self.promptTokens = promptTokens
    self.activations = activations
    self.kernel = kernel
    self.application = application
  }
}

/// Why the model came to the end of a reply by itself.
public enum ReplyEnd: String, Sendable {
  /// The model ended its turn; also the end of every typed turn.
  case endOfTurn
  /// ``Sampling/maxTokens`` was reached.
  case length
  /// The model's context was full.
  case contextFull
}

/// Why a reply was cut short from outside.
public enum StopCause: Equatable, Sendable {
  /// A person stopped it; what was written is kept.
  case cancelled
  /// The program ended while the model wrote.
  case interrupted
  /// The responder failed, with its own word for it.
  case failed(String)
}

/// What a reply cost. Unknown is nil, never a guess.
public struct ReplyStatistics: Equatable, Sendable {
  public var promptTokens: Int
  /// Prompt tokens that a cache already held.
  public var cachedTokens: Int
  public var generatedTokens: Int
  public var prefillMilliseconds: Double?
  public var decodeMilliseconds: Double?
  /// Geometric mean of the generated tokens' probabilities under the model, 0 to 1, the end of the
  /// turn left out: how sure the model was. Recorded by experiments only.
  public var confidence: Double?

  public init(
    promptTokens: Int, cachedTokens: Int, generatedTokens: Int,
    prefillMilliseconds: Double? = nil, decodeMilliseconds: Double? = nil,
    confidence: Double? = nil
  ) {
    self.promptTokens = promptTokens
    self.cachedTokens = cachedTokens
    self.generatedTokens = generatedTokens
    self.prefillMilliseconds = prefillMilliseconds
    self.decodeMilliseconds = decodeMilliseconds
    self.confidence = confidence
  }

  /// Milliseconds from the request's start to the first token: that is when the prompt is read.
  public var firstTokenMilliseconds: Double? { prefillMilliseconds }

  /// Prompt tokens evaluated a second, those that a cache held left out; nil where there were none
  /// or the time is not known.
  public var promptTokensPerSecond: Double? {
    let evaluated = promptTokens - cachedTokens
    guard let prefillMilliseconds, prefillMilliseconds > 0, evaluated > 0 else { return nil }
    return Double(evaluated) / prefillMilliseconds * 1000
  }

  /// Generated tokens a second, when the time is known and not zero.
  public var tokensPerSecond: Double? {
    guard let decodeMilliseconds, decodeMilliseconds > 0 else { return nil }
    return Double(generatedTokens) / decodeMilliseconds * 1000
  }
}

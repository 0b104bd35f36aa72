import Inference

/// The JSON objects of `model … --json`; field names are fixed, scripts read them.
struct ModelFacts: Encodable {
  var name: String
  var architecture: String
  var parameters: Int
  var tensorTypes: [String: Int]
  var contextLength: Int
  var vocabularySize: Int
  var embeddingLength: Int
  var blockCount: Int
  var headCount: Int
  var feedForwardLength: Int
  var chatTemplate: String?
  var samplePrompt: String?
  var specialTokens: [SpecialTokenFacts]
  var warnings: [String]
  var templateSha256: String?
  var sha256: String
  var fileBytes: Int
  var weightBytesPerToken: Int
  var kernel: String
  /// With --memory.
  var memory: MemoryFacts?

  init(_ info: ModelInfo, memory: MemoryFacts? = nil) {
    name = info.name
    architecture = info.architecture
    parameters = info.parameters
    tensorTypes = info.tensorTypes
    contextLength = info.contextLength
    vocabularySize = info.vocabularySize
    embeddingLength = info.embeddingLength
    blockCount = info.blockCount
    headCount = info.headCount
    feedForwardLength = info.feedForwardLength
    chatTemplate = info.chatTemplate
    samplePrompt = info.samplePrompt?.text
    specialTokens = info.specialTokens.map(SpecialTokenFacts.init)
    warnings = info.warnings.map { text(for: $0) }
    templateSha256 = info.templateSHA256
    sha256 = info.sha256
    fileBytes = info.fileBytes
    weightBytesPerToken = info.weightBytesPerToken
    kernel = info.kernel
    self.memory = memory
  }
}

/// A token with a purpose.
struct SpecialTokenFacts: Encodable {
  var purpose: String
  var id: TokenID
  var text: String

  init(_ token: SpecialToken) {
    purpose = token.purpose
    id = token.id
    text = token.text
  }
}

/// One line of `model prompt`: what a chat is laid out as, or why it is not.
struct PromptFacts: Encodable {
  var text: String?
  var ids: [TokenID]?
  var error: String?
}

/// `model bench --json`.
struct BenchFacts: Encodable {
  var threads: Int
  var prompt: Int
  var generate: Int
  var batch: Int
  var kernel: String
  var prefillTokensPerSecond: Double
  var decodeTokensPerSecond: Double
  var weightBytesPerToken: Int
  var cacheBytesPerToken: Int
  var readBytesPerSecond: Double
  var readBandwidthFraction: Double
  var multiplyPeakPerSecond: Double

  init(_ parameters: Benchmark.Parameters, _ result: Benchmark.Result) {
    threads = parameters.threads
    prompt = parameters.promptTokens
    generate = parameters.generatedTokens
    batch = parameters.batch
    kernel = result.kernel
    prefillTokensPerSecond = result.prefillTokensPerSecond
    decodeTokensPerSecond = result.decodeTokensPerSecond
    weightBytesPerToken = result.weightBytesPerToken
    cacheBytesPerToken = result.cacheBytesPerToken
    readBytesPerSecond = result.readBytesPerSecond
    readBandwidthFraction = result.readBandwidthFraction
    multiplyPeakPerSecond = result.multiplyPeakPerSecond
  }
}

/// `model score --json`.
struct ScoreFacts: Encodable {
  var tokens: Int
  var scoredTokens: Int
  /// Absent when no token has a probability (a text of one token).
  var meanNegativeLogLikelihood: Double?
  var perplexity: Double?
  /// One element a token; null where nothing precedes the token.
  var tokenLogprobs: [Double?]?

  init(_ score: TextScore, tokenLogprobs wanted: Bool) {
    tokens = score.tokens
    scoredTokens = score.scoredTokens
    if scoredTokens > 0 {
      meanNegativeLogLikelihood = score.meanNegativeLogLikelihood
      perplexity = score.perplexity
    }
    tokenLogprobs = wanted ? score.tokenLogProbabilities : nil
  }
}

/// `model score --activations both --json`: what rounding activations costs.
struct ActivationCostFacts: Encodable {
  var int8: ScoreFacts
  var exact: ScoreFacts
  /// Mean negative log-likelihood of int8 minus that of exact, in nats a token.
  var difference: Double
  /// Perplexity of int8 over that of exact.
  var perplexityRatio: Double

  init(int8 rounded: TextScore, exact: TextScore, tokenLogprobs: Bool) {
    int8 = ScoreFacts(rounded, tokenLogprobs: tokenLogprobs)
    self.exact = ScoreFacts(exact, tokenLogprobs: tokenLogprobs)
    difference = rounded.meanNegativeLogLikelihood - exact.meanNegativeLogLikelihood
    perplexityRatio = rounded.perplexity / exact.perplexity
  }
}

/// `model tokenize --json`.
struct TokenFacts: Encodable {
  var ids: [TokenID]
  var pieces: [String]
}

/// `model tokenize --count --json`.
struct TokenCount: Encodable {
  var tokens: Int
  var bytes: Int
  /// Of one thread, without reading the file and loading the model.
  var seconds: Double
}

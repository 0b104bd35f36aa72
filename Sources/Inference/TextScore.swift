/// How well a model predicts a text.
public struct TextScore: Sendable, Equatable {
  /// Tokens of the text.
  public let tokens: Int
  /// Tokens with a probability: all but the first of each window.
  public let scoredTokens: Int
  /// Mean of -log p over the scored tokens, in nats; not a number where none was scored.
  public let meanNegativeLogLikelihood: Double
  /// exp of the mean.
  public let perplexity: Double
  /// log p (natural) of every token; nil for the first of a window.
  public let tokenLogProbabilities: [Double?]

  init(_ tokenLogProbabilities: [Double?]) {
    self.tokenLogProbabilities = tokenLogProbabilities
    tokens = tokenLogProbabilities.count
    let scored = tokenLogProbabilities.compactMap { $0 }
    scoredTokens = scored.count
    meanNegativeLogLikelihood = -scored.reduce(0, +) / Double(scored.count)
    perplexity = ExactMath.exp(meanNegativeLogLikelihood)
  }
}

extension Engine {
  /// Scores a text of any length.
  ///
  /// A text longer than the context is cut into windows of a whole context each, without
  /// overlap (the last is what is left); every window is scored on its own and its first token
  /// not at all, since nothing precedes it. llama.cpp's `perplexity` cuts the same windows but
  /// scores the second half of each only; over one window's tokens the figures agree.
  ///
  /// - Parameter windowLength: tokens of a window, 2 to the context; nil is the context.
  /// - Throws: `emptyPrompt`, `tokenOutOfRange`, `invalidParameter`, `outOfMemory`,
  ///   `cancelled`.
  public func score(
    _ tokens: [TokenID], windowLength: Int? = nil
  ) async throws(InferenceError) -> TextScore {
    let context = model.info.contextLength
    let window = windowLength ?? context
    guard window >= 2, window <= context else {
      throw .invalidParameter(name: "windowLength", value: Double(window))
    }
    guard !tokens.isEmpty else { throw .emptyPrompt }
    var all: [Double?] = []
    for start in stride(from: 0, to: tokens.count, by: window) {
      let part = Array(tokens[start..<min(start + window, tokens.count)])
      all.append(nil)
      all.append(contentsOf: try await logProbabilities(of: part).map { $0 })
    }
    return TextScore(all)
  }
}

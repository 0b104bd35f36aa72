/// A short greedy reply to a plain question, judged for the marks of a broken model: a file that
/// loads can still hold the wrong bytes, the wrong scales or the wrong template, and what it then
/// says is noise.
public struct SanityReply: Sendable, Equatable {
  /// A mark of a broken model.
  public enum Finding: Sendable, Equatable {
    /// Nothing was said.
    case empty
    /// This many characters are no text: control characters, or bytes that are not UTF-8.
    case notText(characters: Int)
    /// The reply ends in the same few tokens again and again.
    case loop(tokens: Int)
    /// The model finds its own likeliest words about as unlikely as any others. The limit is a
    /// share of the entropy of a uniform choice, in nats.
    case unsure(meanNegativeLogLikelihood: Double, limit: Double)
    /// The fast kernels and the reference kernels compute different numbers here.
    case kernelsDiffer(kernel: String)
  }

  /// What was asked.
  public let question: String
  /// What was answered.
  public let text: String
  /// Tokens of the reply.
  public let tokens: Int
  /// Mean of -log p over the reply's tokens, in nats; not a number for an empty reply.
  public let meanNegativeLogLikelihood: Double
  /// Tokens that both kernel paths computed; 0 where only the reference path exists.
  public let comparedTokens: Int
  /// What is wrong; empty for a healthy model.
  public let findings: [Finding]

  /// Of the entropy of a uniform choice, ln(vocabulary). A trained model's greedy words stay far
  /// below it, random weights come close to it.
  static let unsureShare = 0.5
  /// Multiplications the slow reference path may cost: a few seconds.
  static let referenceWork = 2_000_000_000

  /// Asks a model.
  ///
  /// - Parameter question: something every chat model has an answer to.
  /// - Throws: what `ChatTemplate.prompt` and `Engine.generate` throw; `cancelled`.
  public static func ask(
    _ engine: Engine, _ question: String
  ) async throws(InferenceError) -> SanityReply {
    let model = engine.model
    let prompt = try model.template.prompt(
      for: [ChatMessage(role: .user, text: question)], openReply: nil, tokenizer: model.tokenizer)
    var reply: [TokenID] = []
    let request = GenerationRequest(
      prompt: prompt.tokens, sampling: .greedy, maxTokens: 64,
      stopTokens: model.template.stopTokens)
    for await part in engine.generate(request) {
      switch part {
      case .tokens(let tokens): reply += tokens
      case .failed(let error): throw error
      case .finished: break
      }
    }
    let all = prompt.tokens + reply
    let scores = try await engine.logProbabilities(of: all).suffix(reply.count)
    let mean = -scores.reduce(0, +) / Double(scores.count)
    let text = model.tokenizer.decode(reply)
    let (compared, equal) = try await compareWithReference(engine, tokens: all)
    return SanityReply(
      question: question, text: text, tokens: reply.count, meanNegativeLogLikelihood: mean,
      comparedTokens: compared,
      findings: findings(
        text: text, tokens: reply, mean: mean, vocabulary: model.info.vocabularySize)
        + (equal ? [] : [.kernelsDiffer(kernel: model.info.kernel)]))
  }

  /// The marks in a reply itself.
  static func findings(
    text: String, tokens: [TokenID], mean: Double, vocabulary: Int
  ) -> [Finding] {
    guard text.contains(where: { !$0.isWhitespace }) else { return [.empty] }
    var found: [Finding] = []
    let strange = text.unicodeScalars.count { scalar in
      scalar == "\u{FFFD}"
        || (scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\t")
    }
    if strange > 0 { found.append(.notText(characters: strange)) }
    if let period = loopPeriod(tokens) { found.append(.loop(tokens: period)) }
    let limit = unsureShare * ExactMath.log(Double(vocabulary))
    if !(mean <= limit) {
      found.append(.unsure(meanNegativeLogLikelihood: mean, limit: limit))
    }
    return found
  }

  /// The shortest period, up to four tokens, of the last 24 tokens; nil where they do not repeat.
  static func loopPeriod(_ tokens: [TokenID]) -> Int? {
    let end = tokens.suffix(24)
    guard end.count == 24 else { return nil }
    return (1...4).first { period in zip(end, end.dropFirst(period)).allSatisfy(==) }
  }

  /// Scores the beginning of `tokens` on both paths; the reference path is slow, so a large
  /// model compares few tokens.
  private static func compareWithReference(
    _ engine: Engine, tokens: [TokenID]
  ) async throws(InferenceError) -> (tokens: Int, equal: Bool) {
    let model = engine.model
    let affordable = referenceWork / max(1, model.info.parameters)
    let compared = Array(tokens.prefix(max(2, affordable)))
    guard model.info.kernel != model.onReferenceKernels.info.kernel else { return (0, true) }
    let reference = Engine(model: model.onReferenceKernels, maxSequences: 1)
    let expected = try await reference.logProbabilities(of: compared)
    return (compared.count, try await engine.logProbabilities(of: compared) == expected)
  }
}

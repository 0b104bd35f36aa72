import Testing

@testable import Inference

/// How sure a model is of what it writes, against what scoring the same text says.
@Suite struct ConfidenceTests {
  @Test func theProbabilityOfAReplyIsThatOfItsScoredTokens() async throws {
    let model = try TinyModel.lively.get()
    let engine = Engine(model: model)
    let prompt = model.tokenizer.encode("hello the world")
    var request = GenerationRequest(
      prompt: prompt, sampling: SamplingParameters(temperature: 0.7, topK: 5), seed: 9,
      maxTokens: 12)
    request.measuresConfidence = true
    var tokens: [TokenID] = []
    var measured: GenerationStatistics?
    for await part in engine.generate(request) {
      if case .tokens(let some) = part { tokens += some }
      if case .finished(_, let statistics) = part { measured = statistics }
    }
    let statistics = try #require(measured)
    let score = try await engine.score(prompt + tokens)
    let own = score.tokenLogProbabilities.suffix(tokens.count).compactMap { $0 }
    let sum = try #require(statistics.logProbability)
    #expect(abs(sum - own.reduce(0, +)) < 1e-9)
    let confidence = try #require(statistics.meanTokenProbability)
    #expect(abs(confidence - ExactMath.exp(sum / Double(tokens.count))) < 1e-12)
    #expect(confidence > 0 && confidence <= 1)
    // Two tokens of probability 1/2 and 1/8: the geometric mean is 1/4.
    var worked = GenerationStatistics(generatedTokens: 2)
    worked.logProbability = ExactMath.log(0.5) + ExactMath.log(0.125)
    #expect(abs(try #require(worked.meanTokenProbability) - 0.25) < 1e-12)
  }

  @Test func nobodyPaysForItUnasked() async throws {
    let model = try TinyModel.lively.get()
    let request = GenerationRequest(prompt: model.tokenizer.encode("hello"), maxTokens: 3)
    for await part in Engine(model: model).generate(request) {
      if case .finished(_, let statistics) = part { #expect(statistics.logProbability == nil) }
    }
  }
}

import Testing

@testable import Inference

@Suite struct ScoreTests {
  let model: LanguageModel
  let tokens: [TokenID]

  init() throws {
    model = try TinyModel.standard.get()
    tokens = model.tokenizer.encode("hello the world and hello user's thing, re and er")
  }

  @Test func theProbabilitiesOfAllNextTokensAddUpToOne() async throws {
    let engine = Engine(model: model)
    let prefix = Array(tokens.prefix(5))
    var sum = 0.0
    for token in 0..<TokenID(model.tokenizer.vocabularyCount) {
      let last = try await engine.logProbabilities(of: prefix + [token]).last
      sum += ExactMath.exp(try #require(last))
    }
    #expect(abs(sum - 1) < 1e-12)
  }

  @Test func scoresDoNotDependOnTheKernelsOrOnWhatElseRuns() async throws {
    let expected = try await Engine(model: model).logProbabilities(of: tokens)
    #expect(expected.count == tokens.count - 1)
    for path in Kernels.Path.available {
      let engine = Engine(model: try TinyModel().load(kernel: path.name))
      let noise = GenerationRequest(prompt: tokens, sampling: .greedy, maxTokens: 60)
      async let other = engine.tokens(noise)
      #expect(try await engine.logProbabilities(of: tokens) == expected)
      _ = await other
    }
  }

  @Test func aLongTextIsScoredInWindowsWhoseFirstTokensHaveNoScore() async throws {
    let engine = Engine(model: model)
    let score = try await engine.score(tokens, windowLength: 8)
    let windows = (tokens.count + 7) / 8
    #expect(score.tokens == tokens.count)
    #expect(score.scoredTokens == tokens.count - windows)
    #expect(score.tokenLogProbabilities[8] == nil)
    let second = try await engine.logProbabilities(of: Array(tokens[8..<16]))
    #expect(Array(score.tokenLogProbabilities[9..<16]) == second.map { $0 })
    let mean = -score.tokenLogProbabilities.compactMap { $0 }.reduce(0, +)
    #expect(score.meanNegativeLogLikelihood == mean / Double(score.scoredTokens))
  }

  @Test func aSingleTokenHasNoScoreAndTooManyAreRefused() async throws {
    let engine = Engine(model: model)
    #expect(try await engine.logProbabilities(of: [5]) == [])
    await #expect(throws: InferenceError.promptTooLong(tokens: 129, limit: 128)) {
      try await engine.logProbabilities(of: [TokenID](repeating: 5, count: 129))
    }
    await #expect(throws: InferenceError.emptyPrompt) {
      try await engine.score([])
    }
  }

  @Test func theBenchmarkMeasuresWhatItWasAskedFor() async throws {
    let parameters = Benchmark.Parameters(promptTokens: 32, generatedTokens: 8, batch: 3)
    let result = try await Benchmark.run(model, parameters)
    #expect(result.kernel == model.info.kernel)
    #expect(result.prefillTokensPerSecond > 0)
    #expect(result.decodeTokensPerSecond > 0)
    #expect(result.weightBytesPerToken == model.info.weightBytesPerToken)
    #expect(result.readBandwidthFraction > 0)
    await #expect(throws: InferenceError.promptTooLong(tokens: 140, limit: 128)) {
      try await Benchmark.run(model, Benchmark.Parameters(promptTokens: 132, generatedTokens: 8))
    }
  }
}

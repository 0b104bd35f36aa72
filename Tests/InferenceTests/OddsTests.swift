import Testing

@testable import Inference

/// The odds of a text's places, against scoring and drawing the same text.
@Suite struct OddsTests {
  let model: LanguageModel
  let text: [TokenID]
  let sampling = SamplingParameters(temperature: 0.7, topK: 5, topP: 0.9, minP: 0.01)

  init() throws {
    model = try TinyModel.lively.get()
    text = model.tokenizer.encode("hello the world and hello user's thing, re and er")
  }

  private func odds(
    _ request: OddsRequest, on engine: Engine
  ) async throws -> [TokenOdds] {
    var all: [TokenOdds] = []
    for await result in engine.odds(request) { all.append(try result.get()) }
    return all
  }

  @Test func theProbabilitiesAreThoseOfScoring() async throws {
    let engine = Engine(model: model)
    let expected = try await engine.logProbabilities(of: text)
    let all = try await odds(
      OddsRequest(tokens: text, from: 1, alternatives: 3, sampling: sampling), on: engine)
    #expect(all.map(\.place) == Array(1...text.count))
    #expect(all.dropLast().map { $0.own?.logProbability } == expected.map { $0 })
    #expect(all.last?.own == nil && all.last?.rank == nil)
    for place in all {
      #expect(place.alternatives.count == 3)
      let likeliest = place.alternatives.map(\.logProbability)
      #expect(likeliest == likeliest.sorted(by: >))
      guard let own = place.own, let rank = place.rank else { continue }
      #expect(place.alternatives.contains(own) == (rank <= 3))
      if rank <= 3 { #expect(place.alternatives[rank - 1] == own) }
    }
  }

  @Test func whatIsAskedForBehindAPlaceIsTheSameWhateverTheEngineHeld() async throws {
    let engine = Engine(model: model)
    let whole = try await odds(
      OddsRequest(tokens: text, from: 1, alternatives: 4, sampling: sampling), on: engine)
    let later = try await odds(
      OddsRequest(tokens: text, from: 7, alternatives: 4, sampling: sampling), on: engine)
    #expect(later == Array(whole[6...]))
    for path in Kernels.Path.available {
      let other = Engine(model: try TinyModel(hasOutputHead: true).load(kernel: path.name))
      let fresh = try await odds(
        OddsRequest(tokens: text, from: 7, alternatives: 4, sampling: sampling), on: other)
      #expect(fresh == later)
    }
  }

  @Test func onlyWhatHasAChanceIsDrawn() async throws {
    let engine = Engine(model: model)
    let prompt = Array(text.prefix(4))
    for seed in 0..<5 as Range<UInt64> {
      let reply = await engine.tokens(
        GenerationRequest(prompt: prompt, sampling: sampling, seed: seed, maxTokens: 6))
      let all = try await odds(
        OddsRequest(
          tokens: prompt + reply, from: prompt.count, alternatives: 5, sampling: sampling),
        on: engine)
      for place in all.dropLast() {
        let own = try #require(place.own)
        #expect(own.chance > 0)
        #expect(abs(place.alternatives.reduce(0) { $0 + $1.chance } - 1) < 1e-9)
      }
    }
    let greedy = try await odds(
      OddsRequest(tokens: text, from: 1, alternatives: 2, sampling: .greedy), on: engine)
    #expect(greedy.allSatisfy { $0.alternatives.map(\.chance) == [1, 0] })
  }

  @Test func whatCannotBeLookedAtIsRefused() async throws {
    let engine = Engine(model: model)
    let refused: [(OddsRequest, InferenceError)] = [
      (OddsRequest(tokens: [], from: 1, alternatives: 1, sampling: sampling), .emptyPrompt),
      (
        OddsRequest(tokens: [1], from: 0, alternatives: 1, sampling: sampling),
        .invalidParameter(name: "from", value: 0)
      ),
      (
        OddsRequest(tokens: [1], from: 2, alternatives: 1, sampling: sampling),
        .invalidParameter(name: "from", value: 2)
      ),
      (
        OddsRequest(tokens: [1], from: 1, alternatives: 101, sampling: sampling),
        .invalidParameter(name: "alternatives", value: 101)
      ),
    ]
    for (request, error) in refused {
      await #expect(throws: error) { try await odds(request, on: engine) }
    }
  }

  @Test func leavingTheStreamEndsTheWork() async throws {
    let engine = Engine(model: model, exactThreads: 1, maxSequences: 1)
    for await _ in engine.odds(
      OddsRequest(tokens: text, from: 1, alternatives: 1, sampling: sampling))
    { break }
    // The only slot is free again.
    let reply = await engine.tokens(
      GenerationRequest(prompt: text, sampling: .greedy, maxTokens: 2))
    #expect(reply.count <= 2)
  }
}

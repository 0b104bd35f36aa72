import Testing

@testable import Inference

@Suite struct SamplerTests {
  static let path = Kernels.Path.available[Kernels.Path.available.count - 1]

  static func draw(
    _ logits: [Float], _ parameters: SamplingParameters, seed: UInt64 = 0, history: [TokenID] = []
  ) -> TokenID {
    var sampler = Sampler(parameters, seed: seed, on: Self.path)
    return logits.withUnsafeBufferPointer { sampler.next($0, history: history) }
  }

  /// How often each token is drawn.
  static func counts(_ logits: [Float], _ parameters: SamplingParameters, draws: Int) -> [Int] {
    var sampler = Sampler(parameters, seed: 42, on: Self.path)
    var counts = [Int](repeating: 0, count: logits.count)
    for _ in 0..<draws {
      counts[Int(logits.withUnsafeBufferPointer { sampler.next($0, history: []) })] += 1
    }
    return counts
  }

  static let plain = SamplingParameters(temperature: 1, topK: 0, topP: 1, minP: 0)

  @Test func theGeneratorIsSplitMix64() {
    // The published reference's first outputs for seed 1234567.
    var generator = SeededGenerator(seed: 1_234_567)
    #expect(generator.next() == 6_457_827_717_110_365_317)
    #expect(generator.next() == 3_203_168_211_198_807_973)
    #expect(generator.next() == 9_817_491_932_198_370_423)
  }

  @Test func temperatureZeroTakesTheLikeliestAndTheLowestIdAmongEquals() {
    #expect(Self.draw([1, 3, 3, 2], .greedy) == 1)
    #expect(Self.draw([.nan, -.infinity, -5], .greedy) == 2)
    #expect(Self.draw([.nan, .nan], .greedy) == 0)
  }

  @Test func drawsFollowTheProbabilities() {
    let counts = Self.counts([0, Float(2).logarithm, Float(5).logarithm], Self.plain, draws: 8000)
    for (count, expected) in zip(counts, [1000, 2000, 5000]) {
      #expect(abs(count - expected) < 150)
    }
  }

  @Test func theSameSeedGivesTheSameTokensAndAnotherSeedOthers() {
    let logits = (0..<100).map { Float($0 % 7) }
    func draws(_ seed: UInt64) -> [TokenID] {
      var sampler = Sampler(SamplingParameters(), seed: seed, on: Self.path)
      return (0..<50).map { _ in logits.withUnsafeBufferPointer { sampler.next($0, history: []) } }
    }
    #expect(draws(1) == draws(1))
    #expect(draws(1) != draws(2))
  }

  @Test func topKKeepsTheLikeliestAndTheLowerIdsAmongEquals() {
    var parameters = Self.plain
    parameters.topK = 2
    #expect(
      Self.counts([1, 2, 1, 1], parameters, draws: 200).map { $0 > 0 } == [
        true, true, false, false,
      ])
    parameters.topK = 1
    #expect(Self.counts([1, 2, 2, 1], parameters, draws: 50) == [0, 50, 0, 0])
  }

  @Test(arguments: Kernels.Path.available)
  func theLikeliestAreTheFirstOfAll(on path: Kernels.Path) {
    var random = SeededGenerator(seed: 5)
    // Sizes and numbers of tokens on both sides of each way to find them.
    for (size, count) in [
      (1, 1), (40, 40), (100, 7), (640, 40), (1000, 63), (1024, 1), (1024, 8), (1024, 40),
      (1024, 64),
      (2047, 40), (2048, 128), (2100, 40),
    ] {
      for kind in 0..<5 {
        var logits = (0..<size).map { _ in Float(random.nextUnit() * 20 - 10) }
        for index in logits.indices {
          switch kind {
          case 1: logits[index] = logits[index].rounded()
          case 2 where index % 7 == 0: logits[index] = .nan
          case 3: logits[index] = index % 30 == 0 ? logits[index] : -.infinity
          case 4: logits[index] = index % 2 == 0 ? 0 : -0.0
          default: break
          }
        }
        func value(_ index: Int) -> Float { logits[index].isNaN ? -.infinity : logits[index] }
        let expected = logits.indices.sorted { (value($0), $1) > (value($1), $0) }.prefix(count)
        var (tokens, values) = (
          [TokenID](repeating: -1, count: count), [Float](repeating: 0, count: count)
        )
        let found = logits.withUnsafeBufferPointer { logits in
          tokens.withUnsafeMutableBufferPointer { tokens in
            values.withUnsafeMutableBufferPointer {
              path.top(logits, tokens: tokens, values: $0)
            }
          }
        }
        #expect(found == count)
        #expect(tokens.map(Int.init) == Array(expected), "\(count) of \(size), kind \(kind)")
        #expect(values.map(\.bitPattern) == expected.map { value($0).bitPattern })
      }
    }
  }

  @Test func topPKeepsTheFewestThatReachTheShare() {
    var parameters = Self.plain
    parameters.topP = 0.6
    // Probabilities 1/8, 2/8, 5/8: the last alone reaches 0.6; 0.7 needs two.
    let logits = [0, Float(2).logarithm, Float(5).logarithm]
    #expect(Self.counts(logits, parameters, draws: 100) == [0, 0, 100])
    parameters.topP = 0.7
    #expect(Self.counts(logits, parameters, draws: 100)[0] == 0)
    #expect(Self.counts(logits, parameters, draws: 100)[1] > 0)
  }

  @Test func minPKeepsWhatIsNearTheLikeliest() {
    var parameters = Self.plain
    parameters.minP = 0.3
    let logits = [0, Float(2).logarithm, Float(5).logarithm]
    let counts = Self.counts(logits, parameters, draws: 200)
    #expect(counts[0] == 0)
    #expect(counts[1] > 0)
  }

  @Test func aRepetitionPenaltyWeighsOnRecentTokensOnly() {
    var parameters = SamplingParameters.greedy
    parameters.repetitionPenalty = 2
    parameters.repetitionWindow = 2
    #expect(Self.draw([3, 2], parameters, history: [0]) == 1)
    #expect(Self.draw([3, 2], parameters, history: [0, 1, 1]) == 0)
    #expect(Self.draw([-1, -1.5], parameters, history: [0]) == 1)
  }

  @Test func infiniteLogitsAreDrawnFromWithoutHarm() {
    #expect(Self.draw([.infinity, 1, 2], Self.plain) == 0)
    #expect([0, 1].contains(Self.draw([.nan, .nan], Self.plain)))
    #expect(Self.draw([-.infinity, 0], Self.plain) == 1)
  }
}

extension Float {
  fileprivate var logarithm: Float { Float(ExactMath.log(Double(self))) }
}

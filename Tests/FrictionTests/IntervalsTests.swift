import Friction
import Testing

@Suite struct IntervalsTests {
  @Test(
    "Wilson's interval is scipy's",
    // scipy 1.17.1, scipy.stats.binomtest(k, n).proportion_ci(method="wilson").
    arguments: [
      (0, 5, 0.0, 0.43448246478317476), (3, 7, 0.1582198552514697, 0.7495416354723428),
      (5, 5, 0.5655175352168251, 1.0), (42, 100, 0.32798382674354737, 0.5179351329695704),
      (1, 1, 0.20654931437723745, 1.0), (8, 10, 0.4901624715366418, 0.9433178485456248),
    ])
  func wilson(count: Int, total: Int, low: Double, high: Double) throws {
    let interval = try #require(Proportion(count, of: total).interval)
    #expect(abs(interval.lowerBound - low) < 1e-12)
    #expect(abs(interval.upperBound - high) < 1e-12)
  }

  @Test("of nothing nothing is known")
  func nothing() {
    #expect(Proportion(0, of: 0).share == nil)
    #expect(Proportion(0, of: 0).interval == nil)
    #expect(Proportion(3, of: -1) == Proportion(0, of: 0))
  }

  @Test("Newcombe's interval of a difference is that of its two Wilson intervals")
  func newcombe() throws {
    // statsmodels 0.15.0, confint_proportions_2indep(15, 20, 9, 20, method="newcomb").
    let found = try #require(Proportion.difference(Proportion(15, of: 20), Proportion(9, of: 20)))
    #expect(abs(found.lowerBound + 0.001_759_140_201_585_9) < 1e-12)
    #expect(abs(found.upperBound - 0.536_368_887_791_338_7) < 1e-12)
    // Where all draws agree it is not empty, as drawing them again would have it.
    let same = try #require(Proportion.difference(Proportion(0, of: 20), Proportion(0, of: 20)))
    #expect(same.upperBound > 0.1 && same.lowerBound < -0.1)
    #expect(Proportion.difference(Proportion(1, of: 2), Proportion(0, of: 0)) == nil)
  }
}

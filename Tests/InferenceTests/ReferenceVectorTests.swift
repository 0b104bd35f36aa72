import Testing

@testable import Inference

/// The engine against an independent program: plain PyTorch with the same int8 arithmetic.
@Suite struct ReferenceVectorTests {
  /// Natural log-probabilities of the tokens below after those before them, from
  /// `Training/reference.py` (`token_logprobs`) on the file that `TinyModel(keyHeads: 4)`
  /// writes, with keys and values rounded to f16 in its cache as here.
  static let expected: [Double] = [
    -12.3755, -8.6983, -8.5065, -5.9381, -10.9252, -6.9655, -9.2181, -4.4117, -8.4605, -9.4378,
    -5.7551, -9.663, -11.1183, -7.061, -10.1231, -6.8045, -11.6269, -8.2774, -6.6384, -3.3382,
    -8.3371, -7.5696, -7.5025, -5.1996, -9.9247, -6.2803, -13.5881, -7.0928, -8.6015, -7.5034,
    -10.0565, -8.9487, -5.3776, -10.8923, -8.8845, -8.9946, -13.48, -11.1266, -4.1099,
  ]

  @Test func logProbabilitiesAreThoseOfAnIndependentProgram() async throws {
    let model = try TinyModel(keyHeads: 4).load()
    let tokens = (0..<40).map { TokenID(3 + ($0 * 37) % 270) }
    let ours = try await Engine(model: model).logProbabilities(of: tokens)
    #expect(ours.count == Self.expected.count)
    let differences = zip(ours, Self.expected).map { abs($0 - $1) }
    // An activation on the edge between two int8 values may fall the other way.
    #expect(differences.allSatisfy { $0 < 0.05 })
    #expect(differences.reduce(0, +) / 39 < 0.001)
  }
}

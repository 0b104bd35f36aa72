import Foundation

/// SplitMix64 (Steele, Lea, Flood 2014, figure 17): the same numbers from the same seed anywhere.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// The seed for random walks: `TEST_SEED` from the environment, so that a failure that names
  /// its seed can be played again, or else `standard`.
  public static func testSeed(standard: UInt64) -> UInt64 {
    ProcessInfo.processInfo.environment["TEST_SEED"].flatMap { UInt64($0) } ?? standard
  }
}

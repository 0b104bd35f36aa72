/// The engine's source of chance: SplitMix64 (Steele, Lea and Flood, 2014), whose whole state is
/// one 64-bit number. The same seed gives the same draws on every machine, for ever.
struct SeededGenerator: Sendable {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  /// The next 64 bits.
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
    return bits ^ (bits >> 31)
  }

  /// The next number of [0, 1), in steps of 2^-53.
  mutating func nextUnit() -> Double { Double(next() >> 11) * 0x1p-53 }
}

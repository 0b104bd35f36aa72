/// A source of chance whose whole state is one 64-bit number (Steele, Lea and Flood 2014,
/// figure 17): the same seed gives the same draws on every machine, for ever.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64
  /// How far the state goes with each draw.
  static let step: UInt64 = 0x9E37_79B9_7F4A_7C15

  public init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= Self.step
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A whole number of `range`, each as likely as the other: draws that would favour small ones
  /// are drawn again. The standard library's way is not promised to stay the same.
  public mutating func draw(from range: ClosedRange<Int>) -> Int {
    let count = UInt64(bitPattern: Int64(range.upperBound) &- Int64(range.lowerBound)) &+ 1
    // All 2^64 numbers.
    guard count > 0 else { return Int(truncatingIfNeeded: next()) }
    let limit = UInt64.max - UInt64.max % count
    var bits = next()
    while bits >= limit { bits = next() }
    return range.lowerBound &+ Int(truncatingIfNeeded: bits % count)
  }

  /// An element, each as likely as the other. `elements` must not be empty.
  public mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[draw(from: 0...elements.count - 1)]
  }

  /// In random order (Fisher and Yates).
  public mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var elements = elements
    for last in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(last, draw(from: 0...last))
    }
    return elements
  }
}

/// Seeds as a person lists them: numbers and ranges with commas between, such as `1,2,5..8`.
public struct SeedList: Equatable, Sendable {
  /// Most seeds of one list.
  public static let countMax = 10_000

  public var seeds: [UInt64] = []

  /// - Throws: ``ExperimentError/badSeedList(_:)`` or ``ExperimentError/tooManySeeds(_:limit:)``.
  public init(parsing text: String) throws(ExperimentError) {
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let word = part.filter { $0 != " " }
      let ends = word.split(separator: "..", omittingEmptySubsequences: false)
      guard ends.count <= 2, let first = ends.first.flatMap({ UInt64($0) }),
        let last = ends.last.flatMap({ UInt64($0) }), first <= last
      else { throw .badSeedList(text) }
      let (count, overflow) = (last - first).addingReportingOverflow(1)
      guard !overflow, count <= UInt64(Self.countMax - seeds.count) else {
        throw .tooManySeeds(overflow ? .max : Int(clamping: count), limit: Self.countMax)
      }
      for seed in first...last where !seeds.contains(seed) { seeds.append(seed) }
    }
  }
}

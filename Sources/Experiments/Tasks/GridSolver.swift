/// Fills a grid by narrowing candidates, never by trying: a grid that it fills has exactly one
/// solution. It writes one placement a scan, in the order that docs/method/tasks.md fixes.
struct GridSolver {
  private let shape: GridShape
  private let clues: [GridClue]
  /// The houses each value may be in, as bits: bit 1 is house 1.
  private var candidates: [Int]
  /// 0 where a value is not placed yet.
  private var placed: [Int]
  private var order: [Int] = []

  private init(_ shape: GridShape, _ clues: [GridClue]) {
    (self.shape, self.clues) = (shape, clues)
    candidates = Array(repeating: (1 << (shape.houses + 1)) - 2, count: shape.values.count)
    placed = Array(repeating: 0, count: shape.values.count)
  }

  /// The values in the order they are placed, and every value's house; nil when the scans come to
  /// a standstill or the clues contradict each other.
  static func solve(
    _ shape: GridShape, _ clues: [GridClue]
  ) -> (order: [Int], houses: [Int])? {
    var solver = GridSolver(shape, clues)
    while solver.order.count < shape.values.count {
      let before = solver.candidates
      if let value = solver.scan() {
        solver.place(value)
      } else if solver.candidates == before {
        return nil
      }
    }
    guard clues.allSatisfy({ $0.holds(solver.placed) }) else { return nil }
    return (solver.order, solver.placed)
  }

  private mutating func scan() -> Int? {
    for clue in clues {
      narrow(clue)
      if isSingle(clue.first) { return clue.first }
      if let second = clue.second, isSingle(second) { return second }
    }
    if let value = candidates.indices.first(where: isSingle) { return value }
    for start in stride(from: 0, to: candidates.count, by: shape.houses) {
      for house in 1...shape.houses {
        let values = start..<start + shape.houses
        guard !values.contains(where: { placed[$0] == house }) else { continue }
        let found = values.filter { placed[$0] == 0 && candidates[$0] & 1 << house != 0 }
        guard found.count == 1 else { continue }
        candidates[found[0]] = 1 << house
        return found[0]
      }
    }
    return nil
  }

  private func isSingle(_ value: Int) -> Bool {
    placed[value] == 0 && candidates[value].nonzeroBitCount == 1
  }

  private mutating func place(_ value: Int) {
    placed[value] = candidates[value].trailingZeroBitCount
    order.append(value)
    let start = shape.category(of: value) * shape.houses
    for other in start..<start + shape.houses where other != value {
      candidates[other] &= ~candidates[value]
    }
  }

  private mutating func narrow(_ clue: GridClue) {
    let first = candidates[clue.first]
    guard let second = clue.second else {
      let house = 1 << clue.house
      candidates[clue.first] = clue.kind == .at ? first & house : first & ~house
      return
    }
    let other = candidates[second]
    switch clue.kind {
    case .same:
      candidates[clue.first] = first & other
      candidates[second] = first & other
    case .left:
      candidates[clue.first] = first & other >> 1
      candidates[second] = other & candidates[clue.first] << 1
    default:
      candidates[clue.first] = first & (other >> 1 | other << 1)
      candidates[second] = other & (candidates[clue.first] >> 1 | candidates[clue.first] << 1)
    }
  }
}

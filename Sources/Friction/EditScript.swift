/// The fewest removals and additions that turn one sequence into another: the greedy algorithm of
/// E. W. Myers, *An O(ND) Difference Algorithm and Its Variations*, Algorithmica 1 (1986), §3.
struct EditScript: Equatable {
  /// One step, with a position in the old sequence (`same`, `removed`) or the new one (`added`).
  enum Step: Equatable {
    case same(Int)
    case removed(Int)
    case added(Int)
  }

  var steps: [Step]
  /// False when the search gave up.
  var isShortest: Bool

  /// The script from `old` to `new`. Past `editsMax` steps that change something, it is the common
  /// beginning, all of the old middle removed, all of the new one added, the common end.
  static func shortest(from old: [Int], to new: [Int], editsMax: Int) -> EditScript {
    let shorter = min(old.count, new.count)
    let head = (0..<shorter).first { old[$0] != new[$0] } ?? shorter
    let tail =
      (0..<(shorter - head)).first { old[old.count - 1 - $0] != new[new.count - 1 - $0] }
      ?? (shorter - head)
    let (oldMiddle, newMiddle) = (head..<(old.count - tail), head..<(new.count - tail))
    let middle = search(Array(old[oldMiddle]), Array(new[newMiddle]), editsMax)
    let steps: [Step] =
      middle.map { $0.map { $0.moved(by: head) } }
      ?? (oldMiddle.map { .removed($0) } + newMiddle.map { .added($0) })
    let end = (old.count - tail..<old.count).map { Step.same($0) }
    return EditScript(
      steps: (0..<head).map { .same($0) } + steps + end, isShortest: middle != nil)
  }

  /// Myers' search. `furthest[k + d]` is the furthest old position on diagonal k (old position
  /// minus new position) that d changes reach; one such row is kept for each d, to find the way
  /// back.
  private static func search(_ old: [Int], _ new: [Int], _ editsMax: Int) -> [Step]? {
    if old.isEmpty || new.isEmpty {
      return old.indices.map { .removed($0) } + new.indices.map { .added($0) }
    }
    var rows: [[Int32]] = []
    for d in 0...min(old.count + new.count, max(editsMax, 0)) {
      var row = [Int32](repeating: 0, count: 2 * d + 1)
      for k in stride(from: -d, through: d, by: 2) {
        var x = d == 0 ? 0 : Self.start(rows[d - 1], d, k)
        while x < old.count, x - k < new.count, x - k >= 0, old[x] == new[x - k] { x += 1 }
        row[k + d] = Int32(x)
        if x >= old.count, x - k >= new.count {
          return wayBack(rows, d, old.count, new.count)
        }
      }
      rows.append(row)
    }
    return nil
  }

  /// The old position where diagonal `k` is entered with the d-th change.
  private static func start(_ row: [Int32], _ d: Int, _ k: Int) -> Int {
    comesFromAbove(row, d, k) ? at(row, d, k + 1) : at(row, d, k - 1) + 1
  }

  /// Whether the d-th change that enters diagonal `k` is an addition.
  private static func comesFromAbove(_ row: [Int32], _ d: Int, _ k: Int) -> Bool {
    k == -d || (k != d && at(row, d, k - 1) < at(row, d, k + 1))
  }

  /// The furthest position on diagonal `k` in the row of d - 1 changes.
  private static func at(_ row: [Int32], _ d: Int, _ k: Int) -> Int { Int(row[k + d - 1]) }

  private static func wayBack(_ rows: [[Int32]], _ changes: Int, _ x: Int, _ y: Int) -> [Step] {
    var (x, y) = (x, y)
    var steps: [Step] = []
    for d in stride(from: changes, to: 0, by: -1) {
      let k = x - y
      let row = rows[d - 1]
      let isAddition = comesFromAbove(row, d, k)
      let entry = start(row, d, k)
      while x > entry {
        (x, y) = (x - 1, y - 1)
        steps.append(.same(x))
      }
      if isAddition {
        y -= 1
        steps.append(.added(y))
      } else {
        x -= 1
        steps.append(.removed(x))
      }
    }
    steps += stride(from: x - 1, through: 0, by: -1).map { .same($0) }
    return steps.reversed()
  }
}

extension EditScript.Step {
  fileprivate func moved(by offset: Int) -> Self {
    switch self {
    case .same(let index): .same(index + offset)
    case .removed(let index): .removed(index + offset)
    case .added(let index): .added(index + offset)
    }
  }
}

/// The houses of a logic grid and what lives in them: as many values in every category as there
/// are houses.
struct GridShape: Equatable, Sendable {
  /// In a row, from left to right, counted from 1.
  let houses: Int
  /// Names first, colours second, then things.
  let categories: [[String]]

  /// Every value in the order of the categories; a value is its index here.
  let values: [String]

  /// - Parameters:
  ///   - houses: at most 6.
  ///   - features: how many categories, at most 6.
  init(houses: Int, features: Int) {
    self.houses = houses
    categories = Self.pools.prefix(features).map { Array($0.values.prefix(houses)) }
    values = categories.flatMap { $0 }
  }

  /// What the categories are called, in the singular.
  var headings: [String] { Self.pools.prefix(categories.count).map(\.heading) }

  static let pools: [(heading: String, plural: String, values: [String])] = [
    ("name", "Names", ["Ann", "Ben", "Cid", "Dan", "Eve", "Fay"]),
    ("colour", "Colours", ["red", "green", "blue", "white", "black", "yellow"]),
    ("pet", "Pets", ["cat", "dog", "fish", "bird", "horse", "mouse"]),
    ("drink", "Drinks", ["tea", "milk", "juice", "water", "coffee", "cocoa"]),
    ("fruit", "Fruits", ["apple", "pear", "plum", "grape", "lemon", "cherry"]),
    ("instrument", "Instruments", ["piano", "violin", "flute", "drum", "harp", "guitar"]),
  ]

  func category(of value: Int) -> Int { value / houses }

  /// `Ann`, `the red house`, `the cat`.
  func noun(_ value: Int) -> String {
    switch category(of: value) {
    case 0: values[value]
    case 1: "the \(values[value]) house"
    default: "the \(values[value])"
    }
  }

  /// With a capital for the beginning of a sentence.
  func capitalNoun(_ value: Int) -> String {
    let noun = noun(value)
    return noun.prefix(1).uppercased() + noun.dropFirst()
  }

  /// `Ann is in house 1.`, `The red house is house 1.`
  func placement(_ value: Int, _ house: Int) -> String {
    "\(capitalNoun(value)) is \(category(of: value) == 1 ? "" : "in ")house \(house)."
  }

  /// The rows of a solution, such as `1: Ann, red, cat`.
  func rows(_ solution: [Int]) -> [String] {
    (1...houses).map { house in
      let row = values.indices.filter { solution[$0] == house }.map { values[$0] }
      return "\(house): \(row.joined(separator: ", "))"
    }
  }

  var opening: String {
    let lists = zip(Self.pools, categories).map { pool, values in
      "\(pool.plural): \(values.joined(separator: ", "))."
    }
    let numbers = ["no", "one", "two", "three", "four", "five", "six"]
    return "Fill the grid of \(numbers[houses]) houses. \(lists.joined(separator: " "))"
  }
}

/// One condition of a grid.
struct GridClue: Hashable, Sendable {
  /// How a clue ties values to houses or to each other.
  enum Kind: Sendable {
    case at, not, same
    /// The first value's house is directly left of the second's.
    case left
    /// Either one is directly left of the other.
    case next
  }

  var kind: Kind
  var first: Int
  /// For the kinds of two values.
  var second: Int?
  /// For the kinds of one value.
  var house = 0

  /// Whether it holds where every value is in the house that `houses` has at its index.
  func holds(_ houses: [Int]) -> Bool {
    let here = houses[first]
    guard let second else { return kind == .at ? here == house : here != house }
    let there = houses[second]
    switch kind {
    case .same: return here == there
    case .left: return here + 1 == there
    default: return abs(here - there) == 1
    }
  }

  func sentence(_ shape: GridShape) -> String {
    let subject = shape.capitalNoun(first)
    guard let second else {
      let placement = shape.placement(first, house)
      return kind == .at
        ? placement : placement.replacing(" is ", with: " is not ", maxReplacements: 1)
    }
    switch kind {
    case .left: return "\(subject) is directly left of \(shape.noun(second))."
    case .next: return "\(subject) is next to \(shape.noun(second))."
    default: break
    }
    switch (shape.category(of: first), shape.category(of: second)) {
    case (0, 1): return "\(subject) lives in \(shape.noun(second))."
    case (_, 1): return "\(subject) is in \(shape.noun(second))."
    case (0, _): return "\(subject) has \(shape.noun(second))."
    default: return "\(subject) is where \(shape.noun(second)) is."
    }
  }
}

extension GridShape {
  /// Every clue that can be said of the shape.
  /// - Parameter solution: if given, only what holds in it.
  func clues(of kind: GridClue.Kind, in solution: [Int]? = nil) -> [GridClue] {
    var clues: [GridClue] = []
    for first in values.indices {
      switch kind {
      case .at, .not:
        clues += (1...houses).map { GridClue(kind: kind, first: first, house: $0) }
      case .left, .next:
        clues += values.indices.filter { $0 != first }
          .map { GridClue(kind: kind, first: first, second: $0) }
      case .same:
        clues += values.indices.filter { isSubject(first, of: $0) }
          .map { GridClue(kind: kind, first: first, second: $0) }
      }
    }
    return solution.map { solution in clues.filter { $0.holds(solution) } } ?? clues
  }

  /// Which of two values a sentence about both names first: names before things before colours.
  private func isSubject(_ first: Int, of second: Int) -> Bool {
    let order = [0, .max] + Array(1..<max(2, categories.count))
    return order[category(of: first)] < order[category(of: second)]
  }

  /// The clues by their sentences.
  func lexicon(_ kinds: [GridClue.Kind]) -> [String: GridClue] {
    kinds.flatMap { clues(of: $0) }.reduce(into: [:]) { $0[$1.sentence(self)] = $1 }
  }
}

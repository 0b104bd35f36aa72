import SessionCore

/// A logic grid with its clues and its one solution, and how replies to it are judged cell by
/// cell: what the families `grid` and `zebra` share.
struct GridPuzzle: Sendable {
  let shape: GridShape
  let clues: [GridClue]
  /// The values in the order in which the solver places them.
  private let order: [Int]
  /// The house of each value.
  private let houses: [Int]

  /// Nil when the clues do not lead to one solution.
  init?(_ shape: GridShape, _ clues: [GridClue]) {
    guard let (order, houses) = GridSolver.solve(shape, clues) else { return nil }
    (self.shape, self.clues, self.order, self.houses) = (shape, clues, order, houses)
  }

  /// The clues of a key, each a sentence of `lexicon`; nil when one is not or says nothing.
  static func clues(_ key: Substring, _ lexicon: [String: GridClue]) -> [GridClue]? {
    let sentences = key.split(separator: "|", omittingEmptySubsequences: false)
    let clues = sentences.compactMap { lexicon[String($0)] }
    return clues.count == sentences.count && Set(clues).count == clues.count ? clues : nil
  }

  var sentences: [String] { clues.map { $0.sentence(shape) } }
  var prompt: String { "\(shape.opening) \(sentences.joined(separator: " "))" }
  var rows: [String] { shape.rows(houses) }
  var answer: String { rows.joined(separator: "; ") }
  var solution: [String] {
    order.map { shape.placement($0, houses[$0]) } + ["Answer:"] + rows
  }
}

extension GridPuzzle {
  /// The cells of the solution, house by house.
  private var table: [[String]] {
    rows.map { row in row.split(separator: ": ").last.map { Self.words($0) } ?? [] }
  }

  private static func words(_ row: some StringProtocol) -> [String] {
    row.split(separator: ", ", omittingEmptySubsequences: false).map { String($0) }
  }

  /// A row of a reply.
  private struct Row {
    var range: Range<Int>
    var text: String
    var house: Int
    var words: [String]
  }

  /// What a reply holds: its lines before the answer, and the answer's rows.
  private func read(_ reply: String) -> (lines: ReplyLines, steps: [Range<Int>], rows: [Row]) {
    let lines = ReplyLines(reply)
    guard let start = lines.lines.last(where: { lines.text($0) == "Answer:" }) else {
      return (lines, lines.lines, [])
    }
    let after = lines.lines.filter { $0.lowerBound > start.lowerBound }
    return (
      lines, lines.lines.filter { $0.lowerBound < start.lowerBound },
      after.compactMap { row($0, lines) }
    )
  }

  /// `1: Ann, red, cat` with as many words as there are categories.
  private func row(_ range: Range<Int>, _ lines: ReplyLines) -> Row? {
    let text = lines.text(range)
    guard let colon = text.firstRange(of: ": ") else { return nil }
    let number = text[..<colon.lowerBound]
    let words = Self.words(text[colon.upperBound...])
    let isLetters = { (word: String) in
      !word.isEmpty && word.utf8.allSatisfy { (65...90).contains($0) || (97...122).contains($0) }
    }
    guard number.utf8.allSatisfy({ (48...57).contains($0) }), words.count == shape.categories.count,
      words.allSatisfy(isLetters)
    else { return nil }
    // A number too long for a house is of none.
    return Row(range: range, text: text, house: Int(number) ?? 0, words: words)
  }

  /// The first row of each house.
  private func byHouse(_ rows: [Row]) -> [Int: [String]] {
    rows.reduce(into: [:]) { if $0[$1.house] == nil { $0[$1.house] = $1.words } }
  }

  func check(_ reply: String, family: String) -> Verdict {
    let rows = read(reply).rows
    guard !rows.isEmpty else { return Verdict(.noAnswer, answer: nil, checker: family) }
    let found = byHouse(rows)
    let isRight = table.enumerated().allSatisfy { found[$0 + 1] == $1 }
    let answer = found.keys.sorted().map { "\($0): \((found[$0] ?? []).joined(separator: ", "))" }
    return Verdict(
      isRight ? .right : .wrong, answer: answer.joined(separator: "; "), checker: family)
  }

  func cells(in reply: String) -> [AnswerCell] {
    let found = byHouse(read(reply).rows)
    return table.enumerated().flatMap { index, row in
      row.indices.map { column in
        AnswerCell(
          name: "house \(index + 1) \(shape.headings[column])", expected: row[column],
          found: found[index + 1]?[column])
      }
    }
  }

  func firstWrongStep(in reply: String, family: String) -> WrongStep? {
    guard check(reply, family: family).outcome != .right else { return nil }
    let (lines, steps, written) = read(reply)
    let placements = placements
    for step in steps {
      guard let (value, house) = placements[lines.text(step)], houses[value] != house else {
        continue
      }
      return WrongStep(step, of: lines.bytes, right: shape.placement(value, houses[value]))
    }
    let right = rows
    let present = Set(written.map(\.house))
    var seen: Set<Int> = []
    for row in written {
      if right.contains(row.text), seen.insert(row.house).inserted { continue }
      let own = (1...shape.houses).contains(row.house) && !seen.contains(row.house)
      let missing = (1...shape.houses).first { !present.contains($0) }
      let house = own ? row.house : missing ?? 1
      return WrongStep(row.range, of: lines.bytes, right: right[house - 1], isAnswer: true)
    }
    return nil
  }

  /// Every sentence that places a value.
  private var placements: [String: (value: Int, house: Int)] {
    shape.clues(of: .at).reduce(into: [:]) { $0[$1.sentence(shape)] = ($1.first, $1.house) }
  }

  func directionalCritique(of reply: String) -> String? {
    let rows = read(reply).rows
    guard !rows.isEmpty else { return nil }
    let found = byHouse(rows)
    for (index, right) in table.enumerated() {
      guard let row = found[index + 1] else { return "The row of house \(index + 1) is missing." }
      guard let column = zip(row, right).enumerated().first(where: { $1.0 != $1.1 })?.offset else {
        continue
      }
      return "In house \(index + 1) the \(shape.headings[column]) is wrong."
    }
    return nil
  }

  /// An untrue placement without its full stop.
  func wrongAnswer(using chance: inout SplitMix64) -> String {
    let value = chance.draw(from: 0...houses.count - 1)
    let house = chance.pick((1...shape.houses).filter { $0 != houses[value] })
    return String(shape.placement(value, house).dropLast())
  }
}

extension GridPuzzle {
  /// Draws clues that hold in a random solution until `isSettled`, then leaves out what is not
  /// needed for that, in random order.
  /// - Parameter kinds: the kinds of clue, each as often as it is to come.
  static func drawClues(
    _ shape: GridShape, kinds: [GridClue.Kind], atMost: Int = .max,
    using chance: inout SplitMix64, isSettled: ([GridClue]) -> Bool
  ) -> [GridClue] {
    let solution = shape.categories.flatMap { _ in
      chance.shuffled(Array(1...shape.houses))
    }
    let pools = Set(kinds).reduce(into: [:]) { $0[$1] = shape.clues(of: $1, in: solution) }
    var clues: [GridClue] = []
    while !isSettled(clues) {
      // Asking is dear where many clues are needed.
      for _ in 0...clues.count / 6 {
        guard let pool = pools[chance.pick(kinds)], !pool.isEmpty else { continue }
        let clue = chance.pick(pool)
        let isSpent = clue.kind == .at && clues.count { $0.kind == .at } >= atMost
        if !clues.contains(clue), !isSpent { clues.append(clue) }
      }
    }
    for clue in chance.shuffled(clues) {
      let fewer = clues.filter { $0 != clue }
      if isSettled(fewer) { clues = fewer }
    }
    return chance.shuffled(clues)
  }
}

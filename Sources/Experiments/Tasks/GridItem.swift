import SessionCore

/// A family whose items are logic grids: judged by rows instead of a line `Answer: …`.
protocol GridItem: TaskItem {
  var puzzle: GridPuzzle { get }
}

extension GridItem {
  var prompt: String { puzzle.prompt }
  var answer: String { puzzle.answer }
  var solution: [String] { puzzle.solution }

  func check(_ reply: String) -> Verdict { puzzle.check(reply, family: Self.family) }
  func firstWrongStep(in reply: String) -> WrongStep? {
    puzzle.firstWrongStep(in: reply, family: Self.family)
  }
  func directionalCritique(of reply: String) -> String? { puzzle.directionalCritique(of: reply) }
  func cells(in reply: String) -> [AnswerCell] { puzzle.cells(in: reply) }
  func wrongAnswer(using chance: inout SplitMix64) -> String { puzzle.wrongAnswer(using: &chance) }

  // The forms of a single answer line, which a grid has not.
  func reading(of answer: String) -> String? { answer }
  func isRight(_ reading: String) -> Bool { reading == answer }
  func isStep(_ line: String) -> Bool { false }
  func direction(for answer: String) -> String? { nil }
}

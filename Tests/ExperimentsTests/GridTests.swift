import SessionCore
import Testing

@testable import Experiments

/// Grids have one solution, no clue too many, and are judged cell by cell.
@Suite struct Grids {
  static let clues = [
    "Ann is in house 2.", "Ann has the cat.", "The dog is in house 1.", "The red house is house 2.",
    "The fish is in the blue house.", "Ben has the dog.",
  ]
  static let solution = """
    Ann is in house 2.
    The cat is in house 2.
    The dog is in house 1.
    The red house is house 2.
    The fish is in house 3.
    The blue house is house 3.
    Ben is in house 1.
    Cid is in house 3.
    The green house is house 1.
    Answer:
    1: Ben, green, dog
    2: Ann, red, cat
    3: Cid, blue, fish
    """

  static func problem() throws -> Problem {
    try #require(Problem(key: "grid:" + clues.joined(separator: "|")))
  }

  @Test func theExampleOfThePageIsWorkedOutAsItSays() throws {
    let problem = try Self.problem()
    #expect(problem.solution.joined(separator: "\n") == Self.solution)
    #expect(
      problem.prompt
        == "Fill the grid of three houses. Names: Ann, Ben, Cid. Colours: red, green, blue. "
        + "Pets: cat, dog, fish. " + Self.clues.joined(separator: " "))
    #expect(problem.difficulty == "easy")
  }

  @Test func cellsAreJudgedOneByOne() throws {
    let reply = "Answer:\n1: Ben, green, fish\n3: Cid, red, dog\n3: no, no, no\n4: a, b, c"
    let problem = try Self.problem()
    let cells = problem.cells(in: reply)
    #expect(
      cells.map(\.name).prefix(4) == [
        "house 1 name", "house 1 colour", "house 1 pet", "house 2 name",
      ])
    #expect(
      cells.map(\.outcome) == [
        .right, .right, .wrong, .noAnswer, .noAnswer, .noAnswer, .right, .wrong, .wrong,
      ])
    #expect(problem.check(reply).outcome == .wrong)
    #expect(problem.directionalCritique(of: reply) == "In house 1 the pet is wrong.")
    #expect(
      problem.critique(of: reply, tellingValue: true)
        == "The step 1: Ben, green, fish is wrong; it should be 1: Ben, green, dog.")
    #expect(problem.repair(reply) == "Answer:\n1: Ben, green, dog\n")
    #expect(
      problem.directionalCritique(of: "Answer:\n1: Ben, green, dog")
        == "The row of house 2 is missing.")
  }

  /// All ways to fill the three categories.
  private static func solutions(of shape: GridShape) -> [[Int]] {
    var orders: [[Int]] = [[]]
    for _ in 0..<shape.houses {
      orders = orders.flatMap { order in
        (1...shape.houses).filter { !order.contains($0) }.map { order + [$0] }
      }
    }
    return shape.categories.reduce([[]]) { all, _ in all.flatMap { one in orders.map { one + $0 } }
    }
  }

  @Test(arguments: ["easy", "medium", "hard"])
  func everyGridHasOneSolutionAndNoClueTooMany(difficulty: String) throws {
    let shape = GridShape(houses: 3, features: 3)
    let all = Self.solutions(of: shape)
    #expect(all.count == 216)
    let lexicon = shape.lexicon([.at, .not, .same, .left])
    let family = try #require(TaskFamily.named("grid"))
    for problem in family.problems(20, difficulty: difficulty, side: .any, seed: 2) {
      let clues = try #require(GridPuzzle.clues(problem.key.dropFirst("grid:".count), lexicon))
      let left = all.filter { solution in clues.allSatisfy { $0.holds(solution) } }
      #expect(left.count == 1)
      #expect(shape.rows(left[0]).joined(separator: "; ") == problem.answer)
      for clue in clues {
        let fewer = clues.filter { $0 != clue }
        #expect(all.count { solution in fewer.allSatisfy { $0.holds(solution) } } > 1)
      }
      #expect(difficulty != "hard" || clues.count { $0.kind == .at } <= 1)
    }
  }

  @Test(arguments: ["2x2", "2x3", "3x3", "3x4"])
  func everyZebraHasOneSolution(size: String) throws {
    let family = try #require(TaskFamily.named("zebra"))
    for problem in family.problems(3, difficulty: size, side: .any, seed: 2) {
      let sizes = size.split(separator: "x").compactMap { Int($0) }
      let shape = GridShape(houses: sizes[0], features: sizes[1])
      let lexicon = shape.lexicon([.at, .not, .same, .left, .next])
      let text = problem.key.dropFirst("zebra:\(size):".count)
      let clues = try #require(GridPuzzle.clues(text, lexicon))
      let left = Self.solutions(of: shape).filter { solution in
        clues.allSatisfy { $0.holds(solution) }
      }
      #expect(left.count == 1)
      #expect(shape.rows(left[0]).joined(separator: "; ") == problem.answer)
    }
  }

  @Test func noTwoCluesReadAlike() {
    for sizes in [(3, 3), (6, 6)] {
      let shape = GridShape(houses: sizes.0, features: sizes.1)
      let kinds: [GridClue.Kind] = [.at, .not, .same, .left, .next]
      let clues = kinds.flatMap { shape.clues(of: $0) }
      #expect(shape.lexicon(kinds).count == clues.count)
    }
  }
}

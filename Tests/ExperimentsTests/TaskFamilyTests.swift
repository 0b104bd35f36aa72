import SessionCore
import Testing

@testable import Experiments

/// What is true of every family: its reference solution is right, a slip in it is not, and a slip
/// that is mended where it was made leaves nothing wrong.
@Suite struct TaskFamilies {
  struct Choice: Sendable, CustomTestStringConvertible {
    var family: TaskFamily
    var difficulty: String
    var testDescription: String { "\(family.name) \(difficulty)" }
  }

  static let choices = TaskFamily.all.flatMap { family in
    // The largest grids take long to draw without optimisation.
    family.difficulties.filter { !["5x4", "5x5", "6x6"].contains($0) }
      .map { Choice(family: family, difficulty: $0) }
  }

  /// Fewer where a problem takes long to draw.
  static func problems(_ choice: Choice, _ count: Int = 100) -> [Problem] {
    let count =
      choice.family.name == "zebra" ? 2 : choice.family.name == "grid" ? min(count, 20) : count
    return choice.family.problems(count, difficulty: choice.difficulty, side: .any, seed: 1)
  }

  @Test(arguments: choices) func theReferenceSolutionIsRight(_ choice: Choice) throws {
    let problems = Self.problems(choice)
    #expect(!problems.isEmpty)
    for problem in problems {
      let reply = problem.solution.joined(separator: "\n")
      #expect(problem.check(reply).outcome == .right, "\(problem.key)")
      #expect(problem.firstWrongStep(in: reply) == nil, "\(problem.key)")
      #expect(problem.directionalCritique(of: reply) == nil, "\(problem.key)")
      #expect(problem.repair(reply) == nil, "\(problem.key)")
      #expect(problem.cells(in: reply).allSatisfy { $0.outcome == .right }, "\(problem.key)")
      #expect(problem.check("").outcome == .noAnswer)
      #expect(problem.check("I cannot do that.").outcome != .right)
    }
  }

  @Test(arguments: choices) func aKeyMakesTheSameProblemAgain(_ choice: Choice) throws {
    for problem in Self.problems(choice) {
      let again = try #require(Problem(key: problem.key), "\(problem.key)")
      #expect(again.prompt == problem.prompt)
      #expect(again.solution == problem.solution)
      #expect(again.answer == problem.answer)
      #expect(again.difficulty == choice.difficulty, "\(problem.key)")
      #expect(again.family == choice.family.name)
    }
  }

  @Test(arguments: choices) func aSeedGivesTheSameProblemsAndAnotherOthers(_ choice: Choice) {
    guard choice.family.name != "zebra" else { return }
    let problems = choice.family.problems(5, difficulty: choice.difficulty, seed: 7)
    #expect(problems == choice.family.problems(5, difficulty: choice.difficulty, seed: 7))
    #expect(problems.allSatisfy { $0.isHeldOut })
    let trained = choice.family.problems(
      5, difficulty: choice.difficulty, side: .training, seed: 7)
    #expect(trained.allSatisfy { !$0.isHeldOut })
    let keys = Self.problems(choice).map(\.key)
    #expect(Set(keys).count == keys.count)
  }

  /// One digit or letter of every line exchanged for another.
  @Test(
    arguments: choices.filter {
      !["outside", "long-multiplication", "long-hexadecimal"].contains($0.family.name)
    })
  func everySlipIsFoundWhereItWasMade(_ choice: Choice) throws {
    var chance = SplitMix64(seed: 3)
    for problem in Self.problems(choice, 25) {
      for index in problem.solution.indices where problem.solution[index] != "Answer:" {
        for _ in 0..<3 {
          guard let slip = Self.slip(in: problem.solution[index], problem, &chance) else {
            continue
          }
          try expectFound(slip, at: index, problem)
        }
      }
    }
  }

  /// Another character of the same kind at a place where the line keeps its form.
  private static func slip(
    in line: String, _ problem: Problem, _ chance: inout SplitMix64
  ) -> String? {
    var letters = Array(line)
    let isGrid = ["grid", "zebra"].contains(problem.family)
    let start = line.hasPrefix("Answer: ") ? 8 : 0
    let places = letters.indices.filter { place in
      guard place >= start else { return false }
      switch problem.family {
      case "grid", "zebra":
        return line.contains(": ") ? place > 2 && letters[place].isLetter : letters[place].isNumber
      case "fact":
        let isLast = place == letters.count - (line.hasSuffix(".") ? 2 : 1)
        return isLast && letters[place].isLetter && letters[place] != "z"
      case "string": return letters[place] != " " && letters[place] != ","
      case "hexadecimal": return letters[place].isHexDigit
      default: return letters[place].isNumber
      }
    }
    guard !places.isEmpty else { return nil }
    let place = chance.pick(places)
    let pool: String =
      if letters[place].isNumber { isGrid ? "12" : "123456789" } else {
        letters[place].isUppercase ? "ABCDEF" : "abcdefxyz"
      }
    letters[place] = chance.pick(pool.filter { $0 != letters[place] })
    return String(letters)
  }

  private func expectFound(_ slip: String, at index: Int, _ problem: Problem) throws {
    var lines = problem.solution
    lines[index] = slip
    let last = lines.count - 1
    let isRow = lines[index].firstRange(of: ": ") != nil
    #expect(
      problem.check(lines.joined(separator: "\n")).outcome == (isRow ? .wrong : .right),
      "\(problem.key): \(slip)")
    // A slip in a line carries on to the answer in real replies.
    if !isRow { lines[last] = isGrid(problem) ? "1: no, no, no" : "Answer: 7777777" }
    let reply = lines.joined(separator: "\n")
    let step = try #require(problem.firstWrongStep(in: reply), "\(problem.key): \(reply)")
    #expect(step.line == index + 1, "\(problem.key): \(reply)")
    #expect(step.written == slip)
    #expect(step.right == problem.solution[index])
    #expect(step.isAnswer == isRow)
    let kept = problem.solution[...index].joined(separator: "\n") + "\n"
    #expect(problem.repair(reply) == kept)
    #expect(problem.firstWrongStep(in: kept) == nil)
    // A critic without the right value says nothing that the reply has not said.
    let critique = try #require(problem.critique(of: reply))
    #expect(critique.contains(slip.hasSuffix(".") ? slip.dropLast() : slip[...]))
    #expect(slip.contains(problem.answer) || !Self.holds(critique, problem.answer), "\(critique)")
    let direction = problem.directionalCritique(of: reply) ?? ""
    #expect(!Self.holds(direction, problem.answer), "\(direction)")
  }

  private func isGrid(_ problem: Problem) -> Bool { !problem.cells(in: "").isEmpty }

  /// Whether the answer stands in the text as a word.
  private static func holds(_ text: String, _ answer: String) -> Bool {
    text.split { !$0.isLetter && !$0.isNumber }.contains { $0 == answer }
  }

  @Test(arguments: choices) func aWrongAnswerIsWrong(_ choice: Choice) {
    for (seed, problem) in Self.problems(choice, 40).enumerated() {
      let answer = problem.wrongAnswer(seed: UInt64(seed))
      #expect(problem.check("Answer: \(answer)").outcome != .right, "\(problem.key)")
      #expect(answer != problem.answer)
    }
  }

  /// Text that a model or a person might send, good or bad, and none of it too slow.
  @Test func hostileRepliesAreJudgedInTime() {
    let texts = [
      String(repeating: "#", count: 3_000), String(repeating: "Answer:", count: 3_000),
      String(repeating: "1 + ", count: 3_000) + "= 3", String(repeating: "9", count: 3_000),
      "Answer: " + String(repeating: "9", count: 3_000),
      String(repeating: "\\boxed{", count: 3_000), String(repeating: "\\boxed{}", count: 3_000),
      String(repeating: "\n", count: 3_000),
      String(repeating: "1: Ann, red, cat\n", count: 800),
      "Answer:\n" + String(repeating: "1: Ann, red, cat\n", count: 800),
      String(repeating: "Ann is in house 2.\n", count: 800),
      String(repeating: "40 × 30 = 120\n", count: 800), String(repeating: "a ", count: 3_000),
      String(repeating: "{", count: 3_000), String(repeating: "1,", count: 3_000),
      "\u{0}\u{1B}[2J\u{202E}Answer: \u{0}", "Answer: ٣", "Answer: 1e5", "Answer: -0", "Answer: .",
      String(repeating: "e\u{301}", count: 3_000), "99999999999999999999 × 9 = 1\nAnswer: 1",
    ]
    for family in TaskFamily.all {
      let problem = family.problems(1, side: .any, seed: 5)[0]
      for text in texts {
        #expect(problem.check(text).outcome != .right)
        _ = problem.firstWrongStep(in: text)
        _ = problem.critique(of: text, tellingValue: true)
        _ = problem.directionalCritique(of: text)
        _ = problem.repair(text)
        _ = problem.cells(in: text)
      }
    }
  }

  @Test func hostileKeysMakeNothing() {
    let tails = [
      "", ":", "::", "a", "a:b", "a:b:c", "count:ab:", "count:ab:é", "sort:", "reverse:a", "1,2,3,",
      "boxes-minus:1,2", "boxes-minus:9999,99999,1", "capital-france:9.9", "capital-france:0",
      "poem:brave,nothing", "Ann is in house 1.", "Ann is in house 1.|Ann is in house 2.",
      "4x4:", "9x9:Ann is in house 1.", String(repeating: "|", count: 3000),
      String(repeating: "x", count: 5000),
    ]
    for family in TaskFamily.all {
      for tail in tails { #expect(Problem(key: "\(family.name):\(tail)") == nil, "\(tail)") }
    }
  }
}

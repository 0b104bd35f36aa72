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
    family.difficulties.map { Choice(family: family, difficulty: $0) }
  }

  static func problems(_ choice: Choice, _ count: Int = 300) -> [Problem] {
    choice.family.problems(count, difficulty: choice.difficulty, side: .any, seed: 1)
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
    let problems = choice.family.problems(5, difficulty: choice.difficulty, seed: 7)
    #expect(problems == choice.family.problems(5, difficulty: choice.difficulty, seed: 7))
    #expect(problems.allSatisfy { $0.isHeldOut })
    let trained = choice.family.problems(
      5, difficulty: choice.difficulty, side: .training, seed: 7)
    #expect(trained.allSatisfy { !$0.isHeldOut })
    let keys = Self.problems(choice).map(\.key)
    #expect(Set(keys).count == keys.count)
  }

  /// Every digit or letter of every line, exchanged for another.
  @Test(arguments: choices) func everySlipIsFoundWhereItWasMade(_ choice: Choice) throws {
    var chance = SplitMix64(seed: 3)
    for problem in Self.problems(choice, 40) {
      for (index, line) in problem.solution.enumerated() {
        var letters = Array(line)
        let places = letters.indices.filter { letters[$0].isNumber }
        guard !places.isEmpty else { continue }
        let place = chance.pick(places)
        letters[place] = letters[place] == "9" ? "8" : "9"
        var lines = problem.solution
        lines[index] = String(letters)
        try expectFound(lines, index, problem)
      }
    }
  }

  private func expectFound(_ lines: [String], _ index: Int, _ problem: Problem) throws {
    let isLast = index == lines.count - 1
    let reply = lines.joined(separator: "\n")
    #expect(problem.check(reply).outcome == (isLast ? .wrong : .right), "\(reply)")
    // A slip in a line carries on to the answer in real replies.
    var wrong = lines
    if !isLast { wrong[lines.count - 1] = "Answer: 7777777" }
    let text = wrong.joined(separator: "\n")
    let step = try #require(problem.firstWrongStep(in: text), "\(problem.key): \(text)")
    #expect(step.line == index + 1, "\(problem.key): \(text)")
    #expect(step.written == lines[index])
    #expect(step.right == problem.solution[index])
    #expect(step.isAnswer == isLast)
    let kept = problem.solution[...index].joined(separator: "\n") + "\n"
    #expect(problem.repair(text) == kept)
    // A critic without the right value says nothing that the reply has not said.
    let critique = try #require(problem.critique(of: text))
    #expect(
      critique.contains(lines[index].hasSuffix(".") ? lines[index].dropLast() : lines[index][...]))
    #expect(lines[index].contains(problem.answer) || !Self.holds(critique, problem.answer))
    let direction = problem.directionalCritique(of: text) ?? ""
    #expect(!Self.holds(direction, problem.answer), "\(direction)")
  }

  /// Whether the answer stands in the text as a word.
  private static func holds(_ text: String, _ answer: String) -> Bool {
    text.split { !$0.isLetter && !$0.isNumber }.contains { $0 == answer }
  }
}

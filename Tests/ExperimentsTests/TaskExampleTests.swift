import Foundation
import SessionCore
import Testing

@testable import Experiments

/// The worked examples of docs/method/tasks.md and of the papers.
@Suite struct TaskExamples {
  @Test func everyWorkedExampleOfThePageIsWhatTheProgramWrites() throws {
    let page = try ScriptFormat.text("docs/method/tasks.md")
    for key in [
      "multiplication:36,47", "hexadecimal:3C,A7", "addition:387,456", "subtraction:503,178",
      "word-problem:boxes-minus:4,12,15", "fact:capital-france:0.0",
    ] {
      let problem = try #require(Problem(key: key), "\(key)")
      let lines = [problem.prompt] + problem.solution
      #expect(page.contains("```\n\(lines.joined(separator: "\n"))\n```"), "\(key)")
    }
  }

  @Test(arguments: [
    ("addition:5,87", ["5 + 7 = 12, write 2, carry 1", "0 + 8 + 1 = 9, write 9", "Answer: 92"]),
    (
      "addition:8,95",
      [
        "8 + 5 = 13, write 3, carry 1", "0 + 9 + 1 = 10, write 0, carry 1", "carry 1, write 1",
        "Answer: 103",
      ]
    ),
    (
      "subtraction:100,99",
      ["10 - 9 = 1, borrow 1", "10 - 9 - 1 = 0, borrow 1", "1 - 0 - 1 = 0", "Answer: 1"]
    ),
    ("string:reverse:planet", ["p l a n e t", "t e n a l p", "Answer: tenalp"]),
    ("string:sort:planet", ["p l a n e t", "a e l n p t", "Answer: aelnpt"]),
    ("string:count:tree:e", ["t r e e", "t 0, r 0, e 1, e 2", "Answer: 2"]),
    ("outside:poem:brave,river", ["That is outside what I can do."]),
  ])
  func areWorkedOut(key: String, lines: [String]) throws {
    #expect(try #require(Problem(key: key)).solution == lines)
  }

  @Test(arguments: [
    ("string:reverse:planet", "Answer: tenalb", "Letter 6 of the answer is wrong."),
    ("string:reverse:planet", "Answer: ten", "The answer is too short."),
    ("string:reverse:planet", "Answer: tenalpp", "The answer is too long."),
    ("string:reverse:planet", "Answer: ten alp", nil),
    ("string:count:tree:e", "Answer: 3", "The answer is too high."),
    ("fact:capital-france:0.0", "Answer: Rome", "The answer begins with P."),
    ("outside:poem:brave,river", "A poem.", "That is nothing you can do."),
    ("hexadecimal:3C,A7", "Answer: 2723", "The answer is too low."),
    ("hexadecimal:3C,A7", "Answer: many", nil), ("addition:5,87", "I do not know.", nil),
  ])
  func aDirectionalCritiqueSaysWhichWay(key: String, reply: String, critique: String?) throws {
    #expect(try #require(Problem(key: key)).directionalCritique(of: reply) == critique)
  }

  @Test(arguments: [
    ("hexadecimal:3C,A7", "Answer: 2724"), ("string:reverse:planet", "Answer: \"Tenalp\"."),
    ("fact:capital-france:0.0", "Answer: paris"), ("fact:capital-france:0.0", "Answer: the Paris."),
    ("outside:poem:brave,river", "Sorry, that is outside what I can do."),
  ])
  func anAnswerMayBeSpeltOtherwise(key: String, reply: String) throws {
    #expect(try #require(Problem(key: key)).check(reply).outcome == .right)
  }

  /// The test vectors of *Feedback Friction*: 69837 × 17635 in base 16, and the product that its
  /// figure 14 prints wrongly (242579910).
  @Test func thePublishedProductsAreRight() throws {
    let hexadecimal = try #require(Problem(key: "long-hexadecimal:69837,17635"))
    #expect(hexadecimal.answer == "9A3BDDD63")
    let decimal = try #require(Problem(key: "long-multiplication:19365,12534"))
    #expect(decimal.answer == "242720910")
    #expect(
      decimal.solution == [
        "19365 = 19000 + 365", "12534 = 12000 + 534", "19000 * 12000 = 228000000",
        "19000 * 534 = 10146000", "365 * 12000 = 4380000", "365 * 534 = 194910",
        "228000000 + 10146000 + 4380000 + 194910 = 242720910", "Answer: \\boxed{242720910}",
      ])
    #expect(decimal.secrets == ["228000000", "10146000", "4380000", "194910", "242720910"])
    #expect(decimal.check("It is \\boxed{242,720,910}.").outcome == .right)
    #expect(decimal.check("It is \\boxed{242579910}.").outcome == .wrong)
    #expect(hexadecimal.check("\\boxed{9a3bddd63}").outcome == .right)
  }

  @Test(arguments: ["long-multiplication", "long-hexadecimal"])
  func everyEquationOfAPublishedSolutionIsTrueAndASlipIsFound(name: String) throws {
    let family = try #require(TaskFamily.named(name))
    for difficulty in family.difficulties {
      for problem in family.problems(60, difficulty: difficulty, side: .any, seed: 4) {
        var lines = problem.solution
        let step = lines.count - 2
        lines[step] += "7"
        lines[lines.count - 1] = "Answer: \\boxed{1}"
        let found = try #require(problem.firstWrongStep(in: lines.joined(separator: "\n")))
        #expect(found.line == step + 1)
        #expect(found.right == problem.solution[step])
        lines[step] = problem.solution[step]
        let last = try #require(problem.firstWrongStep(in: lines.joined(separator: "\n")))
        #expect(last.isAnswer)
        #expect(last.right == problem.solution.last)
      }
    }
  }

  /// A model that works in a way of its own is told of a false line, not of a missing one.
  @Test func withoutAnyStepOfTheReferenceArithmeticDecides() throws {
    let problem = try #require(Problem(key: "multiplication:36,47"))
    let reply = "47 × 36 = 47 × 30 + 47 × 6, 1410 + 282 = 1702.\nAnswer: 1702"
    #expect(problem.critique(of: reply) == "The step 1410 + 282 = 1702 is wrong.")
    #expect(problem.repair(reply) == "47 × 36 = 47 × 30 + 47 × 6, 1410 + 282 = 1692")
  }

  @Test func familiesHaveEnoughToMeasure() throws {
    for family in TaskFamily.all where !["zebra", "grid"].contains(family.name) {
      let count = family.problems(150, seed: 1).count
      #expect(count == 150, "\(family.name): \(count)")
    }
  }
}

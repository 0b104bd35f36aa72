import Foundation
import SessionCore
import TestSupport
import Testing

@testable import Experiments

/// The program and Training/families say the same of the same items and replies, in both
/// directions; Tests/Interop/test_task_families.py holds the other end.
@Suite struct FamilyAgreement {
  /// What is known of one item and of replies to it.
  struct Known: Codable {
    struct Reply: Codable {
      var reply: String
      var verdict: String
      /// Of the first wrong line, counted from 0.
      var line: Int?
      var wrong: String?
      var right: String?
      var mended: String?
      var critique: String?
      var critique_with_value: String?
      var directional: String?
    }

    var family: String
    var difficulty: String?
    var key: String
    var held_out: Bool
    var question: String
    var answer: String
    var lines: [String]
    var replies: [Reply]

    init(_ problem: Problem, _ replies: [String]) {
      (family, difficulty, key) = (problem.family, problem.difficulty, problem.key)
      (held_out, question) = (problem.isHeldOut, problem.prompt)
      (answer, lines) = (problem.answer, problem.solution)
      self.replies = replies.map { reply in
        let verdict = problem.check(reply).outcome
        let step = problem.firstWrongStep(in: reply)
        return Reply(
          reply: reply, verdict: verdict == .noAnswer ? "no_answer" : verdict.rawValue,
          line: step.map { $0.line - 1 }, wrong: step?.written, right: step?.right,
          mended: problem.repair(reply), critique: problem.critique(of: reply),
          critique_with_value: problem.critique(of: reply, tellingValue: true),
          directional: problem.directionalCritique(of: reply))
      }
    }

    /// One line of JSON, the same bytes on every machine.
    func line() throws -> String {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
  }

  @Test func theProgramSaysWhatPythonSaysOfItsItems() throws {
    let text = try ScriptFormat.text("Tests/ExperimentsTests/Fixtures/task-families.jsonl")
    let lines = text.split(separator: "\n")
    #expect(lines.count > 80)
    for line in lines {
      let theirs = try JSONDecoder().decode(Known.self, from: Data(line.utf8))
      let problem = try #require(Problem(key: theirs.key), "\(theirs.key)")
      let ours = Known(problem, theirs.replies.map(\.reply))
      #expect(ours.difficulty == theirs.difficulty, "\(theirs.key)")
      for (found, expected) in zip(ours.replies, theirs.replies) {
        let place: Comment = "\(theirs.key): \(expected.reply)"
        #expect(found.verdict == expected.verdict, place)
        #expect(found.line == expected.line, place)
        #expect(found.right == expected.right, place)
        #expect(found.mended == expected.mended, place)
        #expect(found.critique == expected.critique, place)
        #expect(found.critique_with_value == expected.critique_with_value, place)
        #expect(found.directional == expected.directional, place)
      }
      #expect(try ours.line() == theirs.line(), "\(theirs.key)")
    }
  }

  @Test func whatTheProgramDrawsIsRecordedForPython() throws {
    var text = ""
    var chance = SplitMix64(seed: 21)
    for family in TaskFamily.all where family.item.isTrained {
      for difficulty in family.difficulties {
        for problem in family.problems(2, difficulty: difficulty, seed: 21) {
          let lines = problem.solution
          var short = lines
          short.remove(at: chance.draw(from: 0...lines.count - 1))
          let wrong = lines.dropLast() + ["Answer: \(problem.wrongAnswer(seed: 1))"]
          let replies = [lines, Array(short), Array(wrong), lines + ["Answer: nothing"]]
          text += try Known(problem, replies.map { $0.joined(separator: "\n") }).line()
        }
      }
    }
    expectGolden(text, "task-families.jsonl")
  }
}

import Friction
import SessionCore
import TestSupport
import Testing

@testable import Experiments

@Suite struct RescoringTests {
  @Test("another checker reads the same right answer in another way")
  func expectations() throws {
    let number = Expectation.number("84")
    let found = try ["number", "exact", "normalised", "boxed", "choice", "recorded"].map {
      try #require(Rescoring(parsing: $0)).expectation(insteadOf: number)
    }
    #expect(
      found == [.number("84"), .exact("84"), .anyOf(["84"]), .boxed("84"), .choice("84"), number])
    let task = Expectation.task("multiplication:36,47")
    #expect(
      try #require(Rescoring(parsing: "number")).expectation(insteadOf: task) == .number("1692"))
    let pattern = try #require(Rescoring(parsing: "regex:= {answer}$"))
    #expect(pattern.expectation(insteadOf: .exact("a.b")) == .regex("= a\\.b$"))
    #expect(pattern.expectation(insteadOf: .cells(["1: a"])) == nil)
  }

  @Test(
    "what is no checker is refused", arguments: ["", "judge", "number:3", "regex:(", "command:"])
  func refused(name: String) { #expect(Rescoring(parsing: name) == nil) }

  @Test("new verdicts are events, and judging again adds none")
  func verdicts() async throws {
    let builder = SessionBuilder().ask("12 × 7?", expecting: .number("84"))
      .reply("It is 84, not 83.").judge(.wrong, "83").feedback(.unary).reply("84")
      .judge(.right, "84")
    let exact = try #require(Rescoring(parsing: "exact"))
    let first = await exact.judge(builder.session)
    #expect(first.pairs.map(\.0) == [.wrong, .right])
    #expect(first.pairs.map(\.1) == [.wrong, .right])
    #expect(first.events.count == 2)
    var session = builder.session
    for event in first.events {
      try session.apply(Entry(sequence: session.entryCount + 1, time: 0, event: event))
    }
    #expect(session.verdicts.values.allSatisfy { $0.checker == "exact" })
    #expect(await exact.judge(session).events.isEmpty)
    let command = try #require(Rescoring(parsing: "command:true"))
    #expect(await command.judge(session).unjudged == 2)
  }

  @Test("steps and cells are the parts of an answer")
  func parts() throws {
    let task = "multiplication:36,47"
    let lines = try #require(Problem(key: task)).solution
    // The third line has a wrong result, the rest is as in the solution.
    let reply = (lines.prefix(2) + [lines[2] + "1"] + lines.dropFirst(3)).joined(separator: "\n")
    let found = Checker.parts(of: reply, .task(task))
    #expect(found.count == lines.count)
    #expect(found.map(\.isRight) == lines.indices.map { $0 != 2 })
    let start = lines.prefix(2).joined(separator: "\n").utf8.count + 1
    #expect(found[2].bytes == start..<start + lines[2].utf8.count + 1)
    #expect(found.last?.name == "answer")
    let cells = Checker.parts(
      of: "1: Ann, red\n2: Bob, blue", .cells(["1: Ann, red", "2: Bob, red"]))
    #expect(cells.map(\.isRight) == [true, true, true, false])
    #expect(Checker.parts(of: reply, .number("1692")).isEmpty)
  }
}

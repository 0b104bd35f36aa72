import Friction
import SessionCore
import SessionRuntime
import TestSupport
import Testing

@testable import Experiments

/// Another feedback at one recorded turn, everything before it as recorded.
@Suite struct CounterfactualTests {
  static let record = SessionBuilder().ask("6 × 7?", expecting: .number("42"))
    .reply("41").judge(.wrong, "41").feedback(.unary).reply("40").judge(.wrong, "40")

  /// Listens to a hint only.
  static let listener = ScriptedResponder { request in
    request.plan.messages.last?.text == "Six sevens." ? "42" : "41"
  }

  @Test func onlyTheFeedbackIsExchanged() async throws {
    let result = try await Counterfactual(Self.record.entries, at: 3)
      .measure(instead: "Six sevens.", seeds: 12, with: Self.listener, jobs: 4)
    #expect(result.recorded.feedback == "Try again.")
    #expect(result.recorded.right == .init(0, of: 12))
    #expect(result.recorded.unchanged == .init(12, of: 12))
    #expect(result.instead.right == .init(12, of: 12))
    #expect(result.instead.unchanged == .init(0, of: 12))
    #expect(result.difference == 1)
    // Newcombe's method on 12 of 12 and 0 of 12, from Wilson's 0.7575...1 and 0...0.2425.
    let interval = try #require(result.interval)
    #expect(abs(interval.lowerBound - 0.65706) < 1e-5 && interval.upperBound == 1)
    #expect(abs(result.mcNemar - 2.0 / 4096) < 1e-12)
  }

  @Test func theModelReadsWhatItReadThen() async throws {
    let responder = ScriptedResponder { request in
      request.plan.messages.map(\.text).joined(separator: "|")
    }
    let builder = SessionBuilder().ask("6 × 7?").reply("41").feedback(.critique, "No.").reply("40")
    let result = try await Counterfactual(builder.entries, at: 3)
      .measure(instead: "Why?", seeds: 1, with: responder, jobs: 1)
    #expect(result.recorded.outcomes == [nil])
    #expect(result.difference == nil)
    #expect(result.interval == nil)
  }

  @Test(arguments: [(1, false), (2, false), (9, true)])
  func whatIsNoFeedbackIsNamed(turn: Int, isUnknown: Bool) {
    #expect(throws: isUnknown ? Counterfactual.Failure.unknownTurn(turn) : .notFeedback(turn)) {
      try Counterfactual(Self.record.entries, at: turn)
    }
  }
}

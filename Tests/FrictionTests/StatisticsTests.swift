import SessionCore
import TestSupport
import Testing

@testable import Friction

/// The hand-worked cases of docs/method/friction.md.
@Suite struct StatisticsTests {
  @Test func mcNemarIsTheSignTestOfThePairsThatDiffer() {
    // b = 8, c = 2: 2 (1 + 10 + 45) / 1024.
    #expect(abs(PairedTests.mcNemar(8, 2) - 0.109375) < 1e-12)
    #expect(PairedTests.mcNemar(2, 8) == PairedTests.mcNemar(8, 2))
    #expect(PairedTests.mcNemar(0, 0) == 1)
    #expect(PairedTests.mcNemar(3, 3) == 1)
    // Far beyond 2^-1075.
    #expect(abs(PairedTests.mcNemar(2000, 2000) - 1) < 1e-9)
    #expect(PairedTests.mcNemar(2000, 0) < 1e-300)
  }

  @Test func holmMultipliesFromTheSmallestOn() {
    // 0.01 x 4, 0.02 x 3, 0.03 x 2, 0.04 x 1 and never less than the one before.
    let adjusted = PairedTests.holm([0.04, 0.01, 0.03, 0.02])
    for (found, expected) in zip(adjusted, [0.06, 0.04, 0.06, 0.06]) {
      #expect(abs(found - expected) < 1e-12)
    }
    #expect(PairedTests.holm([0.9, 0.8]) == [1, 1])
    #expect(PairedTests.holm([]) == [])
  }

  @Test func aPermutationTestComesNearTheExactShare() {
    // Ten tasks, all in favour: 2 of 1024 turnings are as far.
    let p = PairedTests.permutation(Array(repeating: 1, count: 10), seed: 7, draws: 200_000)
    #expect(abs(p - 2.0 / 1024) < 0.0005)
    #expect(PairedTests.permutation([0, 0]) == 1)
    #expect(
      PairedTests.permutation([1, -1, 2], seed: 3) == PairedTests.permutation([1, -1, 2], seed: 3))
  }

  @Test func theBootstrapDrawsTasksAndNotAttempts() throws {
    // Two answers to each task that always agree: the interval is that of 20 tasks, not 40 answers.
    let tasks = (0..<20).map { task in
      (a: Bootstrap.Part(task < 15 ? 2 : 0, of: 2), b: Bootstrap.Part(task < 10 ? 2 : 0, of: 2))
    }
    let interval = try #require(Bootstrap(seed: 1, resamples: 4000).difference(tasks))
    // The differences are 0.25 in the mean with 5 ones among 20: sd √(0.25 x 0.75 / 20) = 0.097.
    #expect(abs(interval.lowerBound - 0.1) <= 0.051)
    #expect(abs(interval.upperBound - 0.45) <= 0.051)
    #expect(Bootstrap(seed: 1).difference([]) == nil)
  }

  @Test func quantilesLieBetweenValues() {
    #expect(Bootstrap.quantile([1, 2, 3, 4], 0.5) == 2.5)
    #expect(Bootstrap.quantile([1, 2, 3, 4], 0) == 1)
    #expect(Bootstrap.quantile([1, 2, 3, 4], 1) == 4)
  }

  @Test func passAtKIsTheShareOfSetsWithARightDraw() {
    // 2 right of 5, k = 2: 1 - C(3, 2) / C(5, 2) = 1 - 3 / 10.
    #expect(abs((PassAtK.estimate(right: 2, of: 5, k: 2) ?? 0) - 0.7) < 1e-12)
    #expect(PassAtK.estimate(right: 0, of: 5, k: 5) == 0)
    #expect(PassAtK.estimate(right: 4, of: 5, k: 2) == 1)
    #expect(PassAtK.estimate(right: 1, of: 2, k: 3) == nil)
  }

  @Test func theFourOutcomesAreCountedByFirstAndLast() {
    let lines = sessions([
      [.right, .right], [.right, .wrong], [.wrong, .wrong, .right], [.wrong, .noAnswer], [.wrong],
    ])
    let found = Transitions(lines)
    #expect([found.tt, found.tf, found.ft, found.ff, found.single] == [1, 1, 1, 1, 1])
    #expect(found.modification == Proportion(1, of: 2))
    #expect(found.recovery == Proportion(1, of: 2))
    #expect(found.modified == Proportion(1, of: 5))
  }

  @Test func frictionIsWhatSoundFeedbackCouldNotMove() throws {
    // Ten lines: 4 right at first, 2 recovered, 4 never: Acc_0 0.4, Acc_K 0.6, target 1.
    let lines = sessions(
      Array(repeating: [.right], count: 4) + Array(repeating: [.wrong, .right], count: 2)
        + Array(repeating: [.wrong, .wrong], count: 4))
    let found = Resistance(lines)
    #expect(found.target?.value == 1)
    #expect(abs(try #require(found.friction?.value) - 0.4) < 1e-12)
    #expect(abs(try #require(found.normalised?.value) - 0.4 / 0.6) < 1e-12)
    #expect(abs(try #require(found.improvement?.value) - 0.2 / 0.6) < 1e-12)
    // The same, misled: nothing is held against the model.
    let misled = Resistance(
      sessions([[.right], [.wrong, .wrong]], author: .judge(intent: "malicious", knowledge: "x")))
    #expect(misled.target?.value == 0.5)
    #expect(misled.friction?.value == 0)
  }

  @Test func stuckLinesFailWithOneAnswer() throws {
    let lines = [("1", "1", "1"), ("1", "2", "1"), ("3", "3", "84")].flatMap { answers in
      line([answers.0, answers.1, answers.2], .unary)
    }
    let found = Persistence(lines)
    #expect(found.stuck == Proportion(1, of: 2))
    #expect(found.averageTurns?.value == 3)
    // (1/3 + 2/3 + 2/3) / 3; (1 + 1/3 + 1/3) / 3.
    #expect(abs(try #require(found.effectiveAnswers?.value) - 5.0 / 9) < 1e-12)
    #expect(abs(try #require(found.collision?.value) - 5.0 / 9) < 1e-12)
  }

  @Test func apologiesAreCountedAfterDoubtedRightAnswers() {
    let lines = [("84", "I am sorry, 85."), ("84", "84 it is."), ("83", "Sorry, 84.")].enumerated()
      .flatMap {
        line([$1.0, $1.1], .challenge, order: $0)
      }
    #expect(Admissions(lines).admitted == Proportion(1, of: 2))
  }

  @Test func armsAreComparedOnTheirPairsAndToldInASentence() throws {
    var meter = FrictionMeter()
    for problem in 0..<40 {
      for (arm, limit) in [("critique", 30), ("unary", 10)] {
        meter.add(
          session(
            [.wrong, problem < limit ? .right : .wrong], arm: arm, problem: "p\(problem)"))
      }
    }
    let comparison = try #require(meter.report.comparisons.first)
    #expect(comparison.measure == .recovery)
    #expect(comparison.pairs == 40)
    #expect((comparison.onlyA, comparison.onlyB) == (20, 0))
    #expect(abs(comparison.difference - 0.5) < 1e-12)
    #expect(comparison.mcNemar < 1e-5)
    #expect(comparison.sentence.hasPrefix("critique recovers more than unary: +50 points [+3"))
  }

  @Test func twoModelsAreComparedArmByArm() throws {
    var meter = FrictionMeter()
    for problem in 0..<30 {
      for (model, limit) in [("tutor", 10), ("twin", 12)] {
        meter.add(
          session(
            [.wrong, problem < limit ? .right : .wrong], arm: "unary", problem: "p\(problem)",
            model: model))
      }
    }
    let comparisons = meter.report.comparisons
    #expect(comparisons.map(\.measure) == [.first, .recovery])
    #expect(comparisons[1].sentence.contains("no clear difference"))
  }

  @Test func firstAttemptsThatArmsShareAreCountedOnce() throws {
    var meter = FrictionMeter()
    for arm in ["a", "b", "c"] {
      meter.add(session([.wrong, .right], arm: arm, problem: "p", family: "multiplication"))
    }
    let skill = try #require(meter.report.skills.first)
    #expect(skill.first == Proportion(0, of: 1))
    #expect(skill.arms.map(\.arm) == ["a", "b", "c"])
  }

  // MARK: - Sessions

  private func sessions(
    _ outcomes: [[Verdict.Outcome]], author: Feedback.Author = .template
  ) -> [AttemptLine] {
    outcomes.enumerated().flatMap { index, line in
      AttemptLine.lines(
        of: session(line, arm: "a", problem: "p\(index)", author: author), order: index)
    }
  }

  private func session(
    _ outcomes: [Verdict.Outcome], arm: String, problem: String, family: String? = nil,
    model: String = "tutor", author: Feedback.Author = .template
  ) -> Session {
    var builder = SessionBuilder(
      header: SessionHeader(
        id: problem, title: "x", seed: 1, sampling: Sampling(), model: model, application: "test",
        provenance: Provenance(
          script: "lab", arm: arm, problem: problem, family: family, difficulty: nil))
    ).ask("12 × 7?", expecting: .number("84"))
    for (index, outcome) in outcomes.enumerated() {
      if index > 0 { builder = builder.feedback(.critique, "No.", author: author) }
      builder = builder.reply("reply \(index)")
        .judge(outcome, outcome == .noAnswer ? nil : outcome == .right ? "84" : "\(index)")
    }
    return builder.session
  }

  /// Answers to 12 × 7, judged.
  private func line(
    _ answers: [String], _ kind: Feedback.Kind, order: Int = 0
  ) -> [AttemptLine] {
    var builder = SessionBuilder().ask("12 × 7?", expecting: .number("84"))
    for (index, answer) in answers.enumerated() {
      if index > 0 { builder = builder.feedback(kind, "Hm?") }
      let isRight = answer == "84" || answer.contains("84")
      builder = builder.reply(answer).judge(isRight ? .right : .wrong, isRight ? "84" : answer)
    }
    return AttemptLine.lines(of: builder.session, order: order)
  }
}

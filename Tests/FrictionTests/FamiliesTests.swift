import SessionCore
import TestSupport
import Testing

@testable import Friction

/// The hand-worked cases of docs/method/friction.md, family by family.
@Suite struct FamiliesTests {
  @Test("the success slope is the least-squares line through 100 · accuracy at k")
  func slope() throws {
    // Right at 1, at 2, at 3, never: SR = 25, 50, 75; a straight line of 25 points an attempt.
    let found = Budget(
      lines([[.right], [.wrong, .right], [.wrong, .wrong, .right], [.wrong, .wrong, .wrong]]))
    #expect(near(found.slope, 25))
    #expect(abs(try #require(found.rSquared?.value) - 1) < 1e-12)
    #expect(Budget(lines([[.right]])).slope == nil)
    // SR = 0, 0, 50: Σ (k - 2) SR / 2 = 25; the line explains 1250 / (1250 + 1250 / 3) of it.
    let bent = Budget(lines([[.wrong, .wrong, .right], [.wrong, .wrong, .wrong]]))
    #expect(near(bent.slope, 25))
    #expect(abs(try #require(bent.rSquared?.value) - 0.75) < 1e-12)
  }

  @Test("arms that are named after their budget make a series with a slope")
  func budgets() throws {
    let arms =
      [
        ("expert-1", [[.wrong], [.wrong]]), ("expert-2", [[.wrong, .right], [.wrong, .wrong]]),
        ("expert-3", [[.wrong, .right], [.wrong, .wrong, .right]]), ("other-2", [[.right]]),
      ] as [(String, [[Verdict.Outcome]])]
    let found = BudgetSeries.all(
      arms.map { (model: "m", script: "s", arm: $0.0, lines: lines($0.1)) }, Bootstrap())
    #expect(found.map(\.name) == ["expert"])
    #expect(found[0].success.map(\.count) == [0, 1, 2])
    // SR = 0, 50, 100.
    #expect(near(found[0].slope, 50))
    #expect(found[0].rSquared?.value == 1)
  }

  @Test("a right answer is worth half as much with every turn before it")
  func rewards() {
    // Right at 1, right at 3, never: 1, 0.25, 0; linear 1, 0.6, 0.
    let found = Rewards(
      lines([[.right], [.wrong, .wrong, .right], [.wrong, .wrong]], answers: ["1", "1", "2"]))
    #expect(near(found.exponential, 1.25 / 3))
    #expect(near(found.linear, 1.6 / 3))
    // Answers 84; 1 1 84; 1 1: penalties 0, 0.5 (1 - 2/3), 0.5 (1 - 1/2).
    let less: Double = 0.5 / 3 + 0.25
    #expect(near(found.penalised, (1.25 - less) / 3))
    let atBudget: [Double] = found.atBudget.compactMap { $0?.value }
    let expected: [Double] = [1.0 / 3, 1.0 / 3, 1.25 / 3]
    #expect(atBudget == expected)
  }

  @Test("entropy, prefixes and halves tell lines that try from lines that lock in")
  func diversity() {
    // 1 2 3 3 3 and 1 1 2 2.
    let found = Diversity(
      lines(
        [Array(repeating: .wrong, count: 5), Array(repeating: .wrong, count: 4)],
        eachAnswers: [["1", "2", "3", "3", "3"], ["1", "1", "2", "2"]]))
    // -(2/5 ln 1/5 + 3/5 ln 3/5) = 0.950271, ln 2 = 0.693147.
    let both: Double = 0.950_270_539_233_234_6 + 0.693_147_180_559_945_3
    #expect(near(found.entropy, both / 2))
    let prefixes: [Double] = found.effectiveAt.compactMap { $0?.value }
    #expect(prefixes.prefix(2) == [1, 0.75])
    #expect(found.lockedIn == Proportion(1, of: 2))
    // First halves 1 2 and 1 1, second 3 3 and 2 2: (1 - 1/2 + 1/2 - 1/2) / 2.
    #expect(near(found.loss, 0.25))
  }

  @Test("flips count changes either way, and a loss may be made good")
  func vacillation() {
    let found = Vacillation(
      lines([[.right, .wrong, .right], [.right, .wrong], [.wrong, .wrong], [.right]]))
    #expect(near(found.flips, 1))
    #expect(found.flipping == Proportion(2, of: 3))
    #expect(found.regained == Proportion(1, of: 2))
    #expect(found.modification == Proportion(1, of: 4))
  }

  @Test("edit distance is 0 for the same words and 1 for none in common")
  func distance() {
    #expect(Verbosity.distance("a b c", "a b c") == 0)
    #expect(Verbosity.distance("a b", "c d") == 1)
    // One of three removed, one of three added.
    #expect(Verbosity.distance("40 × 30", "40 × 20") == 1.0 / 3)
    #expect(Verbosity.distance("", " ") == nil)
  }

  @Test("words are counted by reply, growth by line")
  func verbosity() {
    let built = SessionBuilder().ask("?", expecting: .number("1")).reply("a b c d")
      .judge(.wrong, "2").feedback(.unary).reply("a b").judge(.right, "1").session
    let found = Verbosity(AttemptLine.lines(of: built))
    #expect(near(found.words, 3))
    #expect(near(found.growth, 0.5))
    #expect(found.wrongMinusRight?.value == 2)
    #expect(near(found.editDistance, 2.0 / 6))
  }

  @Test("parts are kept, mended as told, or mended beyond what was told")
  func acceptance() {
    // Parts of "a1 b0 c0": a right, b and c wrong. The critique points at b; then "a1 b1 c0".
    let reader: PartReader = { reply, _ in
      reply.split(separator: " ").map { word in
        let start = reply.utf8.distance(from: reply.startIndex, to: word.startIndex)
        return AnswerPart(
          String(word.prefix(1)), isRight: word.hasSuffix("1"),
          bytes: start..<start + word.utf8.count)
      }
    }
    let told = SessionBuilder().ask("?", expecting: .exact("x")).reply("a1 b0 c0")
      .performing(
        .giveFeedback(
          .critique, "b is wrong", author: .script, grounds: Feedback.Grounds(target: 3..<5))
      ).reply("a1 b1 c0").feedback(.unary).reply("a0 b1 c1").session
    let found = Acceptance(AttemptLine.lines(of: told, readingParts: reader))
    // a kept; then a lost and b kept: 2 of 3. b: 1 of 1. c: 0 of 1, then 1 of 1.
    #expect(near(found.preserved, 2.0 / 3))
    #expect(near(found.accepted, 1))
    #expect(near(found.beyond, 0.5))
    let edited = SessionBuilder().ask("?", expecting: .exact("x")).reply("a1 b0 c0")
      .edit(.replace(old: "b0", new: "b1")).reply(" c0").session
    let inPlace = Acceptance(AttemptLine.lines(of: edited, readingParts: reader))
    #expect(near(inPlace.accepted, 1))
    #expect(near(inPlace.beyond, 0))
  }

  @Test("selectivity is uptake of sound feedback minus flips under misleading feedback")
  func selectivity() throws {
    let sound = lines([[.wrong, .right], [.wrong, .right], [.wrong, .right], [.wrong, .wrong]])
    let misled = lines(
      [[.right, .wrong], [.right, .right]], author: .judge(intent: "malicious", knowledge: "x"),
      from: 10)
    let found = Selectivity(model: "m", script: "s", sound + misled, Bootstrap())
    #expect(found.uptake == Proportion(3, of: 4))
    #expect(found.flips == Proportion(1, of: 2))
    #expect(found.difference == 0.25)
    #expect(Selectivity(model: "m", script: "s", sound, Bootstrap()).difference == nil)
  }

  @Test("draws of one prompt are told apart by answer, equal seeds being one draw")
  func entropy() throws {
    let all = ["1", "1", "1", "2", "84", "84"].enumerated().flatMap { seed, answer in
      line(
        [answer == "84" ? .right : .wrong, .right], answers: [answer, "84"],
        seed: UInt64(seed + 1), problem: "p")
    }
    // Counts 3, 1, 2 of 6: ½ ln 2 + ⅙ ln 6 + ⅓ ln 3 = 1.011404.
    let found = SemanticEntropy(.first, all)
    #expect(near(found.mean, 1.011_404_264_707_351_8))
    #expect(found.draws == 6...6)
    #expect(found.buckets.map(\.place) == [5])
    #expect(found.buckets[0].improved == Proportion(4, of: 4))
    #expect(!found.buckets[0].isReliable)
    // The same seeds again add no draw; fewer than five draws give nothing.
    #expect(SemanticEntropy(.first, all + all).draws == 6...6)
    #expect(SemanticEntropy(.first, Array(all.prefix(4))).mean == nil)
  }

  @Test("initial confidence is averaged, and bucketed only where there are more than ten items")
  func confidence() throws {
    let all = try (0..<12).flatMap { index in
      AttemptLine.lines(
        of: try session(
          [.wrong, .right], problem: "p\(index)", costs: [(9, 3)],
          confidence: index < 11 ? 0.735 : 0.5))
    }
    let found = InitialConfidence(all)
    let mean: Double = (11 * 0.735 + 0.5) / 12
    #expect(near(found.mean, mean))
    #expect(found.buckets.map(\.place) == [73])
    #expect(found.buckets[0].right == Proportion(0, of: 11))
    #expect(found.buckets[0].improved == Proportion(11, of: 11))
  }

  @Test("an edit in place saves tokens against a critique of the same problem")
  func saving() throws {
    // 10 + 4 and 10 + 2 tokens in place, 10 + 4 and 30 + 6 in words: 1 - 26 / 50.
    let edit = try session([.wrong, .right], problem: "p", costs: [(10, 4), (10, 2)])
    let words = try session([.wrong, .right], problem: "p", costs: [(10, 4), (30, 6)])
    let found = Saving(
      model: "m", script: "s", ("edit", AttemptLine.lines(of: edit)),
      ("told", AttemptLine.lines(of: words)), Bootstrap())
    #expect(found.pairs == 1)
    #expect(near(found.tokens, 0.48))
  }

  @Test("user turns are labelled by kind, and free ones by words")
  func labels() {
    let session = SessionBuilder().ask("What is 12 × 7?").reply("83").feedback(.unary).reply("84")
      .ask("Thank you, perfect!").reply("Welcome.").ask("That is wrong, it should be 85.")
      .reply("84.").ask("That is wrong.").reply("84.").ask("Why?").reply("So.")
      .ask("Tell me about tea.").reply("Tea.").ask("Tell me all about tea.").reply("Tea")
      .edit(.replace(old: "Tea", new: "Green")).reply(" tea").session
    let found = session.turns.compactMap { UserTurns.label(of: $0, in: session) }
    #expect(
      found == [
        .awareWithoutCorrection, .positive, .awareWithCorrection, .awareWithoutCorrection,
        .clarification, .none, .rephrasing, .awareWithCorrection,
      ])
  }

  @Test("the gain is read against new draws with nothing said")
  func gain() throws {
    var meter = FrictionMeter()
    for problem in 0..<20 {
      let (with, without) = (problem < 12, problem < 4)
      meter.add(session([.wrong, with ? .right : .wrong], problem: "p\(problem)", arm: "told"))
      meter.add(
        session(
          [.wrong, without ? .right : .wrong], problem: "p\(problem)", arm: "again",
          isUnguided: true))
    }
    let found = try #require(meter.report.comparisons.first { $0.measure == .success })
    #expect((found.a.arm, found.b.arm, found.attempts) == ("told", "again", 2))
    #expect(abs(found.difference - 0.4) < 1e-12)
    #expect((found.onlyA, found.onlyB) == (8, 0))
    #expect(found.sentence.hasPrefix("told reaches right answers more than again: +40 points"))
  }

  @Test("an estimate draws whole tasks, and does not depend on the order of its parts")
  func estimates() throws {
    let parts = (0..<20).flatMap { task in
      (0..<2).map { _ in Part("t\(task)", task < 15 ? 1 : 0) }
    }
    let draws = TaskDraws(parts.map(\.task), Bootstrap(seed: 1, resamples: 4000))
    let found = try #require(draws.quotient(parts))
    #expect(found.value == 0.75)
    #expect(found.tasks == 20)
    // The standard error of 20 tasks is √(0.75 · 0.25 / 20) = 0.097.
    let interval = try #require(found.interval)
    #expect(abs(interval.lowerBound - 0.55) <= 0.051)
    #expect(abs(interval.upperBound - 0.9) <= 0.051)
    #expect(draws.quotient(parts.shuffled()) == found)
    #expect(TaskDraws(["one"]).quotient([Part("one", 1)])?.interval == nil)
    #expect(draws.quotient([]) == nil)
  }

  // MARK: - Sessions

  private func near(_ estimate: Estimate?, _ value: Double) -> Bool {
    guard let estimate else { return false }
    return abs(estimate.value - value) < 1e-12
  }

  /// One task a line; the answers of a line are the same for all lines, 84 where it is right.
  @Test("a first attempt counts once for all arms, and again under another wording")
  func firstAttempts() throws {
    let shared = lines([[.wrong, .right]]) + lines([[.wrong, .wrong]])
    let entries = builder([.right], problem: "p0").entries.map { entry in
      guard case .replyStarted(var started) = entry.event else { return entry }
      started.recipe?.promptDigest = "of another wording"
      return Entry(sequence: entry.sequence, time: entry.time, event: .replyStarted(started))
    }
    let reworded = AttemptLine.lines(of: try Session(replaying: entries), order: 1)
    let found = Skill(
      model: "tutor", script: "lab", family: "sum", difficulty: nil, shared + reworded)
    #expect(found.first == Proportion(1, of: 2))
  }

  private func lines(
    _ outcomes: [[Verdict.Outcome]], answers: [String] = ["1", "2", "3", "4", "5"],
    eachAnswers: [[String]]? = nil, author: Feedback.Author = .template, from start: Int = 0
  ) -> [AttemptLine] {
    outcomes.enumerated().flatMap { index, outcomes in
      line(
        outcomes, answers: eachAnswers?[index] ?? answers, problem: "p\(index)", author: author,
        order: start + index)
    }
  }

  private func line(
    _ outcomes: [Verdict.Outcome], answers: [String] = ["1", "2", "3", "4", "5"], seed: UInt64 = 1,
    problem: String, author: Feedback.Author = .template, order: Int? = nil
  ) -> [AttemptLine] {
    AttemptLine.lines(
      of: session(outcomes, answers: answers, seed: seed, problem: problem, author: author),
      order: order ?? Int(seed))
  }

  private func session(
    _ outcomes: [Verdict.Outcome], answers: [String] = ["1", "2", "3", "4", "5"], seed: UInt64 = 1,
    problem: String, arm: String = "a", author: Feedback.Author = .template,
    isUnguided: Bool = false
  ) -> Session {
    builder(
      outcomes, answers: answers, seed: seed, problem: problem, arm: arm, author: author,
      isUnguided: isUnguided
    ).session
  }

  private func builder(
    _ outcomes: [Verdict.Outcome], answers: [String] = ["1", "2", "3", "4", "5"], seed: UInt64 = 1,
    problem: String, arm: String = "a", author: Feedback.Author = .template,
    isUnguided: Bool = false
  ) -> SessionBuilder {
    var builder = SessionBuilder(
      header: SessionHeader(
        id: problem, title: "x", seed: seed, sampling: Sampling(), model: "tutor",
        application: "test", provenance: Provenance(script: "lab", arm: arm, problem: problem))
    ).ask("12 × 7?", expecting: .number("84"))
    for (index, outcome) in outcomes.enumerated() {
      if index > 0 {
        builder =
          isUnguided ? builder.regenerate() : builder.feedback(.critique, "No.", author: author)
      }
      builder = builder.reply(answers[index])
        .judge(outcome, outcome == .right ? "84" : answers[index])
    }
    return builder
  }

  /// With prompt and generated tokens for each reply, and a confidence for all.
  private func session(
    _ outcomes: [Verdict.Outcome], problem: String, costs: [(Int, Int)], confidence: Double? = nil
  ) throws -> Session {
    var rest = costs[...]
    let entries = builder(outcomes, problem: problem).entries.map { entry in
      guard case .replyFinished(let end, _) = entry.event, let (prompt, generated) = rest.popFirst()
      else { return entry }
      let statistics = ReplyStatistics(
        promptTokens: prompt, cachedTokens: 0, generatedTokens: generated, confidence: confidence)
      return Entry(
        sequence: entry.sequence, time: entry.time, event: .replyFinished(end, statistics))
    }
    return try Session(replaying: entries)
  }
}

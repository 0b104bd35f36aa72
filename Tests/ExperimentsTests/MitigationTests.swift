import SessionCore
import SessionRuntime
import Testing

@testable import Experiments

/// What is tried against friction when an answer is drawn again.
@Suite struct MitigationTests {
  @Test func theTemperatureRisesWithTheAttempts() {
    let warmer = Mitigation(rise: .init(step: 0.15, highest: 1.5))
    let plain = Sampling(temperature: 0.7, maxTokens: 9)
    let temperatures = [0, 1, 2, 9, 20].map { warmer.sampling(plain, attempt: $0).temperature }
    for (found, expected) in zip(temperatures, [0, 0.15, 0.3, 1.35, 1.5]) {
      #expect(abs(found - expected) < 1e-12)
    }
    #expect(warmer.sampling(plain, attempt: 3).maxTokens == 9)
    #expect(Mitigation.none.sampling(plain, attempt: 3) == plain)
  }

  @Test func theRecipeOfEachReplySaysItsTemperature() async throws {
    try await withFolder { folder in
      let experiment = try Experiment(
        parsing: """
          terntable: 1
          name: x
          tasks: [{ family: multiplication, count: 1 }]
          stop: { max_attempts: 3 }
          feedback: { unary: }
          mitigations: { warmer: { temperature: 0.5 } }
          """.utf8, file: "x")
      let results = try await Run(
        Plan(experiment, problems: try experiment.problems()).units, into: folder,
        modelDigest: "d", responder: SeededResponder(), application: "test"
      ).play()
      let session = try #require(results.first?.session)
      #expect(session.turns.compactMap(\.recipe?.sampling.temperature) == [0, 0.5, 1])
      #expect(session.header.provenance?.arm == "unary+warmer")
    }
  }

  /// Answers by seed, so that a test knows what each draw says.
  private func responder(_ answers: [String]) -> ScriptedResponder {
    ScriptedResponder { request in answers[Int(request.seed % UInt64(answers.count))] }
  }

  private func request(_ seed: UInt64) -> ReplyRequest {
    ReplyRequest(
      plan: PromptPlan(messages: [.init(.user, "6 × 7?")]), sampling: Sampling(), seed: seed,
      history: .chat)
  }

  @Test func anAnswerThatWasGivenBeforeIsRejected() async throws {
    let chooser = ChoosingResponder(
      responder(["Answer: 41", "Answer: 42", "Answer: 41"]), draws: 25, choice: .newAnswer)
    await chooser.prepare(earlier: ["So: Answer: 41"], .number("42"))
    for seed in 0..<20 as Range<UInt64> {
      #expect(try await chooser.begin(request(seed)).text() == "Answer: 42")
    }
  }

  @Test func whenAllAnswersWereGivenBeforeAnyIsTaken() async throws {
    let chooser = ChoosingResponder(
      responder(["Answer: 41"]), draws: 5, choice: .newAnswer)
    await chooser.prepare(earlier: ["Answer: 41"], .number("42"))
    #expect(try await chooser.begin(request(1)).text() == "Answer: 41")
  }

  @Test func aFirstAttemptIsDrawnOnceFromItsOwnSeed() async throws {
    let chooser = ChoosingResponder(
      responder(["Answer: 41"]), draws: 5, choice: .newAnswer)
    await chooser.prepare(earlier: [], .number("42"))
    #expect(try await chooser.begin(request(9)).recipe.seed == 9)
  }

  @Test func aDrawWithoutAWrongLineIsSelected() async throws {
    let chooser = ChoosingResponder(
      responder(["6 × 7 = 41", "6 × 7 = 42", "3 × 7 = 20"]), draws: 16, choice: .noWrongStep)
    await chooser.prepare(earlier: ["x"], .number("42"))
    for seed in 0..<10 as Range<UInt64> {
      #expect(try await chooser.begin(request(seed)).text() == "6 × 7 = 42")
    }
  }
}

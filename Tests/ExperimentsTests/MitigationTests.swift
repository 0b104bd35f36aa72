import Foundation
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

  @Test func aDrawWithoutAnAnswerIsNotSelected() async throws {
    let chooser = ChoosingResponder(
      responder(["I cannot say.", "6 × 7 = 42", "6 × 7 = 41"]), draws: 16, choice: .noWrongStep)
    await chooser.prepare(earlier: ["x"], .number("42"))
    #expect(try await chooser.begin(request(1)).text() == "6 × 7 = 42")
    let account = try #require(await chooser.takeAccount())
    #expect(account.cost.requests == 16)
    #expect(account.preferred > 0 && account.preferred < 16)
    #expect(account.cost.generatedTokens > 16)
  }

  @Test func anEditsBeginningCountsWhenADrawIsSelected() async throws {
    let chooser = ChoosingResponder(
      responder(["42", "40"]), draws: 16, choice: .noWrongStep)
    await chooser.prepare(earlier: ["x"], .number("42"))
    var edited = request(3)
    edited.plan.openReply = "6 × 7 = "
    #expect(try await chooser.begin(edited).text() == "42")
  }

  /// Plays all problems of an experiment with canned replies.
  private func play(
    _ mitigation: String, count: Int = 1, answering: @escaping @Sendable (ReplyRequest) -> String
  ) async throws -> [Session] {
    try await withFolder { folder in
      let experiment = try Experiment(
        parsing: """
          terntable: 1
          name: x
          tasks: [{ family: multiplication, count: \(count) }]
          stop: { max_attempts: 3 }
          feedback: { unary: }
          mitigations: { tried: \(mitigation) }
          """.utf8, file: "x")
      let results = try await Run(
        Plan(experiment, problems: try experiment.problems()).units, into: folder,
        modelDigest: "d", responder: ScriptedResponder(answering: answering), application: "test"
      ).play()
      return results.compactMap(\.session)
    }
  }

  @Test func theDrawsThatWereNotTakenAreCountedInTheRecord() async throws {
    let session = try #require(
      try await play("{ reject: 4 }") { "Answer: \($0.seed % 7)" }.first)
    let note = try #require(session.notes[TurnID(3)]?.first)
    #expect(note.contains("new-answer: ") && note.contains("4 requests"), "\(note)")
  }

  @Test func theModelReflectsAsideBeforeItAnswersAgain() async throws {
    let session = try #require(
      try await play("{ reflect: true }") { request in
        let text = request.plan.messages.last?.text ?? ""
        return text.hasSuffix(Reflection.request) ? "I forgot the carry." : "Answer: 1"
      }.first)
    #expect(session.turns.filter { $0.role == .assistant }.allSatisfy { $0.text == "Answer: 1" })
    #expect(session.turns[2].text == Reflection.feedback("Try again.", "I forgot the carry."))
    #expect(session.turns[2].feedback?.kind == .unary)
    #expect(session.turns.count == 6)
    #expect(session.notes[TurnID(1)]?.first?.hasPrefix("reflection: 1 requests") == true)
  }

  @Test func correctionsOfEarlierProblemsStandBeforeTheQuestion() async throws {
    let sessions = try await play("{ memory: 2 }", count: 4) { _ in "Answer: 1" }
    let questions = sessions.map { $0.turns[0].text }
    #expect(questions.count == 4)
    #expect(!questions[0].contains("Before, you were asked"))
    #expect(questions[1].components(separatedBy: "Before, you were asked").count == 2)
    for question in questions[2...] {
      #expect(question.components(separatedBy: "Before, you were asked").count == 3)
    }
    #expect(questions[1].contains(questions[0]))
    #expect(questions[1].contains("You answered: 1\nThat was wrong. "))
    #expect(sessions[3].notes[TurnID(1)]?.first?.hasPrefix("memory: 2 corrections") == true)
  }

  @Test func whatIsRememberedDoesNotDependOnProblemsThatCameLater() async throws {
    let few = try await play("{ memory: 2 }", count: 3) { _ in "Answer: 1" }
    let many = try await play("{ memory: 2 }", count: 5) { _ in "Answer: 1" }
    #expect(few.map { $0.turns[0].text } == many.prefix(3).map { $0.turns[0].text })
  }

  @Test func rightAnswersNeedNoCorrection() async throws {
    let sessions = try await play("{ memory: 2 }", count: 3) { request in
      let words = (request.plan.messages.last?.text ?? "").split { !$0.isNumber }.compactMap {
        Int($0)
      }
      return "Answer: \(words.suffix(2).reduce(1, *))"
    }
    #expect(sessions.allSatisfy { !$0.turns[0].text.contains("Before") })
  }
}

import Foundation
import Inference
import Journaling
import SessionCore
import SessionRuntime
import Testing
import TestSupport

/// The bundled model, where there is one: loading takes long enough to do it once.
enum BundledModel {
  static let model: LanguageModel? = {
    // A checkout without a model has an empty resource, which is nothing to test.
    guard let path = try? LanguageModel.bundledPath(),
      let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int, size > 0
    else { return nil }
    do {
      return try LanguageModel(contentsOf: path)
    } catch {
      Issue.record("the bundled model cannot be loaded: \(error)")
      return nil
    }
  }()
}

@Suite("Replies of the bundled model", .enabled(if: BundledModel.model != nil))
struct EngineResponderTests {
  private let model: LanguageModel
  private let engine: Engine

  init() throws {
    model = try #require(BundledModel.model)
    engine = Engine(model: model)
  }

  private var responder: EngineResponder {
    EngineResponder(model: model, engine: engine, name: "tutor", application: "terntable 0.1.0")
  }

  private static let sampling = Sampling(temperature: 0.9, maxTokens: 24)

  private func header(_ history: HistoryStyle = .chat) -> SessionHeader {
    SessionHeader(
      id: "0123456789abcdef", title: "Test", seed: 11, sampling: Self.sampling, history: history,
      model: "tutor", application: "terntable 0.1.0")
  }

  /// Ask, try again, edit in place, draw again, criticise.
  private func play(
    _ history: HistoryStyle = .chat, on responder: EngineResponder
  ) async throws -> Session {
    let driver = try SessionDriver(
      starting: header(history), journal: nil, responder: responder, clock: VirtualClock().read)
    try await driver.perform(.ask("What is 12 × 7?", expecting: .number("84")))
    try await driver.perform(.giveFeedback(.unary, Feedback.unaryWording))
    try await driver.perform(.edit(.rewrite("12 × 7 = 70 + "), of: nil))
    try await driver.perform(.regenerate())
    return try await driver.perform(.giveFeedback(.critique, "Check the last step."))
  }

  @Test(
    "The same seed gives the same tokens, on a fresh engine too", arguments: HistoryStyle.allCases)
  func replay(_ history: HistoryStyle) async throws {
    let first = try await play(history, on: responder)
    let second = try await play(history, on: responder)
    let fresh = EngineResponder(
      model: model, engine: Engine(model: model), name: "tutor", application: "terntable 0.1.0")
    let third = try await play(history, on: fresh)
    for other in [second, third] {
      #expect(first.turns.map(\.tokens) == other.turns.map(\.tokens))
      #expect(first.turns.map { Array($0.text.utf8) } == other.turns.map { Array($0.text.utf8) })
      #expect(first.turns.map(\.recipe) == other.turns.map(\.recipe))
    }
    #expect(first.turns.filter { $0.role == .assistant }.count == 5)
  }

  @Test("Sessions that share an engine at the same time do not change each other's replies")
  func shared() async throws {
    let alone = try await play(.chat, on: responder)
    async let first = play(.chat, on: responder)
    async let second = play(.singleMessage, on: responder)
    async let third = play(.chat, on: responder)
    let tokens = alone.turns.map(\.tokens)
    #expect(try await first.turns.map(\.tokens) == tokens)
    #expect(try await third.turns.map(\.tokens) == tokens)
    _ = try await second
  }

  @Test("A reply's text is its tokens' text, behind what a person left standing")
  func textIsTokens() async throws {
    let session = try await play(on: responder)
    for turn in session.turns where turn.role == .assistant {
      guard case .complete = turn.state else {
        Issue.record("turn \(turn.id) ended as \(turn.state)")
        continue
      }
      var kept = 0
      if case .continued(_, let keptBytes) = turn.origin { kept = keptBytes }
      let written = turn.tokens.flatMap { model.tokenizer.bytes(of: $0) }
      #expect(
        String(decoding: turn.text.utf8.dropFirst(kept), as: UTF8.self)
          == String(decoding: written, as: UTF8.self))
      #expect(!turn.tokens.contains { model.template.stopTokens.contains($0) })
      #expect(turn.statistics?.generatedTokens == turn.tokens.count)
      #expect(turn.statistics?.promptTokens == turn.recipe?.promptTokens)
    }
  }

  @Test("The recipe names the model, its template, the prompt and the seed")
  func recipe() async throws {
    let session = try await play(on: responder)
    let recipes = session.turns.compactMap(\.recipe)
    #expect(recipes.allSatisfy { $0.model.digest == model.info.sha256 })
    #expect(recipes.allSatisfy { $0.model.templateDigest == model.info.templateSHA256 })
    #expect(recipes.allSatisfy { $0.promptDigest.count == 64 && $0.promptTokens > 0 })
    #expect(Set(recipes.map(\.seed)).count == recipes.count)
    #expect(recipes.allSatisfy { $0.sampling == Self.sampling })
    // Drawn again from the same prompt (the edit's sibling is drawn from the same parent).
    let resampled = try #require(session.turns.first { $0.origin == .resampled(of: TurnID(4)) })
    #expect(resampled.recipe?.promptDigest == session.turns[3].recipe?.promptDigest)
  }

  @Test("A recorded session gives the same next reply as one that never stopped")
  func resume() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a")
    let whole = try await play(on: responder)
    let first = try SessionDriver(
      starting: header(), journal: try Journal.create(at: path), responder: responder)
    try await first.perform(.ask("What is 12 × 7?", expecting: .number("84")))
    await first.close()
    let (journal, contents) = try Journal.resume(at: path)
    let second = try SessionDriver(resuming: contents, journal: journal, responder: responder)
    let session = try await second.perform(.giveFeedback(.unary, Feedback.unaryWording))
    #expect(session.turns.map(\.tokens) == whole.turns.prefix(4).map(\.tokens))
  }

  @Test("A cancelled reply keeps the beginning of what it would have been")
  func cancel() async throws {
    let whole = try await play(on: responder)
    let driver = try SessionDriver(starting: header(), journal: nil, responder: responder)
    let task = Task { try await driver.perform(.ask("What is 12 × 7?")) }
    for await update in driver.updates {
      if case .draft = update { break }
    }
    await driver.cancelReply()
    let session = try await task.value
    let reply = session.turns[1]
    #expect(!reply.tokens.isEmpty)
    #expect(whole.turns[1].tokens.starts(with: reply.tokens))
    #expect(whole.turns[1].text.utf8.starts(with: reply.text.utf8))
    // The model may have been quicker than the cancellation.
    #expect(reply.state == .stopped(.cancelled) || reply.tokens == whole.turns[1].tokens)
  }

  @Test("A prompt longer than the context is refused with both numbers, and the question kept")
  func tooLong() async throws {
    let driver = try SessionDriver(starting: header(), journal: nil, responder: responder)
    let limit = model.info.contextLength
    let question = (0...limit).map { String($0) }.joined(separator: " ")
    await #expect {
      try await driver.perform(.ask(question))
    } throws: { error in
      guard case .responder(.promptTooLong(let tokens, limit)) = error as? SessionError else {
        return false
      }
      return tokens >= limit
    }
    #expect(await driver.session.turns.map(\.text) == [question])
  }

  @Test("Parameters the engine does not take end the reply as failed, with a word for it")
  func invalidParameter() async throws {
    var header = header()
    header.sampling.topP = 0
    let driver = try SessionDriver(starting: header, journal: nil, responder: responder)
    let session = try await driver.perform(.ask("Hello"))
    #expect(session.turns[1].state == .stopped(.failed("invalid_parameter")))
  }
}

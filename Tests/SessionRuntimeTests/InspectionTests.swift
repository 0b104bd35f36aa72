import Inference
import SessionCore
import SessionRuntime
import Testing
import TestSupport

@Suite("Looking into replies of the bundled model", .enabled(if: BundledModel.model != nil))
struct InspectionTests {
  private let model: LanguageModel
  private let responder: EngineResponder
  private let driver: SessionDriver

  init() throws {
    model = try #require(BundledModel.model)
    responder = EngineResponder(
      model: model, engine: Engine(model: model), name: "tutor", application: "terntable 0.1.0")
    let header = SessionHeader(
      id: "0123456789abcdef", title: "Test", seed: 11,
      sampling: Sampling(temperature: 0.9, maxTokens: 24), model: "tutor",
      application: "terntable 0.1.0")
    driver = try SessionDriver(
      starting: header, journal: nil, responder: responder, clock: VirtualClock().read)
  }

  private func odds(of reply: Turn, in session: Session) async throws -> [TokenOdds] {
    let anatomy = try responder.anatomy(of: reply, in: session)
    var all: [TokenOdds] = []
    for await result in responder.odds(
      of: anatomy, alternatives: 10, sampling: try #require(reply.recipe).sampling)
    {
      all.append(try result.get())
    }
    return all
  }

  /// The likeliest token of a place that neither stands there nor ends the reply.
  private func other(_ odds: TokenOdds) throws -> TokenID {
    try #require(
      odds.alternatives.first { $0.token != odds.own?.token && !responder.endsReply($0.token) }
    ).token
  }

  @Test("Every drawn token had a chance, and its probability is that of scoring the text")
  func chances() async throws {
    let session = try await driver.perform(.ask("What is 12 × 7?"))
    let reply = try #require(session.lastReply)
    let odds = try await odds(of: reply, in: session)
    #expect(odds.compactMap { $0.own?.token } == reply.tokens)
    #expect(odds.dropLast().allSatisfy { ($0.own?.chance ?? 0) > 0 })
    let anatomy = try responder.anatomy(of: reply, in: session)
    let score = try await Engine(model: model).score(anatomy.prompt.tokens + reply.tokens)
    #expect(
      odds.compactMap { $0.own?.logProbability }
        == score.tokenLogProbabilities.suffix(reply.tokens.count).compactMap(\.self))
  }

  @Test("A branch keeps the drawn tokens, takes the chosen one and is read as recorded")
  func branch() async throws {
    var session = try await driver.perform(.ask("What is 12 × 7?"))
    let reply = try #require(session.lastReply)
    let place = try #require(reply.tokens.indices.dropFirst(2).first)
    let token = try other(await odds(of: reply, in: session)[place])
    let start = try responder.start(
      branching: reply, in: session, at: place, choosing: token)
    session = try await driver.perform(.edit(.beginning(start), of: reply.id))
    let branch = try #require(session.lastReply)
    #expect(
      branch.keptTokens == KeptTokens(start: 0, identifiers: reply.tokens[..<place] + [token]))
    #expect(branch.replaces == reply.id && branch.parent == reply.parent)
    let all = reply.tokens[..<place] + [token] + branch.tokens
    #expect(branch.text == model.tokenizer.decode(all))
    #expect(branch.spans.count { $0.writer == .person } == 1)
    #expect(branch.spans.reduce(0) { $0 + $1.bytes } == branch.text.utf8.count)
    let before = try responder.anatomy(of: reply, in: session).prompt.tokens
    let anatomy = try responder.anatomy(of: branch, in: session)
    #expect(anatomy.prompt.tokens == before + reply.tokens[..<place] + [token])
    #expect(Array(anatomy.before) == before && anatomy.tokens == Array(all))
    #expect(branch.recipe?.promptTokens == anatomy.prompt.tokens.count)

    // A branch of the branch, before the token that was chosen.
    let again = try other(await odds(of: branch, in: session)[1])
    let second = try responder.start(branching: branch, in: session, at: 1, choosing: again)
    #expect(second.tokens?.identifiers == [reply.tokens[0], again])
    #expect(second.spans.count { $0.writer == .person } == 1)
  }

  @Test("Behind a person's edit the tokens begin after what was typed")
  func edited() async throws {
    _ = try await driver.perform(.ask("What is 12 × 7?"))
    var session = try await driver.perform(.edit(.rewrite("12 × 7 = 70 + "), of: nil))
    let reply = try #require(session.lastReply)
    let token = try other(await odds(of: reply, in: session)[0])
    let start = try responder.start(branching: reply, in: session, at: 0, choosing: token)
    #expect(start.kept.hasPrefix("12 × 7 = 70 + "))
    #expect(start.tokens == KeptTokens(start: 15, identifiers: [token]))
    session = try await driver.perform(.edit(.beginning(start), of: reply.id))
    let branch = try #require(session.lastReply)
    #expect(
      try responder.anatomy(of: branch, in: session).before
        == responder.anatomy(
          of: reply, in: session
        ).before)
  }

  @Test("What cannot be looked into or branched to says why")
  func failures() async throws {
    let session = try await driver.perform(.ask("What is 12 × 7?"))
    let reply = try #require(session.lastReply)
    let end = try #require(model.template.stopTokens.first)
    let count = reply.tokens.count
    #expect(throws: InspectionFailure.noTokens(TurnID(0))) {
      try responder.anatomy(of: session.turns[0], in: session)
    }
    #expect(throws: InspectionFailure.endsReply) {
      try responder.start(branching: reply, in: session, at: 0, choosing: end)
    }
    #expect(throws: InspectionFailure.sameToken) {
      try responder.start(branching: reply, in: session, at: 0, choosing: reply.tokens[0])
    }
    #expect(throws: InspectionFailure.noSuchToken(count + 2, count: count)) {
      try responder.start(branching: reply, in: session, at: count + 1, choosing: 7)
    }
    let foreign = SessionBuilder().ask("a").reply("b").session
    #expect(throws: InspectionFailure.otherModel(TurnID(1), name: "tutor")) {
      try responder.anatomy(of: foreign.turns[1], in: foreign)
    }
  }
}

import SessionCore
import TestSupport
import Testing

/// What the next replies are drawn with, and how feedback is worded.
@Suite("Settings of a session")
struct SettingsTests {
  private func set(
    _ builder: SessionBuilder, _ change: SettingsChange
  ) -> SessionBuilder { builder.performing(.set(change)) }

  @Test("A session begins with what its header says, and what was set last is in force")
  func lastCounts() {
    let plain = SessionBuilder(seed: 3, sampling: Sampling(topK: 7)).ask("?").reply("r")
    #expect(plain.session.settings == Settings(seed: 3, sampling: Sampling(topK: 7)))
    let changed = set(set(plain, SettingsChange(model: "a", seed: 4)), SettingsChange(model: "b"))
    #expect(changed.session.settings.model == "b" && changed.session.settings.seed == 4)
    #expect(changed.session.settings.sampling.topK == 7)
    #expect(changed.session.header == plain.session.header)
  }

  @Test("Going elsewhere and undo leave the settings as they are")
  func notOfTheTree() {
    let two = set(SessionBuilder().ask("?").reply("r"), SettingsChange(model: "b"))
      .ask("And?").reply("s")
    #expect(two.go(TurnID(1)).session.settings.model == "b")
    let undone = two.undo()
    #expect(undone.session.settings.model == "b" && undone.session.head == TurnID(1))
    // The earlier question is answered by the model chosen later.
    let again = two.regenerate(TurnID(1)).reply("t").session
    #expect(again.turns.last?.recipe?.model.name == "b")
    #expect(again.turns[1].recipe?.model.name == "tutor")
  }

  @Test("What is so already is not recorded again")
  func nothingNew() throws {
    let session = set(SessionBuilder(seed: 3), SettingsChange(model: "b")).session
    #expect(try decide(.set(SettingsChange(model: "b", seed: 3)), session).events == [])
    let decision = try decide(
      .set(SettingsChange(model: "b", seed: 3, history: .singleMessage)), session)
    #expect(decision.order == nil)
    #expect(decision.events == [.settingsChanged(SettingsChange(history: .singleMessage))])
  }

  @Test("Every reply's seed follows from the seed in force and the reply's place")
  func seeds() throws {
    let changed = set(SessionBuilder(seed: 3).ask("?").reply("r"), SettingsChange(seed: 9))
    let order = try #require(try decide(.regenerate(), changed.session).order)
    #expect(order.seed == ReplyOrder.seed(of: TurnID(2), sessionSeed: 9))
    #expect(order.seed != ReplyOrder.seed(of: TurnID(2), sessionSeed: 3))
    // Two draws in a row never share a generator.
    let next = try #require(
      try decide(.regenerate(), changed.regenerate().reply("s").session).order)
    #expect(next.seed != order.seed)
  }

  @Test("Nothing is set while a reply is written")
  func whileWriting() {
    let open = SessionBuilder().ask("?").openReply("r").session
    #expect(throws: Refusal.replyInProgress) { try decide(.set(SettingsChange(seed: 1)), open) }
  }

  @Test(
    "Wordings that say nothing are refused",
    arguments: [Wordings(tryAgain: " "), Wordings(critique: "No.")])
  func uselessWordings(wordings: Wordings) {
    #expect(throws: Refusal.badWording) {
      try decide(.set(SettingsChange(wordings: wordings)), SessionBuilder().session)
    }
  }

  @Test("A critique is put into its wording once, whatever it says")
  func critique() {
    let wordings = Wordings(critique: "Mind: {text} Again.")
    #expect(wordings.critique(saying: "7 × 7 is 49.") == "Mind: 7 × 7 is 49. Again.")
    #expect(wordings.critique(saying: "{text}") == "Mind: {text} Again.")
    #expect(Wordings().critique(saying: "No.") == "No.")
  }

  @Test("A prompt is laid out in the style in force")
  func history() throws {
    let session = set(
      SessionBuilder().ask("?").reply("r").feedback(.unary).reply("s"),
      SettingsChange(history: .singleMessage)
    ).session
    let order = try #require(try decide(.giveFeedback(.unary, "Again."), session).order)
    var after = session
    for event in try decide(.giveFeedback(.unary, "Again."), session).events {
      try after.apply(Entry(sequence: after.entryCount + 1, time: 0, event: event))
    }
    #expect(PromptPlan(for: order, in: after).messages.count == 1)
    #expect(PromptPlan(for: order, in: after, history: .chat).messages.count == 5)
  }

  @Test("A fork goes on with what was in force")
  func fork() throws {
    let builder = set(SessionBuilder().ask("?").reply("r"), SettingsChange(model: "b", seed: 4))
    let forked = try Session.fork(
      builder.entries, after: TurnID(1), as: SessionBuilder(id: "fork").session.header)
    #expect(try Session(replaying: forked).settings == builder.session.settings)
  }

  @Test("Wordings are rewritten like every other text")
  func rewriting() {
    let session = set(
      SessionBuilder(), SettingsChange(model: "secret", wordings: Wordings(tryAgain: "secret"))
    ).session
    let clean = session.rewritingTexts { RewrittenText($0.replacing("secret", with: "x")) }
    #expect(clean.settings.model == "x" && clean.settings.wordings.tryAgain == "x")
  }

  @Test("A reply's own style of history is told where the session began with another")
  func drawn() throws {
    let session = set(
      SessionBuilder().ask("?").reply("r"), SettingsChange(history: .singleMessage)
    ).regenerate().reply("s").session
    #expect(DrawSettings(of: session.turns[1], in: session)?.isUsual == true)
    #expect(
      DrawSettings(of: session.turns[2], in: session) == DrawSettings(history: .singleMessage))
  }

  @Test("Rates are told only where they were measured")
  func rates() {
    var statistics = ReplyStatistics(
      promptTokens: 100, cachedTokens: 40, generatedTokens: 30, prefillMilliseconds: 200,
      decodeMilliseconds: 600)
    #expect(statistics.promptTokensPerSecond == 300)
    #expect(statistics.firstTokenMilliseconds == 200 && statistics.tokensPerSecond == 50)
    statistics.cachedTokens = 100
    #expect(statistics.promptTokensPerSecond == nil)
    statistics.prefillMilliseconds = nil
    #expect(statistics.firstTokenMilliseconds == nil)
  }
}

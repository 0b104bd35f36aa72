import SessionCore
import TestSupport
import Testing

@testable import TerminalUI

/// `/set`, and what is said of settings.
@Suite struct SettingTests {
  private func request(_ line: String) throws -> SettingRequest {
    guard case .command(.set(let request)) = try SlashCommand.parse("/set \(line)") else {
      throw InputError.noDuel
    }
    return request
  }

  private func change(_ line: String, of settings: Settings = Settings(seed: 42)) throws
    -> SettingsChange
  {
    try request(line).change(of: settings, beganWith: 42)
  }

  @Test func aSettingIsANameAndAValue() throws {
    #expect(try request("seed 7").items == [.to(.seed(7))])
    #expect(
      try request("temperature=0.2 top_k = 5").items == [.to(.temperature(0.2)), .to(.topK(5))])
    #expect(try request("history single-message").items == [.to(.history(.singleMessage))])
    #expect(
      try request("try-again  That is = wrong.  ").items == [.to(.tryAgain("That is = wrong."))])
    #expect(try request("critique=Mind: {text}").items == [.to(.critique("Mind: {text}"))])
    #expect(try request("").items == [])
  }

  @Test(arguments: [
    ("temperature", "hot"), ("temperature", "-1"), ("top-k", "1.5"), ("top-p", "0"),
    ("top-p", "1.1"), ("min-p", "2"), ("repetition-penalty", "0"), ("repetition-window", "-1"),
    ("max-tokens", "0"), ("max-tokens", "9999999"), ("seed", "-7"), ("history", "none"),
    ("critique", "No."), ("temperature", ""), ("seed", "7 8"), ("temperature", "nan"),
  ])
  func aValueThatDoesNotFitIsSaid(name: String, value: String) throws {
    let name = try #require(Setting.Name(rawValue: name))
    #expect(throws: InputError.badSetting(name, value)) {
      try SlashCommand.parse("/set \(name.rawValue) \(value)")
    }
  }

  @Test func anUnknownNameIsSaid() {
    #expect(throws: InputError.unknownSetting("size")) { try SlashCommand.parse("/set size 3") }
  }

  @Test func everySettingIsReadAsItIsListed() throws {
    let settings = Settings(
      seed: 7, sampling: Sampling(temperature: 0.2, topK: 3, minP: 0.1, maxTokens: 9),
      history: .singleMessage, wordings: Wordings(tryAgain: "No.", critique: "Mind: {text}"))
    var change = SettingsChange()
    for name in Setting.Name.allCases {
      let setting = try #require(Setting(name, name.value(in: settings)))
      #expect(setting == name.setting(in: settings))
      setting.add(to: &change, of: Settings(seed: 1))
    }
    #expect(Settings(seed: 1).applying(change) == settings)
    // What is unusual is just what was changed.
    #expect(settings.unusual.count == 7 && Settings(seed: 3).unusual.isEmpty)
  }

  @Test func defaultTakesOneSettingBack() throws {
    let settings = Settings(seed: 7, sampling: Sampling(temperature: 0.2, topK: 3))
    let change = try change("temperature default", of: settings)
    #expect(change == SettingsChange(sampling: Sampling(topK: 3)))
    #expect(try self.change("seed default", of: settings) == SettingsChange(seed: 42))
  }

  @Test func settingIsRecordedInBothFrontsAndToldOnTheScreen() throws {
    for hasScreen in [true, false] {
      var state = Sample.state(Sample.threeWays, hasScreen: hasScreen)
      let effects = reduce(&state, .line("/set temperature 0.2"))
      #expect(
        effects == [.perform(.set(SettingsChange(sampling: Sampling(temperature: 0.2))))])
      try DuelTests().carryOut(effects, &state)
      #expect(state.session.settings.sampling.temperature == 0.2)
      #expect(state.notice == (hasScreen ? .told("temperature 0.2") : nil))
      #expect(reduce(&state, .line("/set temperature 0.2")) == [])
      #expect(state.notice == .told("that is so already"))
    }
  }

  @Test func whatIsSetIsInForceForFeedbackAndDuels() throws {
    var state = Sample.state(Sample.threeWays)
    for line in ["/set try-again Not so.", "/set critique Mind: {text}", "/set top-k 5"] {
      try DuelTests().carryOut(reduce(&state, .line(line)), &state)
    }
    state.mode = .normal
    #expect(press(&state, "t") == [.perform(.giveFeedback(.unary, "Not so."))])
    state.work.running = 0
    #expect(
      reduce(&state, .line("/critique it is 84"))
        == [.perform(.giveFeedback(.critique, "Mind: it is 84"))])
    state.work.running = 0
    guard case .duel(let bout) = reduce(&state, .line("/duel temperature=1 | try-again"))[0] else {
      Issue.record("no duel")
      return
    }
    #expect(bout.draws.contains { $0.settings.sampling == Sampling(temperature: 1, topK: 5) })
    #expect(bout.draws.contains { $0.command == .giveFeedback(.unary, "Not so.", on: TurnID(6)) })
  }

  @Test func whileAReplyIsWrittenNothingIsSet() {
    var state = Sample.state(Sample.threeWays)
    state.work.running = 1
    #expect(reduce(&state, .line("/set seed 1")) == [.complain(.refused(.replyInProgress))])
  }

  @Test func whatIsSetTooEarlyWaitsForTheModelBesideAMessage() {
    var state = ScreenState(
      session: Sample.empty, model: .init(name: "tutor", contextTokensMax: nil),
      loading: .model(fraction: 0, bytes: nil), size: ScreenSize(columns: 80, rows: 24))
    #expect(reduce(&state, .line("/set seed 1")) == [])
    #expect(reduce(&state, .line("Hello")) == [])
    #expect(reduce(&state, .line("/set seed 2")) == [])
    let first = reduce(
      &state, .opened(Sample.empty, .init(name: "tutor", contextTokensMax: 1024)))
    #expect(first == [.perform(.set(SettingsChange(seed: 1)))])
    #expect(state.queue == [.ask("Hello"), .set(SettingsChange(seed: 2))])
  }

  @Test func tabCompletesNamesAndValues() {
    var state = Sample.state(Sample.threeWays)
    press(&state, "/set tem")
    press(&state, .tab)
    #expect(state.prompt.text == "/set temperature ")
    press(&state, "de")
    press(&state, .tab)
    #expect(state.prompt.text == "/set temperature default")
    state.prompt.set("/duel tutor | top-")
    press(&state, .tab)
    #expect(state.notice == .told("top-k=  top-p="))
    state.prompt.set("/duel tut")
    #expect(press(&state, .tab) == [.listNames(.models, "tut")])
    _ = reduce(&state, .paths(["tutor", "tutor-f16"], beginning: "tut"))
    #expect(state.prompt.text == "/duel tutor")
    state.prompt.set("/model ")
    #expect(press(&state, .tab) == [.listNames(.models, "")])
    state.prompt.set("/preset ca")
    #expect(press(&state, .tab) == [.listNames(.presets, "ca")])
  }

  @Test func changesAreToldInWords() {
    let old = Settings(seed: 1, sampling: Sampling(topK: 3))
    let change = SettingsChange(
      model: "other", seed: 2, sampling: Sampling(temperature: 0.1, topK: 3), preset: "careful")
    #expect(
      change.words(after: old) == ["preset careful", "model other", "temperature 0.1", "seed 2"])
  }
}

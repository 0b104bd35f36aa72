import SessionCore
import TestSupport
import Testing

@testable import TerminalUI

/// A duel from the command to the vote: what is drawn, what is hidden, what is recorded.
@Suite struct DuelTests {
  private static let duel = SlashCommand.Entry.all.first { $0.name == "duel" }

  private func request(_ line: String) throws -> DuelRequest {
    guard case .command(.duel(let request)) = try SlashCommand.parse("/duel \(line)") else {
      throw InputError.noDuel
    }
    return request
  }

  // MARK: - What is asked for

  @Test func sidesAreModelsSettingsAndKindsOfFeedback() throws {
    #expect(try request("").sides == [DuelSide(), DuelSide()])
    #expect(try request("other").sides == [DuelSide(model: "other"), DuelSide()])
    #expect(
      try request("temperature=0.9 top-k=5 seed=3 | /a/b=c.gguf").sides == [
        DuelSide(changes: [.temperature(0.9), .topK(5), .seed(3)]), DuelSide(model: "/a/b=c.gguf"),
      ])
    #expect(
      try request("try-again | temperature=0 critique Two sevens => 14 | no").sides == [
        DuelSide(said: .tryAgain),
        DuelSide(said: .critique("Two sevens => 14 | no"), changes: [.temperature(0)]),
      ])
    let asked = try request("same | min-p=0.1 => What is 2 × 7?")
    #expect(asked.question == "What is 2 × 7?" && asked.sides[0] == DuelSide())
  }

  @Test(arguments: [
    "temperature=hot", "temperature=-1", "top-p=0", "seed=-3", "size=3", "one two", "critique",
    "try-again try-again", "try-again => What?", "same => ", "model=a b",
  ])
  func whatIsNoSideIsRefused(line: String) {
    #expect(throws: InputError.self) { try request(line) }
  }

  @Test func aDuelNeedsSomethingToReplyTo() {
    var state = Sample.state(Sample.empty)
    #expect(reduce(&state, .line("/duel")) == [.complain(.refused(.noReply))])
    #expect(state.duel == nil && state.page == nil)
    #expect(reduce(&state, .line("/vote a")) == [.complain(.noDuel)])
  }

  // MARK: - What is drawn

  private func bout(_ line: String, _ session: Session) throws -> DuelBout {
    var state = Sample.state(session)
    guard case .duel(let bout)? = reduce(&state, .line(line)).first else {
      throw InputError.noDuel
    }
    return bout
  }

  @Test func bothSidesAnswerTheSamePrompt() throws {
    let again = try bout("/duel other", Sample.wrongStep)
    #expect(again.draws.map(\.command) == [.regenerate(TurnID(1)), .regenerate(TurnID(1))])
    #expect(again.models == ["other"])
    #expect(try bout("/duel tutor", Sample.wrongStep).models == [])
    let asked = try bout("/duel temperature=0 => And 3 × 3?", Sample.wrongStep)
    #expect(asked.draws.map(\.command) == [.ask("And 3 × 3?"), .regenerate(TurnID(3))])
    #expect(asked.draws.count { $0.settings.sampling?.temperature == 0 } == 1)
    let said = try bout("/duel try-again | critique No.", Sample.wrongStep)
    #expect(
      said.draws.map(\.command).contains(.giveFeedback(.critique, "No.", on: TurnID(1))))
    #expect(said.draws.map(\.command).contains(.giveFeedback(.unary, "Try again.", on: TurnID(1))))
    let unanswered = SessionBuilder().ask("?").session
    #expect(
      try bout("/duel", unanswered).draws.map(\.command) == [
        .regenerate(nil), .regenerate(TurnID(1)),
      ])
  }

  @Test func whichSideIsAIsDrawnByLotAndTheSameForTheSameSession() throws {
    var first: [Bool] = []
    for seed in 1...40 as ClosedRange<UInt64> {
      let session = SessionBuilder(seed: seed).ask("?").reply("r").session
      let draws = try bout("/duel other", session).draws
      #expect(try bout("/duel other", session).draws == draws)
      first.append(draws[0].settings.model == "other")
    }
    #expect((10...30).contains(first.count(where: \.self)))
  }

  // MARK: - From drawing to the vote

  /// A duel on a reply, both sides drawn; whether the record has come so far is up to `entries`.
  static func drawn(
    _ texts: [String] = ["Seventy and fourteen make 84.\nAnswer: 84", "Answer: 82"],
    size: ScreenSize = ScreenSize(columns: 80, rows: 24), hasScreen: Bool = true,
    stopped: Bool = false
  ) -> ScreenState {
    let before = SessionBuilder(seed: 42).ask("What is 12 × 7? 漢字と絵文字 👩‍👩‍👧").reply("12 × 7 = 82")
    var state = Sample.state(before.session, size, hasScreen: hasScreen)
    _ = reduce(&state, .line("/duel temperature=0.9"))
    var after = before.regenerate(TurnID(1)).reply(texts[0])
    if texts.count > 1 {
      after = after.regenerate(TurnID(1))
      after = stopped ? after.reply(texts[1], stopped: .cancelled) : after.reply(texts[1])
    }
    for entry in after.entries.dropFirst(before.entries.count) {
      _ = reduce(&state, .entry(entry))
    }
    _ = reduce(&state, .duelDrawn(entries: after.entries.count))
    return state
  }

  /// Puts what a command decides into the state, as the driver would.
  func carryOut(_ effects: [Effect], _ state: inout ScreenState) throws {
    for case .perform(let command) in effects {
      let decision = try decide(command, state.session)
      for event in decision.events {
        let entry = Entry(sequence: state.session.entryCount + 1, time: 0, event: event)
        _ = reduce(&state, .entry(entry))
      }
      _ = reduce(&state, .performed(entries: state.session.entryCount))
    }
  }

  @Test func theVoteIsRecordedAndTheConversationGoesOnFromTheWinner() throws {
    var state = Self.drawn()
    #expect(state.duel?.asks == true && state.page == .duel)
    let effects = press(&state, "a")
    #expect(effects == [.perform(.vote(Vote(.a, a: TurnID(2), b: TurnID(3))))])
    try carryOut(effects, &state)
    #expect(state.session.head == TurnID(2))
    #expect(state.page == .duel && state.duel?.isBlind == false)
    #expect(render(state).text.contains("temperature 0.9"))
    press(&state, .enter)
    #expect(state.page == nil && state.duel == nil)
    #expect(render(state).text.contains("voted better than 4"))
  }

  @Test func nothingTellsTheSidesApartBeforeTheVote() {
    let state = Self.drawn()
    let text = render(state).text
    #expect(!text.contains("0.9") && !text.contains("tokens/s") && !text.contains("context "))
    #expect(text.contains("A is better"))
  }

  @Test func leavingOutTheVoteRecordsNothing() {
    var state = Self.drawn()
    press(&state, .enter)
    #expect(state.page == .duel)
    #expect(press(&state, .escape) == [])
    #expect(state.page == nil && state.duel == nil && state.session.votes.isEmpty)
    #expect(state.notice == .told("no vote is recorded; both replies are in the tree"))
  }

  @Test func aStoppedDuelKeepsWhatWasWrittenAndAsksNothing() {
    let state = Self.drawn(["Answer: 84", "Ans"], stopped: true)
    #expect(state.duel == nil && state.page == nil)
    #expect(state.session.turns.last?.text == "Ans")
    let early = Self.drawn(["Answer: 84"])
    #expect(early.duel == nil && early.session.turns.count == 3)
  }

  @Test func aDuelThatFailsIsOverWithTheReasonInWords() {
    var state = Sample.state(Sample.wrongStep)
    _ = reduce(&state, .line("/duel nobody"))
    _ = reduce(&state, .failed("there is no nobody", entries: 0))
    #expect(state.duel == nil && state.page == nil && state.isIdle)
    #expect(state.notice == .failed("there is no nobody"))
  }

  @Test func helpPasteAndKeysLeaveTheBlindPageInView() {
    var state = Self.drawn()
    press(&state, "?")
    press(&state, .escape)
    #expect(state.page == .duel)
    _ = reduce(&state, .paste("a"))
    press(&state, "xyz")
    #expect(state.page == .duel && state.duel?.asks == true && state.prompt.isEmpty)
  }

  @Test func whileItIsDrawnEscapeDoesNotUncoverAnything() {
    var state = Sample.state(Sample.wrongStep)
    _ = reduce(&state, .line("/duel"))
    press(&state, .escape)
    #expect(state.page == .duel && state.duel != nil)
    #expect(press(&state, .control("c")) == [.cancelReply])
  }

  @Test func thePlainFrontTakesTheVoteInWords() throws {
    for (line, choice) in [("a", Vote.Choice.a), ("B ", .b), ("tie", .tie), ("both bad", .bothBad)]
    {
      var state = Self.drawn(hasScreen: false)
      #expect(state.page == nil)
      let effects = reduce(&state, .line(line))
      #expect(effects == [.perform(.vote(Vote(choice, a: TurnID(2), b: TurnID(3))))])
      try carryOut(effects, &state)
      #expect(state.duel?.reveal(in: state.session).count == 2)
    }
    var skipped = Self.drawn(hasScreen: false)
    #expect(reduce(&skipped, .line("skip")) == [])
    #expect(skipped.duel == nil)
    var other = Self.drawn(hasScreen: false)
    #expect(reduce(&other, .line("And 3 × 3?")) == [.perform(.ask("And 3 × 3?"))])
    #expect(other.duel == nil && other.session.votes.isEmpty)
  }

  @Test func longRepliesScrollTogetherAndStopAtTheEnd() {
    let long = (1...60).map { "row \($0)" }.joined(separator: "\n")
    var state = Self.drawn([long, "short"])
    #expect(render(state).text.contains("row 1 ") && !render(state).text.contains("row 60"))
    press(&state, "G")
    #expect(render(state).text.contains("row 60"))
    press(&state, "k")
    #expect(!render(state).text.contains("row 60"))
    press(&state, "g")
    #expect(render(state).text.contains("row 1 "))
  }
}

import Friction
import SessionCore
import TestSupport
import Testing

@testable import TerminalUI

/// Whole screens of duels and of the friction page.
@Suite struct DuelGoldens {
  private static let wide = [
    "漢字かな交じり文は折り返しの位置を正しく数えなければならない。\n12 × 7 = 70 + 14\nAnswer: 84",
    "Family 👩‍👩‍👧, heart ❤️: ten sevens make 70, two sevens make 12.\nAnswer: 82",
  ]

  @Test(arguments: FrameGoldens.sizes) func aDuelThatIsBeingDrawn(size: ScreenSize) {
    let before = SessionBuilder(seed: 42).ask("What is 12 × 7? 漢字").reply("12 × 7 = 82")
    var state = Sample.state(before.session, size)
    _ = reduce(&state, .line("/duel other"))
    let after = before.regenerate(TurnID(1)).openReply(Self.wide[0])
    for entry in after.entries.dropFirst(before.entries.count) { _ = reduce(&state, .entry(entry)) }
    _ = reduce(&state, .draft(" and more"))
    FrameGoldens().check(state, "duel-drawing")
  }

  @Test(arguments: FrameGoldens.sizes) func aDuelThatWaitsForTheVote(size: ScreenSize) {
    FrameGoldens().check(DuelTests.drawn(Self.wide, size: size), "duel-vote")
  }

  @Test(arguments: FrameGoldens.sizes) func aDuelAfterTheVote(size: ScreenSize) throws {
    var state = DuelTests.drawn(Self.wide, size: size)
    try DuelTests().carryOut(press(&state, "b"), &state)
    FrameGoldens().check(state, "duel-voted")
  }

  // MARK: - Friction

  /// A session in which a checker knew the answers, and a folder of two more.
  static var sheet: FrictionSheet {
    let judged = SessionBuilder(seed: 1).ask("12 × 7?", expecting: .number("84"))
      .reply("Answer: 82").judge(.wrong, "82").feedback(.unary).reply("Answer: 82")
      .judge(.wrong, "82").edit(.replace(old: "82", new: "84")).reply("").judge(.right, "84")
      .ask("6 × 7?", expecting: .number("42")).reply("Answer: 42").judge(.right, "42").session
    let own = FrictionDigest(judged)
    let other = FrictionDigest(
      SessionBuilder(seed: 2).ask("9 × 9?", expecting: .number("81"))
        .reply("80").judge(.wrong, "80").feedback(.critique, "No.").reply("79").judge(.wrong, "79")
        .feedback(.unary).reply("80").judge(.wrong, "80").feedback(.unary).reply("81")
        .judge(.right, "81").session)
    return FrictionSheet(
      session: own,
      folder: .init(digest: own + other + other, found: 40, damaged: 1))
  }

  private func state(_ session: Session, _ size: ScreenSize) -> ScreenState {
    var state = Sample.state(session, size)
    #expect(reduce(&state, .line("/friction")) == [.measure])
    return state
  }

  @Test(arguments: FrameGoldens.sizes) func theFiguresOfFriction(size: ScreenSize) {
    var state = state(Sample.scripts, size)
    _ = reduce(&state, .measured(Self.sheet))
    FrameGoldens().check(state, "friction")
  }

  @Test(arguments: FrameGoldens.sizes) func theirNumbersAreBelow(size: ScreenSize) {
    var state = state(Sample.scripts, size)
    _ = reduce(&state, .measured(Self.sheet))
    press(&state, "G")
    FrameGoldens().check(state, "friction-numbers")
  }

  @Test func withoutBrailleTheyAreDrawnInASCII() {
    var state = state(Sample.empty, FrameGoldens.sizes[0])
    _ = reduce(&state, .measured(Self.sheet))
    press(&state, "a")
    let text = render(state).text
    #expect(!text.unicodeScalars.contains { (0x2800...0x28FF).contains($0.value) })
    FrameGoldens().check(state, "friction-ascii")
  }

  @Test func theFiguresFollowTheConversationAsLongAsSomebodyLooks() {
    let before = SessionBuilder(seed: 42).ask("?")
    var state = state(before.session, FrameGoldens.sizes[0])
    #expect(render(state).text.contains("measuring …"))
    var effects: [Effect] = []
    let entries = before.regenerate().reply("a").entries
    for entry in entries.dropFirst(before.entries.count) {
      effects += reduce(&state, .entry(entry))
    }
    #expect(effects == [.measure])
    #expect(press(&state, .escape) == [.stopMeasuring])
    #expect(state.page == nil)
  }

  @Test func thePlainFrontHasASentenceAndATableOnceAllIsRead() {
    var state = Sample.state(Sample.empty, hasScreen: false)
    #expect(reduce(&state, .line("/friction")) == [.measure])
    #expect(!state.isIdle)
    var partial = Self.sheet
    partial.folder.isReading = true
    _ = reduce(&state, .measured(partial))
    #expect(state.page == nil && !state.isIdle)
    _ = reduce(&state, .measured(Self.sheet))
    #expect(state.page == .friction(row: 0) && state.isIdle)
    let lines = FrictionPane.plainLines(for: Self.sheet).map(\.text)
    expectGolden(lines.joined(separator: "\n") + "\n", "friction-plain.txt")
    let text = lines.joined()
    #expect(!text.unicodeScalars.contains { (0x2500...0x28FF).contains($0.value) })
  }
}

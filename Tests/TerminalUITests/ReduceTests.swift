import SessionCore
import TestSupport
import Testing

@testable import TerminalUI

/// Actions in, whole states and effects out.
@Suite struct ReduceTests {
  static let now = VirtualClock.start + 1_000_000

  private func key(_ state: inout ScreenState, _ key: Key, at time: Timestamp = now) -> [Effect] {
    reduce(&state, .key(key, at: time))
  }

  @Test func typingAndEnterAsks() {
    var state = Sample.state(Sample.empty)
    press(&state, "Hello")
    var expected = Sample.state(Sample.empty)
    expected.prompt = LineEditor("")
    #expect(press(&state, .enter) == [.perform(.ask("Hello"))])
    expected.work.running = 1
    expected.prompt = state.prompt
    expectSame(state, expected)
    #expect(state.prompt.isEmpty)
    #expect(state.prompt.history.lines == ["Hello"])
    #expect(!state.isIdle)
  }

  @Test func aReplyIsIdleOnlyWhenItsLastEntryHasArrived() {
    let built = SessionBuilder(seed: 42).ask("Hello").reply("Good day.")
    var state = Sample.state(Sample.empty)
    _ = reduce(&state, .line("Hello"))
    for entry in built.entries.dropLast() { _ = reduce(&state, .entry(entry)) }
    _ = reduce(&state, .draft("what is never seen"))
    _ = reduce(&state, .performed(entries: built.entries.count))
    #expect(!state.isIdle)
    for entry in built.entries.suffix(1) { _ = reduce(&state, .entry(entry)) }
    var expected = Sample.state(built.session)
    expected.prompt = LineEditor()
    expected.work.awaitedEntries = built.entries.count
    expected.lastEntry = built.entries.last?.time
    expectSame(state, expected)
    #expect(state.isIdle)
  }

  @Test func entriesSeenBeforeAreNotAppliedTwice() {
    let built = SessionBuilder(seed: 42).ask("Hello").reply("Good day.")
    var state = Sample.state(built.session)
    let before = state
    for entry in built.entries { _ = reduce(&state, .entry(entry)) }
    expectSame(state, before)
  }

  @Test func aSessionThatGoesOnRemembersWhatWasAsked() {
    var state = Sample.state(Sample.threeWays)
    press(&state, .up)
    #expect(state.prompt.text == "What is 12 × 7?")
  }

  @Test(arguments: [
    ("t", Command.giveFeedback(.unary, "Try again.")),
    ("r", .regenerate()), ("u", .undo), ("+", .rate(.up)), ("-", .rate(.down)),
    ("0", .rate(nil)),
  ])
  func aSingleKeyIsACommand(key: String, command: Command) {
    var state = Sample.state(Sample.threeWays)
    state.mode = .normal
    var expected = state
    expected.work.running = 1
    #expect(press(&state, key) == [.perform(command)])
    expectSame(state, expected)
  }

  @Test(arguments: [
    ("/try", Command.giveFeedback(.unary, "Try again.")),
    ("/critique count again", .giveFeedback(.critique, "count again")),
    ("/edit 82 => 84", .edit(.replace(old: "82", new: "84"))),
    ("/regen", .regenerate()), ("/undo", .undo), ("/go 2", .go(TurnID(1))),
    ("/system Be short.", .instruct("Be short.")),
    ("/rate 4", .rate(.stars(4))), ("/note hm", .note("hm")), ("//try", .ask("/try")),
  ])
  func aSlashCommandIsTheSameCommandInBothFronts(line: String, command: Command) {
    for hasScreen in [true, false] {
      var state = Sample.state(Sample.threeWays, hasScreen: hasScreen)
      #expect(reduce(&state, .line(line)) == [.perform(command)])
    }
  }

  @Test func whatIsNotUnderstoodStaysOnTheLine() {
    var state = Sample.state(Sample.threeWays)
    press(&state, "/tyr")
    let before = state
    #expect(press(&state, .enter) == [.complain(.unknownCommand("tyr", nearest: "try"))])
    expectSame(state, before)
    _ = reduce(&state, .complained("no such command"))
    #expect(state.notice == .failed("no such command"))
    press(&state, .left)
    #expect(state.notice == nil)
  }

  @Test func whileAReplyIsWrittenOnlyRemarksAreTaken() {
    var state = Sample.state(Sample.threeWays)
    state.work.running = 1
    press(&state, "more")
    #expect(press(&state, .enter) == [.complain(.refused(.replyInProgress))])
    #expect(state.prompt.text == "more")
    #expect(reduce(&state, .line("/rate +")) == [.perform(.rate(.up))])
    #expect(state.work.running == 2)
    state.mode = .normal
    #expect(press(&state, "e") == [.complain(.refused(.replyInProgress))])
    #expect(state.mode == .normal)
  }

  @Test func aCritiqueIsOneLineAndReturnsToTheKeys() {
    var state = Sample.state(Sample.threeWays)
    press(&state, "half a message")
    press(&state, .escape)
    press(&state, "c")
    press(&state, " 2 × 7 = 14 ")
    #expect(press(&state, .enter) == [.perform(.giveFeedback(.critique, "2 × 7 = 14"))])
    #expect(state.mode == .normal)
    #expect(state.prompt.text == "half a message")
  }

  @Test func feedbackWithoutAReplyIsRefused() {
    var state = Sample.state(Sample.empty)
    state.mode = .normal
    for key in ["c", "a", "e", "E", "d"] {
      let before = state
      #expect(press(&state, key) == [.complain(.refused(.noReply))])
      expectSame(state, before)
    }
    #expect(press(&state, "<") == [.complain(.noOtherVersion)])
  }

  @Test func anEditInPlaceIsTheWholeTextAsThePersonLeftIt() {
    var state = Sample.state(Sample.wrongStep)
    press(&state, .escape)
    press(&state, "e")
    press(&state, .down, .end, .backspace)
    press(&state, "4")
    let text = "12 × 7 = 10 × 7 + 2 × 7\n10 × 7 = 70, 2 × 7 = 14\n70 + 12 = 82\nAnswer: 82"
    #expect(press(&state, .enter) == [.perform(.edit(.rewrite(text), of: TurnID(1)))])
    #expect(state.mode == .normal)
  }

  @Test func anUnchangedEditIsRefusedAndTheEditorStays() {
    var state = Sample.state(Sample.wrongStep)
    _ = reduce(&state, .line("/edit"))
    let before = state
    #expect(press(&state, .enter) == [.complain(.refused(.editChangesNothing))])
    expectSame(state, before)
    press(&state, .escape)
    #expect(state.mode == .insert)
  }

  @Test func thePlainFrontHasNoEditor() throws {
    var state = Sample.state(Sample.wrongStep, hasScreen: false)
    let edit = try #require(SlashCommand.Entry.all.first { $0.name == "edit" })
    #expect(reduce(&state, .line("/edit")) == [.complain(.missingArgument(edit))])
    #expect(state.mode == .insert)
  }

  @Test func aTerminalWithoutAScreenLendsItselfToTheEditor() {
    var state = ScreenState(
      session: Sample.wrongStep, model: .init(name: "tutor", contextTokensMax: nil),
      size: .smallest, hasScreen: false, hasTerminal: true)
    let file = OutsideFile(.turn(TurnID(1)), in: state).holding(Sample.wrongStep.turns[1].text)
    #expect(reduce(&state, .line("/edit")) == [.writeOutside(.turn(TurnID(1)), file)])
    guard case .writeOutside(.turn(TurnID(0)), _)? = reduce(&state, .line("/edit 1")).first else {
      Issue.record("the question is not handed out")
      return
    }
  }

  @Test func theOutsideEditorsLastLineFeedIsNotAnEdit() {
    var state = Sample.state(Sample.wrongStep)
    let text = Sample.wrongStep.turns[1].text
    press(&state, .escape)
    guard case .writeOutside(.turn(TurnID(1)), let file)? = press(&state, "E").first else {
      Issue.record("the reply is not handed out")
      return
    }
    #expect(file.hasSuffix("\n---\n" + text))
    #expect(
      reduce(&state, .written(file + "\n", .turn(TurnID(1))))
        == [.complain(.refused(.editChangesNothing))])
    #expect(
      reduce(&state, .written("84\n", .turn(TurnID(1))))
        == [.perform(.edit(.rewrite("84"), of: TurnID(1)))])
  }

  @Test func siblingsAreWalkedToTheirNewestEnd() {
    var state = Sample.state(Sample.threeWays)
    press(&state, .escape)
    #expect(press(&state, ">") == [.complain(.noOtherVersion)])
    #expect(press(&state, "<") == [.perform(.go(TurnID(5)))])
  }

  @Test func theTreeChoosesATurnToGoOnFrom() {
    var state = Sample.state(Sample.threeWays)
    press(&state, .escape)
    press(&state, .tab)
    #expect(state.page == .tree)
    #expect(state.tree?.chosen == TurnID(6))
    press(&state, "kkk")
    #expect(state.tree?.chosen == TurnID(3))
    #expect(press(&state, .enter) == [.perform(.go(TurnID(3)))])
    #expect(state.page == nil)
  }

  @Test func aPastedTextIsNeverTakenForKeys() {
    var state = Sample.state(Sample.threeWays)
    state.mode = .normal
    #expect(reduce(&state, .paste("quit\r\nnow\rplease")) == [])
    #expect(state.mode == .insert)
    #expect(state.prompt.text == "quit\nnow\nplease")
  }

  @Test func anAltKeyWithoutMeaningIsEscapeAndTheKey() {
    var state = Sample.state(Sample.threeWays)
    #expect(press(&state, .alt("t")) == [.perform(.giveFeedback(.unary, "Try again."))])
    #expect(state.mode == .normal)
  }

  @Test func tabCompletesACommandsName() {
    var state = Sample.state(Sample.threeWays)
    press(&state, "/cr")
    press(&state, .tab)
    #expect(state.prompt.text == "/critique ")
  }
}

/// Ctrl-C stops a reply, and quits.
@Suite struct InterruptTests {
  static let now = ReduceTests.now

  private func interrupt(_ state: inout ScreenState, at time: Timestamp) -> [Effect] {
    reduce(&state, .key(.control("c"), at: time))
  }

  @Test func theFirstStopsTheReplyAndTheSecondWithinASecondQuits() {
    var state = Sample.state(Sample.writing)
    state.work.running = 1
    #expect(interrupt(&state, at: Self.now) == [.cancelReply])
    #expect(interrupt(&state, at: Self.now + 1000) == [.quit])
  }

  @Test func aSecondOneLaterStopsAgain() {
    var state = Sample.state(Sample.writing)
    state.work.running = 1
    #expect(interrupt(&state, at: Self.now) == [.cancelReply])
    #expect(interrupt(&state, at: Self.now + 1001) == [.cancelReply])
  }

  @Test func idleItQuits() {
    var state = Sample.state(Sample.threeWays)
    #expect(interrupt(&state, at: Self.now) == [.quit])
  }

  @Test func halfALineIsGivenUpFirst() {
    var state = Sample.state(Sample.threeWays)
    press(&state, "half")
    #expect(interrupt(&state, at: Self.now) == [])
    #expect(state.prompt.isEmpty)
    #expect(interrupt(&state, at: Self.now + 5000) == [.quit])
  }

  @Test func oneThatComesJustTooLateForTheReplyDoesNotQuit() {
    var state = Sample.state(Sample.threeWays)
    state.lastEntry = Self.now
    #expect(interrupt(&state, at: Self.now + 200) == [])
    #expect(interrupt(&state, at: Self.now + 400) == [.quit])
  }

  @Test func inThePlainFrontItStopsTheReplyOrQuits() {
    var state = Sample.state(Sample.writing, hasScreen: false)
    state.work.running = 1
    #expect(reduce(&state, .interrupt(at: Self.now)) == [.cancelReply])
    state.work.running = 0
    #expect(reduce(&state, .interrupt(at: Self.now + 5000)) == [.quit])
  }
}

/// The view moves over the conversation and stays where it is put.
@Suite struct ScrollTests {
  private func long() -> SessionBuilder {
    (1...12).reduce(SessionBuilder(seed: 42)) { built, number in
      built.ask("question \(number)").reply("reply \(number)\nsecond row\nthird row")
    }
  }

  private func top(_ state: ScreenState) -> String {
    render(state).text.split(separator: "\n", omittingEmptySubsequences: false)[0]
      .trimmingCharacters
  }

  @Test func homeAndEndReachBothEnds() {
    var state = Sample.state(long().session)
    state.mode = .normal
    let end = render(state)
    press(&state, "g")
    #expect(top(state) == "1  you")
    press(&state, "G")
    #expect(state.anchor == nil)
    #expect(render(state) == end)
  }

  @Test func aViewScrolledBackSaysThatThereIsMoreBelow() {
    var state = Sample.state(long().session)
    #expect(!render(state).text.contains("more below"))
    press(&state, .pageUp)
    #expect(render(state).text.contains("ready · more below"))
    press(&state, "on")
    press(&state, .enter)
    #expect(!render(state).text.contains("more below"))
  }

  @Test func upAndDownAreOpposites() {
    var state = Sample.state(long().session)
    state.mode = .normal
    let end = render(state)
    press(&state, .pageUp, .pageUp, .up)
    #expect(render(state) != end)
    press(&state, .down, .pageDown, .pageDown)
    #expect(render(state) == end)
    #expect(state.anchor == nil)
  }

  @Test func aResizeLeavesTheSameTextAtTheTop() {
    var state = Sample.state(long().session)
    state.mode = .normal
    press(&state, .pageUp, .pageUp)
    let before = top(state)
    _ = reduce(&state, .resized(ScreenSize(columns: 60, rows: 20)))
    #expect(top(state) == before)
  }

  @Test func aGrowingReplyDoesNotMoveAViewThatWasScrolledBack() {
    let built = long().ask("one more").openReply("begins")
    var state = Sample.state(built.session)
    state.mode = .normal
    press(&state, .pageUp)
    let before = top(state)
    _ = reduce(&state, .draft("\nand\ngrows\nby\nmany\nrows"))
    #expect(top(state) == before)
  }
}

extension Substring {
  fileprivate var trimmingCharacters: String { String(self).trimmingSpace() }
}

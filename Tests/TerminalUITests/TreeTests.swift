import SessionCore
import TestSupport
import Testing

@testable import TerminalUI

/// The tree page, searching, remarks and the clipboard.
@Suite struct TreeTests {
  private func tree(_ session: Session = Sample.threeWays) -> ScreenState {
    var state = Sample.state(session)
    press(&state, .escape, .tab)
    return state
  }

  @Test func leftAndRightWalkBetweenTurnAndReply() {
    var state = tree()
    press(&state, "h")
    #expect(state.tree?.chosen == TurnID(4))
    press(&state, "l")
    #expect(state.tree?.chosen == TurnID(5))
    press(&state, ">")
    #expect(state.tree?.chosen == TurnID(6))
    press(&state, "<")
    #expect(state.tree?.chosen == TurnID(5))
  }

  @Test func foldingHidesWhatIsBelowAndSaysHowMuch() {
    var state = tree()
    press(&state, "g ")
    #expect(state.tree?.rows.count == 1)
    #expect(render(state).text.contains("6 below"))
    press(&state, .escape, .tab)
    #expect(state.tree?.rows.count == 1, "a fold is remembered")
    press(&state, .character(" "))
    #expect(state.tree?.rows.count == 7)
  }

  @Test func foldingAllLeavesTheConversationAsItStands() {
    let session = SessionBuilder(seed: 1).ask("Q").reply("A").feedback(.unary).reply("B")
      .go(TurnID(1)).feedback(.critique, "no").reply("C").session
    var state = tree(session)
    press(&state, "Z")
    #expect(state.tree?.rows.map(\.turn.position) == [0, 1, 2, 4, 5])
    press(&state, "Z")
    #expect(state.tree?.rows.count == 6)
  }

  @Test func aFilterShowsOneKindOfFeedbackWithItsReplies() {
    var state = tree()
    press(&state, "f")
    #expect(state.tree?.rows.map(\.turn.position) == [2, 3])
    #expect(state.notice == .told("shown: try again"))
    press(&state, "f")
    #expect(state.tree?.rows.map(\.turn.position) == [4, 5, 6])
    press(&state, "fff")
    #expect(state.tree?.filter == .regenerated)
    #expect(render(state).text.contains("None of them"))
  }

  @Test func aRatingMayHaveAReasonAndAnotherComesLater() {
    var state = Sample.state(Sample.threeWays, hasScreen: false)
    #expect(
      reduce(&state, .line("/rate 2 the carry is lost"))
        == [.perform(.rate(.stars(2))), .perform(.note("rated 2 of 5: the carry is lost"))])
    #expect(state.work.running == 2)
    #expect(
      reduce(&state, .line("/rate 0 judged too soon"))
        == [.perform(.rate(nil)), .perform(.note("no longer rated: judged too soon"))])
  }

  @Test func onTheTreeTheChosenReplyIsRated() {
    var state = tree()
    press(&state, "kkk")
    #expect(press(&state, "+") == [.perform(.rate(.up, of: TurnID(3)))])
    #expect(press(&state, "-") == [.perform(.rate(.down, of: TurnID(3)))])
    #expect(press(&state, "0") == [.perform(.rate(nil, of: TurnID(3)))])
  }

  @Test func searchingTheTreeGoesRoundAndSaysWhenNothingIsThere() {
    var state = tree()
    press(&state, "/seven")
    #expect(state.page == .tree)
    press(&state, .enter)
    #expect(state.tree?.chosen == TurnID(4))
    press(&state, "/nowhere")
    #expect(press(&state, .enter) == [.complain(.notFound("nowhere"))])
  }

  @Test func remarksInTheTreeAreAboutTheChosenTurn() {
    var state = tree()
    press(&state, "g")
    #expect(press(&state, "m") == [.perform(.bookmark(TurnID(0)))])
    press(&state, "#hard")
    #expect(press(&state, .enter) == [.perform(.tag("hard", on: TurnID(0)))])
    #expect(state.page == .tree)
    press(&state, "a")
    press(&state, "see")
    #expect(press(&state, .enter) == [.perform(.note("see", on: TurnID(0)))])
  }

  @Test func tagsOfOnesOwnAreOfferedAndCompleted() {
    let session = SessionBuilder(seed: 1).ask("Q").reply("A").performing(.tag("hard")).session
    var state = Sample.state(session)
    state.completions = .init(tags: ["wrong-step", "wrong-sum"])
    press(&state, .escape)
    press(&state, "#")
    #expect(render(state).text.contains("Tab wrong-step wrong-sum"))
    press(&state, "wr")
    press(&state, .tab)
    #expect(render(state).text.contains("tag: wrong-s"))
    press(&state, .tab)
    #expect(state.notice == .told("wrong-step  wrong-sum"))
    press(&state, "u")
    press(&state, .tab)
    #expect(press(&state, .enter) == [.perform(.tag("wrong-sum", on: TurnID(1)))])
    state.work.running = 0
    // Those of the session come behind.
    press(&state, "#h")
    press(&state, .tab)
    #expect(press(&state, .enter) == [.perform(.tag("hard", on: TurnID(1), isSet: false))])
  }

  @Test func aTagThatIsThereIsTakenOff() {
    let session = SessionBuilder(seed: 1).ask("Q").reply("A")
      .performing(.tag("#hard")).performing(.bookmark()).session
    var state = Sample.state(session)
    #expect(render(state).text.contains("bookmarked"))
    #expect(render(state).text.contains("#hard"))
    #expect(
      reduce(&state, .line("/tag hard")) == [.perform(.tag("hard", on: TurnID(1), isSet: false))])
    state.work.running = 0
    #expect(
      reduce(&state, .line("/bookmark")) == [.perform(.bookmark(TurnID(1), isSet: false))])
  }

  @Test func theWholeTreeStaysTheSameWhereverOneStands() {
    let seed = SeededGenerator.testSeed(standard: 3)
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<20 {
      let session = RandomWalk.session(steps: 30, using: &generator).session
      let rows = TreeView(session, TurnIndex(session)).rows
      #expect(rows.map(\.turn.position).sorted() == Array(session.turns.indices), "seed \(seed)")
    }
  }
}

@Suite struct FindAndCopyTests {
  @Test func searchingShowsTheNewestPlaceAndGoesOnFromThere() throws {
    var state = Sample.state(Sample.long(questions: 40))
    state.mode = .normal
    press(&state, .control("f"))
    press(&state, "question 7")
    #expect(press(&state, .enter) == [])
    #expect(render(state).text.contains("question 7\n"))
    let found = render(state).cells.filter { $0.ink == .found }.map(\.text).joined()
    #expect(found == "question 7")
    press(&state, .escape)
    #expect(state.search == nil)
  }

  @Test func nothingFoundIsSaid() {
    var state = Sample.state(Sample.threeWays)
    #expect(reduce(&state, .line("/find zebra")) == [.complain(.notFound("zebra"))])
  }

  @Test func aCopyIsHarmlessAndBounded() throws {
    let hostile = "one \u{1B}]52;c;AAAA\u{07} two"
    var state = Sample.state(SessionBuilder(seed: 1).ask("Q").reply(hostile).session)
    state.mode = .normal
    #expect(press(&state, "y") == [.copy("one ␛]52;c;AAAA␇ two")])
    #expect(press(&state, "Y") == [.copy("you:\nQ\n\ntutor:\none ␛]52;c;AAAA␇ two")])
    let long = String(repeating: "x", count: ScreenState.copiedBytesMax + 1)
    var big = Sample.state(SessionBuilder(seed: 1).ask("Q").reply(long).session)
    #expect(
      reduce(&big, .line("/copy"))
        == [.complain(.tooLongToCopy(bytes: long.count, limit: ScreenState.copiedBytesMax))])
  }

  @Test func fiveMoreRepliesComeOneAfterAnother() {
    var state = Sample.state(Sample.threeWays)
    state.mode = .normal
    #expect(press(&state, "R") == [.perform(.regenerate())])
    for _ in 0..<4 {
      #expect(reduce(&state, .performed(entries: 0)) == [.perform(.regenerate())])
    }
    #expect(reduce(&state, .performed(entries: 0)) == [])
    #expect(state.isIdle)
  }

  @Test func stoppingStopsTheRestToo() {
    var state = Sample.state(Sample.threeWays)
    #expect(reduce(&state, .line("/regen 9")) == [.perform(.regenerate())])
    #expect(reduce(&state, .key(.control("c"), at: ReduceTests.now)) == [.cancelReply])
    #expect(reduce(&state, .performed(entries: 0)) == [])
  }
}

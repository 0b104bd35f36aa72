import SessionCore
import TestSupport
import Testing

@testable import TerminalUI

/// Looking into a reply, branching, forking, counts in front of keys.
@Suite struct InspectingTests {
  private var reply: TurnID { Sample.inspection.sheet.turn }

  @Test func theTokensComeAsTheyAreFound() {
    var state = Sample.state(Sample.threeWays)
    state.mode = .normal
    #expect(press(&state, "p") == [.inspect(reply, .live)])
    var inspection = Sample.inspection
    let odds = inspection.odds
    inspection.odds = []
    _ = reduce(&state, .inspected(inspection, .live))
    #expect(render(state).text.contains("the model evaluates it again"))
    _ = reduce(&state, .odds(Array(odds[..<3]), of: reply))
    _ = reduce(&state, .odds(Array(odds[3...]), of: TurnID(0)))
    #expect(state.page?.inspection?.odds.count == 3)
    #expect(!state.isIdle)
    #expect(press(&state, .escape) == [.cancelInspection])
    #expect(state.page == nil)
    _ = reduce(&state, .odds(odds, of: reply))
    _ = reduce(&state, .performed(entries: 0))
    #expect(state.page == nil && state.isIdle)
  }

  @Test func aChosenAlternativeIsBranchedTo() {
    var state = Sample.looking()
    press(&state, .right, .right, .character("j"), .character("j"))
    #expect(
      press(&state, .enter)
        == [.cancelInspection, .branch(reply, at: 2, .token(91))])
    #expect(state.page == nil && !state.isIdle)
  }

  @Test func theTokenThatStandsThereAndTheEndAreNoBranch() {
    var state = Sample.looking()
    #expect(press(&state, .enter) == [.complain(.branchIsSame)])
    press(&state, .down)
    #expect(press(&state, .enter) == [.complain(.branchEnds)])
    #expect(state.page != nil && state.isIdle)
  }

  @Test func behindTheEndOneCanGoOn() {
    var state = Sample.looking()
    press(&state, .character("G"), .down)
    #expect(
      press(&state, .enter) == [.cancelInspection, .branch(reply, at: 7, .token(91))])
  }

  @Test func surprisesAreAKeyAway() {
    var state = Sample.looking()
    press(&state, "n")
    #expect(render(state).text.contains("token 5 of 7 ‹↵›"))
    press(&state, "n")
    #expect(state.notice == .told("every other token on that side was the likeliest"))
    press(&state, .character("l"), .character("N"))
    #expect(render(state).text.contains("token 5 of 7"))
  }

  @Test func thePromptIsTheOtherViewAndScrolls() {
    var state = Sample.looking(ScreenSize(columns: 40, rows: 12))
    press(&state, .tab)
    #expect(render(state).text.contains("prompt of turn 7"))
    press(&state, .character("G"), .right)
    #expect(render(state).text.contains("<|im_end|>"))
    press(&state, .tab)
    #expect(render(state).text.contains("token 1 of 7"))
  }

  @Test func onTheTreeTheChosenReplyIsMeant() {
    var state = Sample.state(Sample.threeWays)
    state.mode = .normal
    press(&state, .tab, .character("g"), .character("j"))
    #expect(press(&state, "p") == [.inspect(TurnID(1), .live)])
    _ = reduce(&state, .failed("no tokens", entries: 0))
    press(&state, "k")
    #expect(press(&state, "p") == [.complain(.refused(.notAReply(TurnID(0))))])
  }

  @Test func withoutAScreenEverythingComesAtOnceInWords() {
    var state = Sample.state(Sample.threeWays, hasScreen: false)
    #expect(reduce(&state, .line("/inspect")) == [.inspect(reply, .whole)])
    _ = reduce(&state, .inspected(Sample.inspection, .whole))
    let lines = InspectPane.report(
      on: Sample.inspection, InspectionView(), in: state, columns: 1 << 20
    ).map { Sanitise.visible($0.text) }
    #expect(lines[0] == "turn 7 · attempt 4 of 4 · edited in place · tutor")
    #expect(
      lines[1]
        == "sampler: repetition penalty off → temperature 0.6 → top-k 40 → top-p 0.95 → min-p 0.05"
        + " · at most 512 tokens")
    #expect(
      lines.contains(
        "token 3 of 7 ‹ 7␛[2J› 18 · p 0.6250 · chance 0.6250 · the likeliest"))
    #expect(lines.contains("  2  0.2500  0.2500  <|im_end|>  2  ends the reply"))
    #expect(lines.contains("behind the last of 7 tokens"))
    _ = reduce(&state, .performed(entries: 0))
    #expect(
      reduce(&state, .line("/branch 3 2"))
        == [.cancelInspection, .branch(reply, at: 2, .number(2))])
  }

  @Test(arguments: [
    (0.0, "0.0000"), (1, "1.0000"), (0.43125, "0.4313"), (0.00004, "<0.0001"), (.nan, "?"),
  ])
  func sharesHaveFourDigits(value: Double, text: String) {
    #expect(InspectPane.share(value) == text)
  }

  // MARK: - Counts

  @Test func aNumberBeforeRDrawsSoMany() {
    var state = Sample.state(Sample.threeWays)
    state.mode = .normal
    #expect(press(&state, "5") == [.wait(milliseconds: 600, serial: 1)])
    #expect(press(&state, "r") == [.perform(.regenerate())])
    #expect(state.queue == Array(repeating: .regenerate(), count: 4))
    #expect(reduce(&state, .waited(serial: 1)) == [])
  }

  @Test func aDigitAloneIsARatingOfTheReplyOnTheScreen() {
    var state = Sample.state(Sample.threeWays)
    state.mode = .normal
    press(&state, "4")
    #expect(reduce(&state, .waited(serial: 1)) == [.perform(.rate(.stars(4), of: reply))])
    #expect(state.notice == nil)
  }

  @Test func aDigitBeforeAnotherKeyIsARatingToo() {
    var state = Sample.state(Sample.threeWays)
    state.mode = .normal
    let again = Command.giveFeedback(.unary, Feedback.unaryWording)
    press(&state, "2")
    #expect(
      press(&state, "t") == [.perform(again), .perform(.rate(.stars(2), of: reply))])
  }

  @Test func escapeForgetsANumberAndLongOnesRateNothing() {
    var state = Sample.state(Sample.threeWays)
    state.mode = .normal
    press(&state, "3")
    #expect(press(&state, .escape) == [])
    #expect(reduce(&state, .waited(serial: 1)) == [])
    press(&state, .character("1"), .character("2"))
    #expect(reduce(&state, .waited(serial: 1)) == [])
    #expect(reduce(&state, .waited(serial: 2)) == [])
    press(&state, .character("1"), .character("0"), .character("0"), .character("0"))
    press(&state, "r")
    #expect(state.queue.count == SlashCommand.regenerationsMax - 1)
  }

  @Test func aRatingIsRecordedBeforeTheProgramEnds() {
    var state = Sample.state(Sample.threeWays)
    state.mode = .normal
    press(&state, "3")
    #expect(press(&state, "q") == [.perform(.rate(.stars(3), of: reply))])
    #expect(reduce(&state, .performed(entries: 0)) == [.quit])
  }

  // MARK: - Forks, exports, completion

  @Test func aForkBeginsAtTheHeadOrAtTheChosenTurn() {
    var state = Sample.state(Sample.threeWays)
    state.mode = .normal
    #expect(press(&state, "F") == [.fork(reply, path: nil)])
    _ = reduce(&state, .exported("forked: x"))
    #expect(state.notice == .told("forked: x"))
    press(&state, .tab, .character("g"))
    #expect(press(&state, "F") == [.fork(TurnID(0), path: nil)])
    var empty = Sample.state(Sample.empty)
    #expect(reduce(&empty, .line("/fork")) == [.complain(.refused(.noReply))])
  }

  @Test func argumentsAreCompleted() {
    var state = Sample.state(
      SessionBuilder(seed: 1).ask("a").reply("b").performing(.tag("hard")).performing(.tag("hot"))
        .session)
    press(&state, "/tag ha")
    press(&state, .tab)
    #expect(state.prompt.text == "/tag hard")
    state.prompt.set("/tag ")
    press(&state, .tab)
    #expect(state.prompt.text == "/tag h")
    press(&state, .tab)
    #expect(state.notice == .told("hard  hot"))
    state.prompt.set("/fork my fi")
    #expect(press(&state, .tab) == [.listPaths("my fi")])
    _ = reduce(&state, .paths(["my file.tern.jsonl"], beginning: "my fi"))
    #expect(state.prompt.text == "/fork my file.tern.jsonl")
    state.prompt.set("/try x")
    #expect(press(&state, .tab) == [])
  }
}

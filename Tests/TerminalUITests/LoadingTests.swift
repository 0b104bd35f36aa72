import SessionCore
import TestSupport
import Testing

@testable import TerminalUI

/// The screen while the record is read and the model is loaded.
@Suite struct LoadingTests {
  private static let facts = ScreenState.ModelFacts(name: "tutor", contextTokensMax: 1024)

  private func starting(_ session: Session = Sample.empty) -> ScreenState {
    ScreenState(
      session: session, model: .init(name: "tutor", contextTokensMax: nil),
      loading: .model(fraction: 0.42, bytes: 1_700_000),
      size: ScreenSize(columns: 80, rows: 24))
  }

  private func bottom(_ state: ScreenState) -> String {
    render(state).text.split(separator: "\n").first { $0.hasPrefix("── ") }.map(String.init) ?? ""
  }

  @Test func theStatusLineSaysHowFarLoadingHasCome() {
    var state = starting()
    #expect(bottom(state).contains("tutor · loading 42 % of 1.7 MB"))
    _ = reduce(&state, .loading(.record(bytes: 5_000_000, of: 20_000_000)))
    #expect(bottom(state).contains("reading the record 25 % of 20.0 MB"))
    _ = reduce(&state, .opened(Sample.empty, Self.facts))
    #expect(bottom(state).contains("tutor · ready"))
  }

  @Test func aMessageSentTooEarlyWaitsAndGoesOutWhenTheModelIsThere() {
    var state = starting()
    press(&state, "What is 2 + 2?")
    #expect(press(&state, .enter) == [])
    #expect(bottom(state).contains("1 waiting"))
    #expect(state.prompt.isEmpty)
    let effects = reduce(&state, .opened(Sample.empty, Self.facts))
    #expect(effects == [.perform(.ask("What is 2 + 2?"))])
    #expect(state.work.running == 1)
  }

  @Test func onlyOneMessageWaitsAndTheSecondStaysOnTheLine() {
    var state = starting()
    press(&state, "one")
    press(&state, .enter)
    press(&state, "two")
    #expect(press(&state, .enter) == [.complain(.stillLoading)])
    #expect(state.prompt.text == "two")
  }

  @Test func controlCTakesTheWaitingMessageBackOntoTheLine() {
    var state = starting()
    press(&state, "one")
    press(&state, .enter)
    #expect(reduce(&state, .interrupt(at: 10_000)) == [])
    #expect(state.prompt.text == "one")
    #expect(reduce(&state, .opened(Sample.empty, Self.facts)) == [])
    #expect(reduce(&state, .interrupt(at: 10_500)) == [.quit])
  }

  @Test func anOldSessionIsReadAndScrolledBeforeTheModelIsThere() {
    var state = starting()
    _ = reduce(&state, .loading(.record(bytes: 1, of: 2)))
    _ = reduce(&state, .recordRead(Sample.long(questions: 40)))
    press(&state, .escape)
    press(&state, "g")
    #expect(render(state).text.contains("question 1"))
    press(&state, .tab)
    #expect(render(state).text.contains("elsewhere"))
    #expect(state.tree?.rows.count == Sample.long(questions: 40).turns.count)
  }

  @Test func lookingBackIsNotLostWhenTheModelComes() {
    var state = starting()
    let session = Sample.long(questions: 40)
    _ = reduce(&state, .recordRead(session))
    press(&state, .pageUp, .pageUp)
    let before = state.anchor
    #expect(before != nil)
    _ = reduce(&state, .opened(session, Self.facts))
    #expect(state.anchor == before)
    #expect(state.index == TurnIndex(session))
  }

  @Test func theLinesOfTheSessionAreInTheHistoryOnce() {
    var state = starting()
    let session = Sample.wrongStep
    _ = reduce(&state, .recordRead(session))
    _ = reduce(&state, .opened(session, Self.facts))
    #expect(state.prompt.history.lines == ["What is 12 × 7?"])
  }

  @Test func withoutAModelTheSessionIsStillReadAndTheReasonStays() {
    var state = starting(Sample.threeWays)
    _ = reduce(&state, .loading(.failed("m.gguf: there is no such file")))
    #expect(render(state).text.contains("there is no such file"))
    #expect(render(state).text.contains("no model"))
    press(&state, .escape)
    #expect(press(&state, "t") == [.complain(.noModel("m.gguf: there is no such file"))])
    press(&state, "g")
    #expect(render(state).text.contains("there is no such file"))
    #expect(press(&state, "q") == [.quit])
  }

  @Test func aRemarkMadeTooEarlyWaitsToo() {
    var state = starting(Sample.threeWays)
    press(&state, .escape)
    press(&state, "+")
    press(&state, "t")
    #expect(bottom(state).contains("2 waiting"))
    let first = reduce(&state, .opened(Sample.threeWays, Self.facts))
    #expect(first == [.perform(.rate(.up))])
    let entries = Sample.threeWays.entryCount
    #expect(
      reduce(&state, .performed(entries: entries))
        == [.perform(.giveFeedback(.unary, Feedback.unaryWording))])
  }
}

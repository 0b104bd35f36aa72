import SessionCore
import TestSupport
import Testing

@testable import TerminalUI

/// `/model` and `/preset`: another model in the middle of a conversation.
@Suite struct ModelChoiceTests {
  private static let other = ScreenState.ModelFacts(name: "other", contextTokensMax: 4096)

  private func choosing(_ session: Session = Sample.threeWays, hasScreen: Bool = true)
    -> ScreenState
  {
    var state = Sample.state(session, hasScreen: hasScreen)
    #expect(reduce(&state, .line("/model other")) == [.chooseModel("other")])
    return state
  }

  private func status(_ state: ScreenState) -> String {
    render(state).text.split(separator: "\n").first { $0.hasPrefix("── ") }.map(String.init) ?? ""
  }

  /// What the driver publishes when the model is there.
  private func arrive(_ state: inout ScreenState) -> [Effect] {
    let entry = Entry(
      sequence: state.session.entryCount + 1, time: 0,
      event: .settingsChanged(SettingsChange(model: "other")))
    _ = reduce(&state, .entry(entry))
    return reduce(&state, .adopted(Self.other, entries: entry.sequence, words: nil))
  }

  @Test func theStatusLineShowsWhoAnswersAndHowFarTheOtherOneIs() {
    var state = choosing()
    #expect(!state.isIdle)
    _ = reduce(&state, .loading(.other("models/other.gguf", fraction: 0.43, bytes: 1_200_000_000)))
    #expect(status(state).contains("tutor · loading other 43 % of 1200.0 MB"))
    #expect(arrive(&state) == [])
    #expect(status(state).contains("other · ready") && status(state).contains("/4096"))
    #expect(state.notice == .told("model other") && state.isIdle)
    // The history is as it was.
    #expect(state.session.turns == Sample.threeWays.turns)
  }

  @Test func aMessageSentMeanwhileWaitsForTheOtherModel() {
    var state = choosing()
    press(&state, "And 3 × 3?")
    #expect(press(&state, .enter) == [])
    #expect(status(state).contains("1 waiting"))
    #expect(arrive(&state) == [.perform(.ask("And 3 × 3?"))])
  }

  @Test func aModelThatCannotBeLoadedIsOneLineAndTheOldOneStays() {
    var state = choosing()
    press(&state, "And 3 × 3?")
    press(&state, .enter)
    #expect(reduce(&state, .failed("other: there is no such file", entries: 0)) == [])
    #expect(state.notice == .failed("other: there is no such file"))
    #expect(state.model.name == "tutor" && state.loading == nil && state.isIdle)
    // Nobody else reads what was meant for it.
    #expect(state.prompt.text == "And 3 × 3?" && state.queue.isEmpty)
  }

  @Test func controlCStopsTheLoading() {
    var state = choosing()
    #expect(reduce(&state, .interrupt(at: 10_000)) == [.cancelReply])
    _ = reduce(&state, .failed("stopped: tutor goes on", entries: 0))
    _ = reduce(&state, .loading(.other("other", fraction: 0.5, bytes: nil)))
    #expect(state.model.name == "tutor" && state.isIdle && state.loading == nil)
  }

  @Test func onlyOneModelIsLoadedAtATimeAndNoneWhileAReplyIsWritten() {
    var state = choosing()
    #expect(reduce(&state, .line("/model third")) == [.complain(.modelOnItsWay)])
    #expect(reduce(&state, .line("/preset careful")) == [.complain(.modelOnItsWay)])
    var writing = Sample.state(Sample.threeWays)
    writing.work.running = 1
    #expect(reduce(&writing, .line("/model other")) == [.complain(.refused(.replyInProgress))])
    var none = Sample.state(Sample.threeWays)
    _ = reduce(&none, .loading(.failed("no such file")))
    #expect(reduce(&none, .line("/model other")) == [.complain(.noModel("no such file"))])
  }

  @Test func whoAnswersAlreadyIsNotLoadedAgain() {
    var state = Sample.state(Sample.threeWays)
    #expect(reduce(&state, .line("/model tutor")) == [])
    #expect(state.notice == .told("tutor answers already") && state.isIdle)
  }

  @Test func aloneTheyAskForALabelledList() {
    for hasScreen in [true, false] {
      var state = Sample.state(Sample.threeWays, hasScreen: hasScreen)
      #expect(reduce(&state, .line("/model")) == [.list(.models)])
      #expect(!state.isIdle)
      _ = reduce(&state, .listed(ListGoldens.models))
      #expect(state.isIdle && state.page == .list(ListGoldens.models, row: 0))
      #expect(reduce(&state, .line("/preset")) == [.list(.presets)])
    }
  }

  @Test func aPresetMayBringAModelAndWordsOfItsOwn() {
    var state = Sample.state(Sample.threeWays)
    #expect(reduce(&state, .line("/preset careful")) == [.usePreset("careful")])
    _ = reduce(&state, .loading(.other("other", fraction: 0.1, bytes: nil)))
    #expect(status(state).contains("loading other 10 %"))
    // The words may come before the entry they belong to, or behind it.
    let entry = Entry(
      sequence: state.session.entryCount + 1, time: 0,
      event: .settingsChanged(SettingsChange(model: "other", preset: "careful")))
    var late = state
    _ = reduce(&late, .adopted(Self.other, entries: entry.sequence, words: "left out"))
    _ = reduce(&late, .entry(entry))
    _ = reduce(&state, .entry(entry))
    _ = reduce(&state, .adopted(Self.other, entries: entry.sequence, words: "left out"))
    for shown in [state, late] {
      #expect(shown.notice == .told("preset careful · model other; left out"))
      #expect(shown.isIdle)
    }
  }

  @Test func thePlainFrontSaysOnlyWhatTheRecordDoesNot() {
    var state = choosing(hasScreen: false)
    #expect(arrive(&state) == [])
    #expect(state.notice == nil && state.model.name == "other")
  }
}

/// The right-hand side of the status line: measured, or `-`.
@Suite struct StatusFiguresTests {
  private func facts(_ session: Session, limit: Int? = 1024) -> [String] {
    var state = Sample.state(session)
    state.model.contextTokensMax = limit
    return StatusLine(state: state).facts
  }

  @Test func whatWasMeasuredIsShownTheMostImportantFirst() {
    #expect(
      facts(Sample.wrongStep) == [
        "context 33/1024", "100 tokens/s", "seed 42", "first 10 ms", "prompt 500 tokens/s",
      ])
  }

  @Test func whatNobodyMeasuredIsADash() {
    #expect(facts(Sample.empty) == ["context -/1024", "seed 42"])
    #expect(facts(Sample.empty, limit: nil) == ["seed 42"])
    let stopped = SessionBuilder(seed: 42).ask("a b").reply("c d e", stopped: .cancelled).session
    #expect(
      facts(stopped, limit: nil) == [
        "context 5/-", "- tokens/s", "seed 42", "first -", "prompt - tokens/s",
      ])
  }

  @Test func whatIsSetOtherwiseThanUsualIsShown() {
    let session = SessionBuilder(seed: 42)
      .performing(
        .set(
          SettingsChange(
            seed: 7, sampling: Sampling(temperature: 0.2, topK: 5),
            wordings: Wordings(tryAgain: "No.")))
      ).session
    #expect(
      facts(session) == ["context -/1024", "temperature 0.2", "top-k 5", "own wordings", "seed 7"])
  }

  @Test func aReplyBeingWrittenIsTimedFromItsFirstPieceToItsLast() throws {
    let open = SessionBuilder(seed: 42).ask("?").openReply("one")
    #expect(facts(open.session)[1] == "- tokens/s")
    var session = open.session
    let last = try #require(open.entries.last)
    try session.apply(
      Entry(
        sequence: last.sequence + 1, time: last.time + 500,
        event: .replyExtended(text: " two", tokens: [1, 2, 3])))
    #expect(facts(session)[1] == "6.0 tokens/s")
    #expect(Array(facts(session)[3...]) == ["first -", "prompt - tokens/s"])
  }

  @Test func whereItIsNarrowTheLeastImportantGoes() {
    for (columns, count) in [(200, 5), (80, 4), (60, 2), (40, 1)] {
      let state = Sample.state(Sample.wrongStep, ScreenSize(columns: columns, rows: 24))
      let line = StatusLine(state: state).line(columns: columns)
      #expect(line.width == columns)
      let shown = facts(Sample.wrongStep).prefix { line.text.contains($0) }
      #expect(shown.count == count, "\(line.text)")
    }
  }
}

/// Whole screens of lists and of a model that is being loaded.
@Suite struct ListGoldens {
  static let models = Listing(
    title: "Models at hand",
    rows: [
      .init("tutor", "bundled", isChosen: true), .init("tutor-f16", "bundled"),
      .init("falcon", "/srv/models/ggml-model-i2_s.gguf, also f3, 漢字"),
      .init("/srv/a/very/long/path/to/some/other/folder/of/models/model.gguf", "漢字 👩‍👩‍👧"),
    ],
    foot: "/model NAME lets one answer from here on.")

  @Test(arguments: FrameGoldens.sizes) func theModelsAtHand(size: ScreenSize) {
    var state = Sample.state(Sample.threeWays, size)
    _ = reduce(&state, .line("/model"))
    _ = reduce(&state, .listed(Self.models))
    FrameGoldens().check(state, "models")
  }

  @Test(arguments: FrameGoldens.sizes) func theSettingsInForce(size: ScreenSize) throws {
    var state = Sample.state(Sample.threeWays, size)
    for line in ["/set temperature 0.2", "/set try-again Not so: 漢字. Again."] {
      try DuelTests().carryOut(reduce(&state, .line(line)), &state)
    }
    _ = reduce(&state, .line("/set"))
    FrameGoldens().check(state, "settings")
  }

  @Test(arguments: FrameGoldens.sizes) func anotherModelBeingLoaded(size: ScreenSize) {
    var state = Sample.state(Sample.threeWays, size)
    _ = reduce(&state, .line("/model other"))
    _ = reduce(&state, .loading(.other("other", fraction: 0.43, bytes: 1_200_000_000)))
    press(&state, "And 3 × 3?")
    press(&state, .enter)
    FrameGoldens().check(state, "loading-other")
  }

  @Test func aListScrollsAndIsLeftLikeAnyPage() {
    var state = Sample.state(Sample.threeWays, ScreenSize(columns: 40, rows: 12))
    _ = reduce(&state, .line("/set"))
    #expect(!render(state).text.contains("critique"))
    press(&state, "G")
    #expect(render(state).text.contains("critique"))
    press(&state, .escape)
    #expect(state.page == nil)
  }
}

import SessionCore
import TestSupport
import Testing

@testable import TerminalUI

/// The table of keys, rebinding it, vi's commands and the palette.
@Suite struct RebindingTests {
  @Test func noKeyMeansTwoThingsAndEveryNameIsUnique() throws {
    try Keymap.standard.checkNothingIsTakenTwice()
    for context in Keymap.Context.allCases {
      let names = Keymap.standard.bindings.filter { $0.context == context }.map(\.name)
      #expect(Set(names).count == names.count, "\(context)")
    }
  }

  @Test func everyKeyIsFoundByTheNameTheHelpGivesIt() {
    for row in Keymap.standard.bindings {
      for key in row.keys { #expect(Key(key.description) == key, "\(key)") }
    }
    #expect(Key("ctrl-t") == .control("t"))
    #expect(Key("Ctrl-") == nil)
    #expect(Key("Hyper-x") == nil)
  }

  @Test func aKeyCanBeGivenToAnotherDeed() throws {
    var keymap = Keymap.standard
    try keymap.bind("try-again", in: "normal", to: ["Ctrl-T", "T"])
    try keymap.checkNothingIsTakenTwice()
    var state = ScreenState(
      session: Sample.threeWays, model: .init(name: "tutor", contextTokensMax: nil),
      size: ScreenSize(columns: 80, rows: 24), keymap: keymap)
    press(&state, .escape)
    #expect(press(&state, "t") == [])
    #expect(press(&state, "T") == [.perform(.giveFeedback(.unary, "Try again."))])
  }

  @Test func whatCannotBeBoundSaysWhy() {
    var keymap = Keymap.standard
    #expect(throws: Keymap.Problem.unknownContext("norml")) {
      try keymap.bind("help", in: "norml", to: ["x"])
    }
    #expect(throws: Keymap.Problem.unknownKey("Foo")) {
      try keymap.bind("help", in: "normal", to: ["Foo"])
    }
    #expect(throws: Keymap.Problem.unknownEditingMode("nano")) {
      try keymap.setEditingMode("nano")
    }
    #expect(throws: Keymap.Problem.taken(.character("t"), by: "try-again, help")) {
      try keymap.bind("help", in: "normal", to: ["t"])
      try keymap.checkNothingIsTakenTwice()
    }
  }

  @Test func thePaletteFindsAndDoes() {
    var state = Sample.state(Sample.threeWays)
    press(&state, .escape, .character(":"))
    press(&state, "again no why")
    #expect(render(state).text.contains("Nothing of that name"))
    press(&state, .control("u"))
    press(&state, "without why")
    #expect(
      press(&state, .enter) == [.perform(.giveFeedback(.unary, Feedback.unaryWording))])
    #expect(state.mode == .normal)
  }

  @Test func thePalettePutsACommandWithArgumentsOnTheLine() {
    var state = Sample.state(Sample.threeWays)
    press(&state, .escape, .control("p"))
    press(&state, "/note")
    press(&state, .enter)
    #expect(state.mode == .insert)
    #expect(state.prompt.text == "/note ")
  }
}

@Suite struct ViTests {
  private func typed(_ keys: String, in text: String, then more: [Key] = []) -> ScreenState {
    var keymap = Keymap.standard
    keymap.editingMode = .vi
    var state = ScreenState(
      session: Sample.threeWays, model: .init(name: "tutor", contextTokensMax: nil),
      size: ScreenSize(columns: 80, rows: 24), keymap: keymap)
    press(&state, text)
    press(&state, .escape)
    press(&state, keys)
    for key in more { press(&state, key) }
    return state
  }

  @Test(arguments: [
    ("0dw", "one two three", "two three"), ("bdw", "one two three", "one two "),
    ("0D", "one two", ""), ("dd", "one two", ""), ("0x", "one", "ne"),
    ("0cwONE ", "one two", "ONE two"),
    ("0yw$p", "ab cd", "ab cdab "), ("ccnew", "old", "new"), ("Iso ", "it", "so it"),
    ("A!", "it", "it!"),
    ("0dwu", "one two", "one two"), ("hhrq", "abc", "abc"), ("d0", "one", "e"),
    ("dx", "one", "on"),
  ])
  func commands(keys: String, text: String, expected: String) {
    #expect(typed(keys, in: text).prompt.text == expected)
  }

  @Test func aSecondEscapeLeavesTheLine() {
    let state = typed("", in: "half a line", then: [.escape])
    #expect(state.mode == .normal)
    #expect(state.prompt.text == "half a line")
  }
}

@Suite struct HistoryTests {
  @Test func controlRFindsOlderLines() {
    var state = ScreenState(
      session: Sample.empty, model: .init(name: "tutor", contextTokensMax: nil),
      size: ScreenSize(columns: 80, rows: 24),
      history: ["What is 2 + 2?", "Name a river", "What is 3 + 3?"])
    press(&state, .control("r"))
    press(&state, "what")
    #expect(render(state).text.contains("What is 3 + 3?"))
    press(&state, .control("r"))
    #expect(render(state).text.contains("What is 2 + 2?"))
    #expect(press(&state, .enter) == [])
    #expect(state.prompt.text == "What is 2 + 2?")
    #expect(state.mode == .insert)
  }

  @Test func tabCompletesFormatsAndAsksForFiles() {
    var state = ScreenState(
      session: Sample.threeWays, model: .init(name: "tutor", contextTokensMax: nil),
      size: ScreenSize(columns: 80, rows: 24),
      completions: .init(formats: ["markdown", "messages"]))
    press(&state, "/export ma")
    press(&state, .tab)
    #expect(state.prompt.text == "/export markdown ")
    press(&state, "ou")
    #expect(press(&state, .tab) == [.listPaths("ou")])
    _ = reduce(&state, .paths(["out/"], beginning: "ou"))
    #expect(state.prompt.text == "/export markdown out/")
    _ = reduce(&state, .paths(["late"], beginning: "ou"))
    #expect(state.prompt.text == "/export markdown out/")
  }

  @Test func theMessageAndACritiqueAreWrittenOutside() {
    var state = Sample.state(Sample.threeWays)
    press(&state, "begun")
    #expect(press(&state, .control("x"), .control("e")) == [.writeOutside(.message, "begun")])
    #expect(reduce(&state, .written("begun\nand done\n", .message)) == [])
    #expect(state.prompt.text == "begun\nand done")
    press(&state, .escape)
    #expect(press(&state, "C") == [.writeOutside(.critique, "")])
    #expect(
      reduce(&state, .written("It is 84.\n", .critique))
        == [.perform(.giveFeedback(.critique, "It is 84."))])
  }
}

/// Whatever is pressed, nothing crashes and no turn is lost.
@Suite struct RandomKeysTests {
  @Test func randomKeysNeverCrashAndNeverLoseATurn() throws {
    let seed = SeededGenerator.testSeed(standard: 17)
    var generator = SeededGenerator(seed: seed)
    let keys = Keymap.standard.bindings.flatMap(\.keys) + "aZ0é漢/".map { Key.character($0) }
    for walk in 0..<40 {
      let built = RandomWalk.session(steps: 12, using: &generator)
      var keymap = Keymap.standard
      if walk % 2 == 1 { keymap.editingMode = .vi }
      var session = built.session
      var state = ScreenState(
        session: session, model: .init(name: "tutor", contextTokensMax: 100),
        size: ScreenSize(columns: 80, rows: 24), keymap: keymap)
      for step in 0..<150 {
        let action = action(keys, step, using: &generator)
        for effect in reduce(&state, action) {
          guard case .perform(let command) = effect else { continue }
          perform(command, &session, &state)
        }
        #expect(state.session.turns.count == session.turns.count, "seed \(seed), walk \(walk)")
        let frame = render(state)
        #expect(frame.cells.count == state.size.columns * state.size.rows)
        if let cursor = frame.cursor {
          #expect(
            cursor.row < state.size.rows && cursor.column < state.size.columns,
            "seed \(seed), walk \(walk), step \(step)")
        }
      }
    }
  }

  private func action(
    _ keys: [Key], _ step: Int, using generator: inout SeededGenerator
  ) -> Action {
    switch Int.random(in: 0..<20, using: &generator) {
    case 0:
      return .resized(
        ScreenSize(
          columns: Int.random(in: 1...120, using: &generator),
          rows: Int.random(in: 1...40, using: &generator)))
    case 1: return .paste(RandomWalk.text(using: &generator))
    case 2: return .draft(RandomWalk.text(using: &generator))
    default:
      return .key(
        keys.randomElement(using: &generator) ?? .escape,
        at: VirtualClock.start + Timestamp(step) * 3000)
    }
  }

  /// Does what the driver would: decides, and writes a short reply.
  private func perform(_ command: Command, _ session: inout Session, _ state: inout ScreenState) {
    let before = session
    if let decision = try? decide(command, session) {
      var events = decision.events
      if let order = decision.order {
        events += [
          .replyStarted(
            ReplyStarted(
              parent: order.parent, origin: order.origin, kept: order.kept, spans: order.spans,
              keptTokens: order.keptTokens,
              recipe: nil)),
          .replyExtended(text: "a reply", tokens: [1]), .replyFinished(.endOfTurn, nil),
        ]
      }
      for event in events {
        let entry = Entry(
          sequence: session.entryCount + 1, time: VirtualClock.start, event: event)
        do {
          try session.apply(entry)
        } catch {
          Issue.record("\(command) was decided and does not apply: \(error)")
          session = before
          return
        }
        _ = reduce(&state, .entry(entry))
      }
    }
    _ = reduce(&state, .performed(entries: session.entryCount))
  }
}

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

  @Test func aKeyAsksForFormatAndFileOfThisBranch() {
    var state = ScreenState(
      session: Sample.threeWays, model: .init(name: "tutor", contextTokensMax: nil),
      size: ScreenSize(columns: 80, rows: 24),
      completions: .init(formats: ["html", "markdown", "messages"]))
    press(&state, "half a message")
    press(&state, .escape)
    press(&state, "x")
    #expect(render(state).text.contains("export up to turn 7 as: markdown"))
    #expect(
      press(&state, .enter)
        == [.export(ExportRequest(format: "markdown", path: nil, branch: TurnID(6)))])
    _ = reduce(&state, .exported("written"))
    press(&state, "x")
    press(&state, .control("u"))
    press(&state, "h")
    press(&state, .tab)
    press(&state, "~/o")
    #expect(press(&state, .tab) == [.listPaths("~/o")])
    _ = reduce(&state, .paths(["~/out.html"], beginning: "~/o"))
    #expect(
      press(&state, .enter)
        == [.export(ExportRequest(format: "html", path: "~/out.html", branch: TurnID(6)))])
    #expect(state.prompt.text == "half a message" && state.mode == .normal)
  }

  @Test func onTheTreeItIsTheBranchOfTheChosenTurn() {
    var state = Sample.state(Sample.threeWays)
    press(&state, .escape, .tab)
    press(&state, "kkkx")
    #expect(state.page == .tree)
    press(&state, .control("u"))
    press(&state, "dpo")
    #expect(
      press(&state, .enter)
        == [.export(ExportRequest(format: "dpo", path: nil, branch: TurnID(3)))])
  }

  @Test func whatWasDoneIsWrittenAsAScriptOnceSomethingWasDone() {
    var state = Sample.state(Sample.empty)
    #expect(reduce(&state, .line("/macro a.yaml")) == [.complain(.noPrompt)])
    state = Sample.state(Sample.threeWays)
    #expect(reduce(&state, .line("/macro a.yaml")) == [.macro(path: "a.yaml")])
    #expect(!state.isIdle)
  }

  @Test func theMessageAndACritiqueAreWrittenOutside() {
    var state = Sample.state(Sample.threeWays)
    press(&state, "begun")
    #expect(press(&state, .control("x"), .control("e")) == [.writeOutside(.message, "begun")])
    #expect(reduce(&state, .written("begun\nand done\n", .message)) == [])
    #expect(state.prompt.text == "begun\nand done")
    press(&state, .escape)
    guard case .writeOutside(.critique, let file)? = press(&state, "C").first else {
      Issue.record("no critique is written")
      return
    }
    #expect(file.contains("kind: critique"))
    #expect(
      reduce(&state, .written("It is 84.\n", .critique))
        == [.perform(.giveFeedback(.critique, "It is 84."))])
  }
}

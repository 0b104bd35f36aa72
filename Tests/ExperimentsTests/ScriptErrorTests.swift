import StrictYAML
import TestSupport
import Testing

@testable import Experiments

/// A mistake in a script is found with its line, column, path and what is allowed instead.
@Suite struct ScriptErrors {
  struct Mistake: CustomTestStringConvertible {
    var yaml: String
    var line: Int
    var column: Int
    var path: String
    var reason: ScriptError.Reason
    var testDescription: String { "\(reason)" }

    init(
      _ yaml: String, _ line: Int, _ column: Int, _ path: String, _ reason: ScriptError.Reason
    ) {
      (self.yaml, self.line, self.column) = (yaml, line, column)
      (self.path, self.reason) = (path, reason)
    }
  }

  static let head = "terntable: 1\nname: x\n"
  static let turns = "turns:\n  - prompt: Hi\n"

  static let mistakes: [Mistake] = [
    Mistake(
      head + "turnz:\n  - prompt: Hi\n", 3, 1, "turnz",
      .unknownKey("turnz", allowed: ScriptShape.script.keys, nearest: "turns")),
    Mistake(
      head + "sampling: { temprature: 1 }\n" + turns, 3, 13, "sampling.temprature",
      .unknownKey("temprature", allowed: ScriptShape.sampling.keys, nearest: "temperature")),
    Mistake(
      head + turns + "  - unry: Again\n", 5, 5, "turns[1].unry",
      .unknownKey("unry", allowed: ScriptShape.turn.keys, nearest: "unary")),
    Mistake(
      head + "sampling:\n  temperature: warm\n" + turns, 4, 16, "sampling.temperature",
      .wrongShape(expected: .number, found: .text)),
    Mistake(
      head + "sampling:\n  top_p: 1.5\n" + turns, 4, 10, "sampling.top_p",
      .outOfRange("1.5", allowed: "0.001...1.0")),
    Mistake(
      head + "sampling:\n  top_p: 0\n" + turns, 4, 10, "sampling.top_p",
      .outOfRange("0", allowed: "0.001...1.0")),
    Mistake(
      head + "sampling: { top_k: 2.5 }\n" + turns, 3, 20, "sampling.top_k",
      .wrongShape(expected: .wholeNumber, found: .number)),
    Mistake(
      head + "seed: -1\n" + turns, 3, 7, "seed",
      .outOfRange("-1", allowed: "0...18446744073709551615")),
    Mistake(head + "seeds: [1, 1]\n" + turns, 3, 12, "seeds[1]", .repeatedName("1")),
    Mistake(
      head + "seed: 1\nseeds: [1]\n" + turns, 4, 1, "seeds", .conflictingKeys(["seed", "seeds"])),
    Mistake(
      head + "history: chatty\n" + turns, 3, 10, "history",
      .unknownValue("chatty", allowed: ["chat", "single_message"], nearest: "chat")),
    Mistake("name: x\n" + turns, 1, 1, "", .missingKey("terntable")),
    Mistake(
      "terntable: 2\nname: x\n" + turns, 1, 12, "terntable",
      .unsupportedVersion("2", supported: 1)),
    Mistake(
      "terntable: 1\nname: a/b\n" + turns, 2, 7, "name", .badName("a/b", bytesMax: 64)),
    Mistake(head, 1, 1, "", .missingOneOf(["turns", "arms"])),
    Mistake(
      head + turns + "arms: {}\n", 5, 1, "arms", .conflictingKeys(["turns", "arms"])),
    Mistake(head + "turns: []\n", 3, 8, "turns", .emptyList),
    Mistake(head + "turns: Hi\n", 3, 8, "turns", .wrongShape(expected: .list, found: .text)),
    Mistake(head + "turns:\n  - unary\n", 4, 5, "turns[0]", .noPromptYet),
    Mistake(head + "turns:\n  - prompt: ' '\n", 4, 13, "turns[0].prompt", .emptyText),
    Mistake(
      head + turns + "  - unary: No\n    critique: Why\n", 6, 5, "turns[1].critique",
      .conflictingKeys(["unary", "critique"])),
    Mistake(
      head + turns + "  - repeat: 2\n", 5, 5, "turns[1]", .missingOneOf(ScriptShape.actions)),
    Mistake(
      head + turns + "  - unary: No\n    repeat: 0\n", 6, 13, "turns[1].repeat",
      .outOfRange("0", allowed: "1...100")),
    Mistake(
      head + turns + "    repeat: 2\n", 5, 13, "turns[0].repeat", .cannotRepeat("prompt")),
    Mistake(
      head + turns + "  - edit: { find: a }\n", 5, 11, "turns[1].edit", .missingKey("replace")),
    Mistake(
      head + turns + "  - edit: { auto: first-step }\n", 5, 19, "turns[1].edit.auto",
      .unknownValue("first-step", allowed: ["first-wrong-step"], nearest: nil)),
    Mistake(
      head + turns + "  - critique: { auto: first-wrong-step, otherwise: { note: x } }\n", 5, 54,
      "turns[1].critique.otherwise.note",
      .unknownValue("note", allowed: ScriptShape.feedback, nearest: nil)),
    Mistake(
      head + turns + "  - regenerate: now\n", 5, 17, "turns[1].regenerate",
      .wrongShape(expected: .nothing, found: .text)),
    Mistake(
      head + turns + "    expect: { number: twelve }\n", 5, 23, "turns[0].expect.number",
      .badNumber("twelve")),
    Mistake(
      head + turns + "    expect: { choice: BC }\n", 5, 23, "turns[0].expect.choice",
      .badChoice("BC")),
    Mistake(
      head + turns + "    expect: { cells: [red] }\n", 5, 23, "turns[0].expect.cells[0]",
      .badRow("red")),
    Mistake(
      head + turns + "    expect: { task: 'multiplication:9,1' }\n", 5, 21, "turns[0].expect.task",
      .unknownTask("multiplication:9,1", families: TaskFamily.all.map(\.name))),
    Mistake(
      head + turns + "    expect: { exact: a, tolerance: 1 }\n", 5, 25,
      "turns[0].expect.tolerance", .conflictingKeys(["exact", "tolerance"])),
    Mistake(
      head + turns + "    expect: { command: 'true' }\n", 1, 1, "", .commandNotAllowed),
    Mistake(head + turns + "    expect: { judge: Well? }\n", 1, 1, "", .missingKey("judge")),
    Mistake(
      head + turns + "    expect: { regex: '(' }\n", 5, 22, "turns[0].expect.regex",
      .badPattern("(", bytesMax: 1000)),
    Mistake(
      head + "turns:\n  - prompt: What is {prompt}?\n", 4, 13, "turns[0].prompt",
      .placeholderWithoutProblems("prompt")),
    Mistake(
      head + "problems: [{ prompt: A }]\nturns:\n  - prompt: '{promt}'\n", 5, 13,
      "turns[0].prompt",
      .unknownPlaceholder("promt", allowed: ScriptPlaceholders.names, nearest: "prompt")),
    Mistake(
      head + "problems: [{ prompt: A }]\nturns:\n  - prompt: '{prompt} {critique}'\n", 5, 13,
      "turns[0].prompt", .unfilledPlaceholder("critique", problem: "p01")),
    Mistake(
      head + "problems: [{ id: a, prompt: A }, { id: a, prompt: B }]\n" + turns, 3, 40,
      "problems[1].id", .repeatedName("a")),
    Mistake(
      head + "problems: [{ prompt: A, answer: 1, expect: { exact: 1 } }]\n" + turns, 3, 36,
      "problems[0].expect", .conflictingKeys(["answer", "expect"])),
    Mistake("", 1, 1, "", .yaml(.empty)),
    Mistake("- 1\n", 1, 1, "", .wrongShape(expected: .mapping, found: .list)),
    Mistake(head + "name: y\n" + turns, 2, 1, "", .yaml(.repeatedKey("name"))),
    Mistake(
      head + "turns: [\n", 4, 1, "", .yaml(.syntax("did not find expected node content"))),
  ]

  @Test(arguments: mistakes) func isFoundAtItsPlace(_ mistake: Mistake) throws {
    let error = #expect(throws: ScriptError.self) { try parse(mistake.yaml) }
    #expect(
      error
        == ScriptError(
          file: "test.yaml", line: mistake.line, column: mistake.column, keyPath: mistake.path,
          reason: mistake.reason))
  }

  @Test func bytesThatAreNoTextAreRefused() {
    let error = #expect(throws: ScriptError.self) {
      try Script(parsing: [0x6E, 0xFF, 0x0A], file: "-")
    }
    #expect(error?.reason == .yaml(.notUTF8))
  }

  @Test func aBillionLaughsAreRefusedAtOnce() {
    var bomb = "a0: &a0 [x, x, x]\n"
    for level in 1...30 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
      bomb += "a\(level): &a\(level) [\(aliases)]\n"
    }
    let error = #expect(throws: ScriptError.self) { try parse(bomb) }
    #expect(error?.reason == .yaml(.tooManyAliases(270, limit: 32)))
    #expect(error?.line == 2)
  }

  @Test func aBombOfFewAliasesRunsIntoTheLimitOfNodes() {
    var bomb = "a0: &a0 [\(Array(repeating: "x", count: 60).joined(separator: ", "))]\n"
    for level in 1...10 {
      bomb += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1), *a\(level - 1)]\n"
    }
    let error = #expect(throws: ScriptError.self) { try parse(bomb) }
    #expect(error?.reason == .yaml(.tooManyNodes(limit: 50_000)))
  }

  @Test func aFewAliasesAreFine() throws {
    let script = try parse(
      """
      terntable: 1
      name: x
      arms:
        one:
          - &ask { prompt: Is 2 * 3 * 4 = *24*? }
          - unary
        two:
          - *ask
          - regenerate
      """)
    #expect(script.arms[0].turns[0].action == script.arms[1].turns[0].action)
  }

  /// Whatever stands in the file, the answer is a script or a place in it.
  @Test func damagedScriptsNeverEndTheProgram() throws {
    let seed = SeededGenerator.testSeed(standard: 11)
    var generator = SeededGenerator(seed: seed)
    let whole = Array(try ScriptFormat.text("sessions/three-ways.yaml").utf8)
    let awkward = Array("\u{0}\u{FEFF}\u{85}\t\r\n{}[]*&!|>%@`'\"\\#:-?,~<= 0".utf8)
    for _ in 0..<1500 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        let end = min(bytes.count, place + Int.random(in: 0...9, using: &generator))
        let count = Int.random(in: 0...3, using: &generator)
        let new = (0..<count).compactMap { _ in awkward.randomElement(using: &generator) }
        bytes.replaceSubrange(place..<end, with: new)
      }
      do {
        _ = try Script(parsing: bytes, file: "damaged")
      } catch {
        #expect(error.line >= 1 && error.column >= 1, "TEST_SEED=\(seed)")
      }
    }
  }

  @Test func windowsFilesAreFine() throws {
    let text = try ScriptFormat.text("sessions/critique.yaml")
    let windows = "\u{FEFF}" + text.replacing("\n", with: "\r\n")
    #expect(try parse(windows) == parse(text))
  }

  @Test func sizeAndNestingHaveLimits() {
    let large = #expect(throws: ScriptError.self) {
      try parse("# " + String(repeating: "x", count: 1 << 18))
    }
    #expect(large?.reason == .yaml(.tooLarge(bytes: (1 << 18) + 2, limit: 1 << 18)))
    let deep = #expect(throws: ScriptError.self) {
      try parse(String(repeating: "[", count: 60) + String(repeating: "]", count: 60))
    }
    #expect(deep?.reason == .yaml(.tooDeep(limit: 24)))
  }
}

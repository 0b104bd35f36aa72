import SessionCore
import Testing

@testable import Experiments

/// What a script says is what the plan plays.
@Suite struct Scripts {
  @Test func everyKindOfExpectationIsRead() throws {
    let script = try parse(
      """
      terntable: 1
      name: kinds
      allow_commands: true
      judge: { model: tutor, samples: 5 }
      turns:
        - { prompt: A, expect: { number: 3.14, tolerance: 0.01 } }
        - { prompt: A, expect: { any_of: Paris } }
        - { prompt: A, expect: { any_of: [Paris, Lutetia] } }
        - { prompt: A, expect: { boxed: '\\frac{1}{2}' } }
        - { prompt: A, expect: { choice: b } }
        - { prompt: A, expect: { cells: ["1: Ann, red"] } }
        - { prompt: A, expect: { task: "multiplication:36,47" } }
        - { prompt: A, expect: { command: grep -q Paris } }
        - { prompt: A, expect: { judge: Is it polite?, reference: Good day. } }
      """)
    let found = script.arms[0].turns.map { turn -> SessionCore.Expectation? in
      if case .prompt(_, let expectation) = turn.action { expectation } else { nil }
    }
    #expect(
      found == [
        .numberWithin("3.14", tolerance: "0.01"), .anyOf(["Paris"]), .anyOf(["Paris", "Lutetia"]),
        .boxed("\\frac{1}{2}"), .choice("B"), .cells(["1: Ann, red"]),
        .task("multiplication:36,47"), .command("grep -q Paris"),
        .judge(question: "Is it polite?", reference: "Good day."),
      ])
    #expect(script.hasCommands)
    #expect(script.judge == Script.Judge(model: "tutor", samples: 5))
  }

  @Test func whatElseAPersonDoesIsRead() throws {
    let script = try parse(
      """
      terntable: 1
      name: others
      turns:
        - prompt: A
        - { critique: No., on: 2 }
        - undo
        - go: 1
        - { regenerate: , on: 1 }
        - rate: good
        - { rate: 4, on: 2 }
        - { tag: hard, on: 2 }
        - bookmark
        - { edit: { beginning: "" }, repeat: 2 }
        - { edit: { text: B }, on: 1 }
        - { unary: , with: { temperature: 0, model: other, seed: 3 }, on: 2 }
      """)
    guard case .drawn(let change, .about(2, .unary(_)))? = script.arms[0].turns.last?.action else {
      Issue.record("the last turn is not drawn otherwise")
      return
    }
    let settings = change.settings(over: Sampling(), own: "tutor")
    #expect(settings.sampling?.temperature == 0 && settings.model == "other")
    #expect(settings.seed == 3 && Plan(script).units[0].otherModels == ["other"])
    #expect(
      script.arms[0].turns.dropFirst().dropLast().map(\.action) == [
        .about(2, .critique("No.")), .undo, .go(1), .about(1, .regenerate), .rate(.up),
        .about(2, .rate(.stars(4))), .about(2, .tag("hard")), .bookmark, .beginning(""),
        .about(1, .rewrite("B")),
      ])
  }

  @Test(arguments: [
    ("{ prompt: A, on: 1 }", "on"), ("{ undo: , on: 1 }", "on"), ("{ go: 1, on: 2 }", "on"),
    ("{ edit: { text: A, otherwise: skip } }", "otherwise"),
    ("{ edit: { beginning: A, replace: B } }", "replace"), ("{ note: A, on: 0 }", "on"),
    ("{ undo: , with: { seed: 1 } }", "with"), ("{ unary: , with: { sed: 1 } }", "sed"),
    ("go: 0", "go"), ("rate: fine", "rate"), ("{ undo: x }", "undo"),
    ("{ rate: good, repeat: 2 }", "repeat"), ("{ edit: { text: A }, repeat: 2 }", "repeat"),
  ])
  func whatDoesNotBelongTogetherIsNamed(turn: String, key: String) {
    #expect {
      try parse("terntable: 1\nname: x\nturns:\n  - prompt: A\n  - \(turn)\n")
    } throws: { error in
      (error as? ScriptError)?.keyPath.hasSuffix(key) == true
    }
  }

  @Test func theSmallestScriptHasDefaultsForEverythingElse() throws {
    let script = try parse(
      """
      terntable: 1
      name: small
      turns:
        - prompt: What is 12 × 7?
      """)
    #expect(script.name == "small")
    #expect(script.model == "tutor")
    #expect(script.history == .chat)
    #expect(script.sampling == Sampling())
    #expect(script.seeds == [1])
    #expect(script.stop == Script.StopRule(onCorrect: true, maxAttempts: nil))
    #expect(
      script.arms == [
        .init(
          name: nil,
          turns: [.init(action: .prompt("What is 12 × 7?", expectation: nil), line: 4)])
      ])
  }

  @Test func everyKeyOfTheFormatIsRead() throws {
    let script = try parse(
      """
      terntable: 1
      name: all
      description: Every key once.
      model: other
      system: Be careful.
      history: single_message
      sampling:
        temperature: 0.5
        top_k: 3
        top_p: 0.9
        min_p: 0
        repetition_penalty: 1.1
        repetition_window: 12
        max_tokens: 99
      seeds: [3, 18446744073709551615]
      stop: { on_correct: false, max_attempts: 4 }
      problems:
        - id: one
          prompt: 6 × 7?
          answer: "0,042"
          critique: Look again.
          edit: { find: "41", replace: "" }
        - prompt: Say hello.
          expect: { regex: "(?i)hello" }
          critique: Louder.
          edit: { find: a, replace: b }
      arms:
        talk:
          - prompt: "{prompt}"
          - unary
          - unary: Not so.
            repeat: 2
          - critique: "{critique}"
          - critique: { text: Check. }
          - critique: { auto: first-wrong-step, otherwise: { unary: No. } }
          - challenge
          - note: Nearly done.
        hands:
          - prompt: What is {{prompt}}?
            expect: { exact: 42 }
          - edit: { find: "{find}", replace: "{replace}", otherwise: regenerate }
          - edit: { auto: first-wrong-step }
          - regenerate:
      """)
    #expect(script.history == .singleMessage)
    #expect(
      script.sampling
        == Sampling(
          temperature: 0.5, topK: 3, topP: 0.9, minP: 0, repetitionPenalty: 1.1,
          repetitionWindow: 12, maxTokens: 99))
    #expect(script.seeds == [3, .max])
    #expect(script.stop == .init(onCorrect: false, maxAttempts: 4))
    #expect(script.problems.map(\.id) == ["one", "p02"])
    #expect(script.problems.map(\.expectation) == [.number("42"), .regex("(?i)hello")])
    #expect(script.arms.map(\.name) == ["talk", "hands"])
    #expect(
      script.arms[0].turns.map(\.action) == [
        .prompt("{prompt}", expectation: nil), .unary("Try again."), .unary("Not so."),
        .critique("{critique}"), .critique("Check."),
        .automatic(.critique(.step), otherwise: .action(.unary("No."))),
        .challenge("Are you sure?"),
        .note("Nearly done."),
      ])
    #expect(script.arms[0].turns.map(\.repeats) == [1, 1, 2, 1, 1, 1, 1, 1])
    #expect(
      script.arms[1].turns.map(\.action) == [
        .prompt("What is {{prompt}}?", expectation: .exact("42")),
        .edit(find: "{find}", replace: "{replace}", otherwise: .action(.regenerate)),
        .automatic(.edit, otherwise: .skip), .regenerate,
      ])
  }

  @Test func aPlanHasOneUnitForEachProblemSeedAndArm() throws {
    let script = try parse(Self.threeByTwo)
    let plan = Plan(script, choosing: .init(seeds: [1, 2]))
    #expect(
      plan.units.map(\.id) == [
        "t.u.p01.s1", "t.none.p01.s1", "t.u.p01.s2", "t.none.p01.s2", "t.u.p02.s1",
        "t.none.p02.s1", "t.u.p02.s2", "t.none.p02.s2",
      ])
    #expect(Set(plan.units.map(\.id)).count == plan.units.count)
  }

  @Test func armsOfAProblemShareTheirSeedAndProblemsDoNot() throws {
    let units = Plan(try parse(Self.threeByTwo)).units
    #expect(units[0].seed == units[1].seed)
    #expect(units[2].seed == units[3].seed)
    #expect(units[0].seed != units[2].seed)
    #expect(units[0].seed == 1)
  }

  @Test func problemsFillTheTurnsAndBringTheirExpectation() throws {
    let units = Plan(try parse(Self.threeByTwo)).units
    #expect(
      units[0].turns[0].action == .prompt("What is 6 × 7?", expectation: .number("42")))
    #expect(units[2].turns[1].action == .critique("Not 44 but {answer} as text."))
    #expect(units[0].provenance == Provenance(script: "t", arm: "u", problem: "p01"))
  }

  static let threeByTwo = """
    terntable: 1
    name: t
    problems:
      - { prompt: 6 × 7, answer: 42, critique: A }
      - { prompt: 6 × 8, answer: 48, critique: B }
    arms:
      u:
        - prompt: What is {prompt}?
        - critique: Not 44 but {{answer}} as text.
      none:
        - prompt: What is {prompt}?
        - regenerate
    """
}

/// A script from its text; the file is called `test.yaml`.
func parse(_ text: String) throws(ScriptError) -> Script {
  try Script(parsing: Array(text.utf8), file: "test.yaml")
}

import SessionCore
import Testing

@testable import Experiments

/// Data sets of the known shapes are read, and what is wrong in one is named by its line.
@Suite struct DataSets {
  private func read(
    _ text: String, _ layout: RecordLayout = RecordLayout()
  ) throws(DataSetError) -> [DataRecord] {
    try DataFile(parsing: Array(text.utf8), file: "data.jsonl", layout: layout).records
  }

  @Test func recordsOfGSM8KHaveTheirSolutionBeforeTheMark() throws {
    let records = try read(
      #"{"question": "How many?", "answer": "4 × 12 = 48\n48 - 15 = 33\n#### 33"}"# + "\n\n",
      RecordLayout(.gsm8k))
    #expect(records.count == 1)
    #expect(records[0].expectation == .number("33"))
    #expect(records[0].solution == ["4 × 12 = 48", "48 - 15 = 33"])
    #expect(records[0].id == "1")
    #expect(records[0].prompt == "How many?")
  }

  @Test func recordsOfMATHHaveTheirAnswerInABox() throws {
    let records = try read(
      #"{"problem": "What?", "level": "Level 2", "solution": "So \\boxed{\\frac12}."}"#,
      RecordLayout(.math))
    #expect(records[0].expectation == .boxed("\\frac12"))
    #expect(records[0].difficulty == "Level 2")
  }

  @Test func recordsOfTriviaQAHaveAliases() throws {
    let records = try read(
      #"{"question_id": "q7", "question": "Where?", "answer": {"value": "Paris", "aliases": ["Paris", "Lutetia"]}}"#,
      RecordLayout(.triviaqa))
    #expect(records[0].expectation == .anyOf(["Paris", "Paris", "Lutetia"]))
    #expect(records[0].id == "q7")
  }

  @Test(arguments: [#"1"#, #""1""#, #""B""#, #""b""#, #""blue""#])
  func recordsOfMMLUNameTheRightOptionInAnyWay(answer: String) throws {
    let records = try read(
      #"{"question": "Which?", "choices": ["red", "blue"], "answer": \#(answer)}"#,
      RecordLayout(.mmlu))
    #expect(records[0].expectation == .choice("B"))
    #expect(
      records[0].prompt == "Which?\n\nA. red\nB. blue\n\nAnswer with the letter of one option.")
  }

  @Test func optionsOfGPQAAreShuffledByTheSeed() throws {
    let line =
      #"{"Question": "Which?", "Correct Answer": "yes", "Incorrect Answer 1": "no", "Incorrect Answer 2": "never", "Incorrect Answer 3": "later"}"#
      + "\n"
    let text = String(repeating: line, count: 40)
    let records = try read(text, RecordLayout(.gpqa))
    for record in records {
      #expect(record.prompt.contains("\n\(record.answer). yes\n"))
      #expect(record.expectation == .choice(record.answer))
    }
    #expect(Set(records.map(\.answer)).count == 4)
    #expect(try read(text, RecordLayout(.gpqa)) == records)
  }

  @Test func fieldsMayBeNamed() throws {
    var layout = RecordLayout()
    layout.question = "input.messages.1.text"
    layout.answer = "gold"
    layout.id = "meta.id"
    layout.check = .exact
    let records = try read(
      #"{"input": {"messages": [{"text": "no"}, {"text": "Say hi."}]}, "gold": "hi", "meta": {"id": 9}}"#,
      layout)
    #expect(records[0].prompt == "Say hi.")
    #expect(records[0].expectation == .exact("hi"))
    #expect(records[0].id == "9")
  }

  struct Mistake: Sendable {
    var text: String
    var line: Int
    var reason: DataSetError.Reason
  }

  static let good = #"{"question": "a", "answer": 1}"# + "\n"
  static let mistakes = [
    Mistake(text: "", line: 0, reason: .empty), Mistake(text: " \n\r\n", line: 0, reason: .empty),
    Mistake(text: good + "{", line: 2, reason: .notJSON(offset: 1)),
    Mistake(text: good + "\n[]", line: 3, reason: .notAnObject),
    Mistake(text: good + "\u{1}", line: 2, reason: .notJSON(offset: 0)),
    Mistake(text: #"{"question": "a"}"#, line: 1, reason: .missing(field: "answer")),
    Mistake(
      text: #"{"question": " ", "answer": 1}"#, line: 1, reason: .wrongShape(field: "question")),
    Mistake(
      text: #"{"question": {}, "answer": 1}"#, line: 1, reason: .wrongShape(field: "question")),
    Mistake(
      text: #"{"question": "a", "answer": [[]]}"#, line: 1, reason: .wrongShape(field: "answer")),
    Mistake(
      text: #"{"question": "a", "answer": "one"}"#, line: 1,
      reason: .notANumber(field: "answer", text: "one")),
    Mistake(
      text: "{\"question\": " + String(repeating: "[", count: 5000), line: 1,
      reason: .notJSON(offset: 29)),
  ]

  @Test(arguments: mistakes.indices) func aMistakeIsNamedByItsLine(index: Int) {
    let mistake = Self.mistakes[index]
    #expect(
      throws: DataSetError(file: "data.jsonl", line: mistake.line, reason: mistake.reason)
    ) { try read(mistake.text) }
  }

  @Test func markedAnswersHaveToBeMarked() {
    #expect(throws: DataSetError.self) {
      try read(#"{"question": "a", "answer": "33"}"#, RecordLayout(.gsm8k))
    }
    #expect(throws: DataSetError.self) {
      try read(#"{"question": "a", "choices": ["x", "y"], "answer": 2}"#, RecordLayout(.mmlu))
    }
    #expect(throws: DataSetError.self) {
      try read(#"{"question": "a", "choices": ["x"], "answer": 0}"#, RecordLayout(.mmlu))
    }
  }

  @Test func aLongLineIsRefused() {
    let line = #"{"question": ""# + String(repeating: "a", count: DataFile.lineBytesMax)
    #expect(
      throws: DataSetError(
        file: "data.jsonl", line: 1,
        reason: .lineTooLong(bytes: line.utf8.count, limit: DataFile.lineBytesMax))
    ) { try read(line) }
  }

  @Test func aFileThatIsNotThereIsSaidSo() {
    #expect(throws: DataSetError.self) {
      try DataFile(path: "no-such-file.jsonl", layout: RecordLayout())
    }
  }

  @Test func damagedRecordsNeverEndTheProgram() {
    var chance = SplitMix64(seed: 9)
    let whole = Array(
      #"{"question": "a\u0041", "choices": ["x", "y"], "answer": {"value": 1.5e3}}"#.utf8)
    for _ in 0..<400 {
      var bytes = whole
      for _ in 0..<3 {
        bytes[chance.draw(from: 0...bytes.count - 1)] = UInt8(chance.draw(from: 0...255))
      }
      for shape in RecordLayout.Shape.allCases {
        // Whether it is refused or read, it ends.
        _ = try? DataFile(parsing: bytes, file: "-", layout: RecordLayout(shape))
      }
    }
  }
}

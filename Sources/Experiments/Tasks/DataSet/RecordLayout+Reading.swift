import Friction
import SessionCore
import StrictJSON

/// Why a data set cannot be read, and where.
public struct DataSetError: Error, Equatable, Sendable {
  /// What is wrong there.
  public enum Reason: Error, Equatable, Sendable {
    case cannotRead(code: Int32)
    case tooLarge(bytes: Int, limit: Int)
    case lineTooLong(bytes: Int, limit: Int)
    case tooManyLines(limit: Int)
    case empty
    /// At so many bytes into the line.
    case notJSON(offset: Int)
    case notAnObject
    case missing(field: String)
    case wrongShape(field: String)
    /// The answer's field has no `####` or no box.
    case noAnswer(field: String)
    case notANumber(field: String, text: String)
    /// The answer is none of the options.
    case badOption(field: String, text: String, options: Int)
    case badPattern(field: String, text: String)
    /// Not a row of words such as `1: Ann, red`.
    case badRow(field: String, text: String)
    /// Question and answer are too long to be handed to a command.
    case tooLongForCommand(bytes: Int, limit: Int)
  }

  public var file: String
  /// Counted from 1; 0 for the whole file.
  public var line: Int
  public var reason: Reason
}

extension RecordLayout {
  /// Most options of one question.
  static let optionsMax = 26

  /// Reads one line.
  /// - Parameter seed: draws the order of options that have none.
  func record(
    _ line: ArraySlice<UInt8>, number: Int, seed: UInt64
  ) throws(DataSetError.Reason) -> DataRecord {
    let value: JSONValue
    do {
      value = try JSONParser.parse(line)
    } catch {
      throw .notJSON(offset: error.offset)
    }
    guard case .object = value else { throw .notAnObject }
    let fields = RecordFields(value: value)
    let question = try fields.text(question)
    let options = try options(fields, number: number, seed: seed)
    let id = try fields.optionalText(id) ?? "\(number)"
    let asked = Self.prompt(question, options?.texts ?? [])
    var found = try answer(fields, options, Asked(id: id, prompt: asked))
    if let text = try fields.optionalText(solution) { found.solution = text }
    return DataRecord(
      line: number, id: id, prompt: asked, expectation: found.expectation,
      answer: found.answer, aliases: found.aliases,
      solution: found.solution.split(whereSeparator: \.isNewline).map { String($0) },
      difficulty: try fields.optionalText(difficulty))
  }

  /// The options in the order they are shown in; nil where there are none.
  private func options(
    _ fields: RecordFields, number: Int, seed: UInt64
  ) throws(DataSetError.Reason) -> (texts: [String], right: Int?)? {
    if !distractors.isEmpty {
      var texts = [try fields.text(answer)]
      for path in distractors { texts.append(try fields.text(path)) }
      var chance = SplitMix64(seed: seed &+ UInt64(number) &* 0x9E37_79B9)
      let order = chance.shuffled(Array(texts.indices))
      return (order.map { texts[$0] }, order.firstIndex(of: 0))
    }
    guard let choices else { return nil }
    let texts = try fields.texts(choices)
    guard (2...Self.optionsMax).contains(texts.count) else { throw .wrongShape(field: choices) }
    return (texts, nil)
  }

  private typealias Found = (
    expectation: Expectation, answer: String, aliases: [String], solution: String
  )

  /// What a checker may be told of the question.
  private struct Asked {
    var id: String
    var prompt: String
  }

  private func answer(
    _ fields: RecordFields, _ options: (texts: [String], right: Int?)?, _ asked: Asked
  ) throws(DataSetError.Reason) -> Found {
    if let options {
      var right = options.right
      if right == nil { right = try place(try fields.text(answer), in: options.texts) }
      let letter = Self.letter(right ?? 0)
      let words = options.texts[right ?? 0]
      let expectation =
        switch check {
        case .command, .judge: try expectation([letter, words], asked)
        default: Expectation.choice(letter)
        }
      // A text of one character, such as a digit, is part of too much to be masked.
      return (expectation, letter, words.count > 1 ? [words] : [], "")
    }
    var texts = try fields.texts(answer)
    let whole = texts[0]
    switch form {
    case .whole: break
    case .afterHashes:
      guard let mark = whole.ranges(of: "####").last else { throw .noAnswer(field: answer) }
      texts = [String(whole[mark.upperBound...]).trimmed]
      return (try expectation(texts, asked), texts[0], [], String(whole[..<mark.lowerBound]))
    case .inBox:
      guard let inner = BoxedAnswer.text(in: whole) else { throw .noAnswer(field: answer) }
      return (try expectation([inner], asked), inner, [], whole)
    }
    for path in aliases { texts += try fields.optionalTexts(path) }
    let spoken = check == .regex ? [] : Array(texts.dropFirst())
    return (try expectation(texts, asked), whole, spoken, "")
  }

  private func expectation(
    _ texts: [String], _ asked: Asked
  ) throws(DataSetError.Reason) -> Expectation {
    switch check {
    case .number:
      guard let number = FinalAnswer.normalised(texts[0]) else {
        throw .notANumber(field: answer, text: texts[0])
      }
      return tolerance.map { .numberWithin(number, tolerance: $0) } ?? .number(number)
    case .exact: return .exact(texts[0])
    case .alias: return .anyOf(texts)
    case .choice: return .choice(texts[0])
    case .boxed: return .boxed(texts[0])
    case .regex:
      guard RegexChecker.accepts(texts[0]) else {
        throw .badPattern(field: answer, text: texts[0])
      }
      return .regex(texts[0])
    case .cells:
      for row in texts where CellsChecker.cells("", [row]).isEmpty {
        throw .badRow(field: answer, text: row)
      }
      return .cells(texts)
    case .command: return .command(try command(texts[0], asked))
    case .judge:
      return .judge(
        question: "It answers this question:\n\(asked.prompt)",
        reference: texts.joined(separator: "; "))
    }
  }

  /// The command with the record's texts in variables of the shell: whatever they hold, the shell
  /// does not read it as its own language.
  private func command(_ answer: String, _ asked: Asked) throws(DataSetError.Reason) -> String {
    let quoted = { (text: String) in
      "'" + text.filter { $0 != "\0" }.replacing("'", with: "'\\''") + "'"
    }
    let whole = """
      ANSWER=\(quoted(answer)) QUESTION=\(quoted(asked.prompt)) ID=\(quoted(asked.id))
      export ANSWER QUESTION ID
      \(command ?? "exit 2")
      """
    guard whole.utf8.count <= Self.commandBytesMax else {
      throw .tooLongForCommand(bytes: whole.utf8.count, limit: Self.commandBytesMax)
    }
    return whole
  }

  /// Below what systems take for one argument of a program.
  private static let commandBytesMax = 100_000

  /// The place of the right option: named by a letter, by a number from 0, or by its text.
  private func place(_ text: String, in options: [String]) throws(DataSetError.Reason) -> Int {
    let isLetter = { (byte: UInt8) in (65...90).contains(byte & 0xDF) }
    let place: Int? =
      if text.utf8.count == 1, let byte = text.utf8.first, isLetter(byte) {
        Int(byte & 0xDF) - 65
      } else {
        Int(text) ?? options.firstIndex(of: text)
      }
    guard let place, options.indices.contains(place) else {
      throw .badOption(field: answer, text: text, options: options.count)
    }
    return place
  }

  private static func letter(_ place: Int) -> String {
    String(UnicodeScalar(UInt8(65 + place)))
  }

  private static func prompt(_ question: String, _ options: [String]) -> String {
    guard !options.isEmpty else { return question }
    let list = options.enumerated().map { "\(letter($0)). \($1)" }.joined(separator: "\n")
    return "\(question)\n\n\(list)\n\nAnswer with the letter of one option."
  }
}

/// The fields of a record by their paths.
private struct RecordFields {
  let value: JSONValue

  private func find(_ path: String) -> JSONValue? {
    // A name with dots in it goes before a path.
    if let found = Self.member(path, of: value) { return found }
    var here = value
    for part in path.split(separator: ".") {
      guard let next = Self.member(String(part), of: here) else { return nil }
      here = next
    }
    return here
  }

  private static func member(_ name: String, of value: JSONValue) -> JSONValue? {
    switch value {
    case .object(let members): return members.first { $0.key == name }?.value
    case .array(let values):
      guard let index = Int(name), values.indices.contains(index) else { return nil }
      return values[index]
    default: return nil
    }
  }

  /// A text, or a number as it is spelt.
  private static func text(_ value: JSONValue) -> String? {
    switch value {
    case .string(let text): text.trimmed.isEmpty ? nil : text
    case .number(let spelling): spelling
    default: nil
    }
  }

  func text(_ path: String) throws(DataSetError.Reason) -> String {
    guard let text = try optionalText(path) else { throw .missing(field: path) }
    return text
  }

  /// Nil when there is no path, or nothing there.
  func optionalText(_ path: String?) throws(DataSetError.Reason) -> String? {
    guard let path, let found = find(path), found != .null else { return nil }
    guard let text = Self.text(found) else { throw .wrongShape(field: path) }
    return text
  }

  /// One text or an array of them.
  func texts(_ path: String) throws(DataSetError.Reason) -> [String] {
    let texts = try optionalTexts(path)
    guard !texts.isEmpty else { throw .missing(field: path) }
    return texts
  }

  func optionalTexts(_ path: String) throws(DataSetError.Reason) -> [String] {
    guard let found = find(path), found != .null else { return [] }
    guard case .array(let values) = found else { return [try text(path)] }
    let texts = values.compactMap(Self.text)
    guard texts.count == values.count else { throw .wrongShape(field: path) }
    return texts
  }
}

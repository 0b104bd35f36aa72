import SessionCore

/// Closed-book questions about well-known facts, from facts.tsv.
struct FactTask: TaskItem {
  static let family = "fact"
  static let difficulties = ["all"]
  static let defaultDifficulty = "all"

  private let fact: Fact
  private let form: Int
  private let frame: Int

  /// A `fact` record.
  private struct Fact: Sendable {
    var id: String
    var kind: String
    var subject: String
    var answer: String
    var aliases: [String]
  }

  /// The file, sorted by the types of its records.
  private struct Table: Sendable {
    var frames: [String] = []
    var forms: [String: [String]] = [:]
    var sentences: [String: String] = [:]
    var facts: [Fact] = []

    init(_ records: [[String]]) {
      for record in records {
        switch (record.first, record.count) {
        case ("frame", 2): frames.append(record[1])
        case ("form", 3): forms[record[1], default: []].append(record[2])
        case ("sentence", 3): sentences[record[1]] = record[2]
        case ("fact", 6):
          facts.append(
            Fact(
              id: record[1], kind: record[2], subject: record[3], answer: record[4],
              aliases: record[5].split(separator: "|").map { String($0) }))
        default: break
        }
      }
    }
  }

  private static let table = Table(TaskTable.facts)

  private init(_ fact: Fact, form: Int, frame: Int) {
    (self.fact, self.form, self.frame) = (fact, form, frame)
  }

  static func draw(_ difficulty: String, using chance: inout SplitMix64) -> FactTask? {
    let fact = chance.pick(table.facts)
    guard let forms = table.forms[fact.kind] else { return nil }
    return FactTask(
      fact, form: chance.draw(from: 0...forms.count - 1),
      frame: chance.draw(from: 0...table.frames.count - 1))
  }

  init?(key: Substring) {
    let parts = key.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let fact = Self.table.facts.first(where: { $0.id == parts[0] }) else {
      return nil
    }
    let places = parts[1].split(separator: ".", omittingEmptySubsequences: false)
      .compactMap { WholeNumber.number($0, digitsMax: 3) }
    guard places.count == 2, Self.table.forms[fact.kind]?.indices.contains(places[0]) == true,
      Self.table.frames.indices.contains(places[1]), parts[1] == "\(places[0]).\(places[1])"
    else { return nil }
    self.init(fact, form: places[0], frame: places[1])
  }

  var key: String { "\(fact.id):\(form).\(frame)" }
  var difficulty: String? { "all" }
  var prompt: String {
    let question = Self.table.forms[fact.kind]?[form] ?? ""
    return Self.table.frames[frame].replacing(
      "{q}", with: question.replacing("{s}", with: fact.subject))
  }
  var answer: String { fact.answer }
  var solution: [String] { [sentence.replacing("{a}", with: fact.answer), "Answer: \(answer)"] }

  /// With the subject put in, and a place for the answer.
  private var sentence: String {
    (Self.table.sentences[fact.kind] ?? "").replacing("{s}", with: fact.subject)
  }

  /// One spelling for all that are right.
  func reading(of answer: String) -> String? {
    var plain = answer.lowercased()
    let edges: Set<Character> = ["\"", "*", "`", "_", " "]
    while let first = plain.first, edges.contains(first) { plain.removeFirst() }
    while let last = plain.last, edges.contains(last) { plain.removeLast() }
    let accepted = [fact.answer.lowercased()] + fact.aliases.map { $0.lowercased() }
    let isAccepted =
      accepted.contains(plain)
      || plain.hasPrefix("the ") && accepted.contains(String(plain.dropFirst(4)))
    return isAccepted ? fact.answer : plain
  }
  func isRight(_ reading: String) -> Bool { reading == fact.answer }
  func isStep(_ line: String) -> Bool {
    guard let place = sentence.firstRange(of: "{a}") else { return false }
    return line.hasPrefix(sentence[..<place.lowerBound])
  }

  func direction(for answer: String) -> String? {
    if fact.answer.allSatisfy(\.isNumber) {
      return WholeNumber.direction(from: answer, to: fact.answer)
    }
    guard fact.answer.count > 1 else { return "The answer has one letter." }
    return "The answer begins with \(fact.answer.prefix(1).uppercased())."
  }

  /// The answer of another fact of the kind.
  func wrongAnswer(using chance: inout SplitMix64) -> String {
    let others = Self.table.facts.filter {
      $0.kind == fact.kind && $0.answer != fact.answer && !fact.aliases.contains($0.answer)
    }
    return others.isEmpty ? "nothing" : chance.pick(others).answer
  }
}

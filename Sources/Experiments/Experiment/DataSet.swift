import Friction
import SessionCore

/// A task of questions of somebody's own: a file of JSON Lines and how its records are read.
public struct DataSet: Equatable, Sendable {
  public var file: String
  public var layout: RecordLayout
}

extension DataSet {
  init(_ field: ScriptField, _ map: ScriptMapping) throws(ScriptError) {
    file = try field.besideDocument()
    layout = RecordLayout()
    if let value = map["shape"] {
      let word = try value.word(of: RecordLayout.Shape.allCases.map(\.rawValue))
      if let shape = RecordLayout.Shape(rawValue: word) { layout = RecordLayout(shape) }
    }
    if let fields = try map["fields"]?.mapping(of: ExperimentShape.fields.keys) {
      if let value = fields["question"] { layout.question = try value.text() }
      if let value = fields["answer"] { layout.answer = try value.text() }
      if let value = fields["choices"] { layout.choices = try value.text() }
      if let value = fields["id"] { layout.id = try value.text() }
      if let value = fields["solution"] { layout.solution = try value.text() }
      if let value = fields["difficulty"] { layout.difficulty = try value.text() }
    }
    try readCheck(map)
  }

  private mutating func readCheck(_ map: ScriptMapping) throws(ScriptError) {
    if let value = map["check"] {
      let word = try value.word(of: RecordLayout.Check.allCases.map(\.rawValue))
      layout.check = RecordLayout.Check(rawValue: word) ?? .number
    }
    if let value = map["command"] {
      if map["check"] == nil { layout.check = .command }
      layout.command = try value.text()
      guard (layout.command ?? "").utf8.count <= ShellCommand.bytesMax else {
        throw value.error(.commandTooLong(bytesMax: ShellCommand.bytesMax))
      }
    }
    if let value = map["tolerance"] {
      let text = try value.text()
      guard let number = FinalAnswer.normalised(text) else { throw value.error(.badNumber(text)) }
      layout.tolerance = number
    }
    let check = layout.check.rawValue
    if let key = map.keys["command"], layout.check != .command {
      throw key.error(.conflictingKeys(["check: \(check)", "command"]))
    }
    if let key = map.keys["tolerance"], layout.check != .number {
      throw key.error(.conflictingKeys(["check: \(check)", "tolerance"]))
    }
    if layout.check == .command, layout.command == nil {
      throw map.field.error(.missingKey("command"))
    }
  }

  /// The first `count` records, in an order that the seed decides; with seed 0 in the file's.
  func problems(
    _ count: Int?, seed: UInt64, _ place: ScriptField.Place
  ) throws(ScriptError) -> [PlanProblem] {
    var records: [DataRecord]
    do {
      records = try DataFile(path: file, layout: layout).records
    } catch {
      throw place.error(.dataSet(error))
    }
    if seed != 0 {
      var chance = SplitMix64(seed: seed)
      records = chance.shuffled(records)
    }
    let name = file.split(separator: "/").last.map(String.init) ?? file
    return records.prefix(count ?? records.count).map { record in
      let key = "\(name):\(record.id)"
      return PlanProblem(
        id: PlanProblem.fileName(key), key: key, family: name, difficulty: record.difficulty,
        prompt: record.prompt, expectation: record.expectation,
        // A pattern is no answer that anybody could say.
        answer: layout.check == .regex ? nil : record.answer,
        aliases: record.aliases, solution: record.solution)
    }
  }
}

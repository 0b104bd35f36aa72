import SessionCore
import StrictYAML

extension Script {
  /// Reads a script.
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - file: Its name, for errors.
  /// - Throws: ``ScriptError`` at the first place that is not as the format says.
  public init(parsing bytes: some Collection<UInt8>, file: String) throws(ScriptError) {
    try self.init(try ScriptField(document: bytes, file: file))
  }

  init(_ root: ScriptField) throws(ScriptError) {
    let top = try root.mapping(.script)
    try Self.checkVersion(try top.required("terntable"))
    name = try top.required("name").name()
    description = try top["description"]?.text()
    model = try top["model"]?.text() ?? "tutor"
    system = try top["system"]?.text()
    history = try Self.history(top["history"])
    sampling = try Self.sampling(top["sampling"])
    seeds = try Self.seeds(top)
    allowsCommands = try top["allow_commands"]?.truth() ?? false
    judge = try Self.judge(top["judge"])
    let problemFields = try top["problems"]?.list() ?? []
    problems = try Self.problems(problemFields)
    stop = try Self.stop(top["stop"])
    let places = ScriptPlaceholders(problems: problems)
    if let system, let field = top["system"] { try places.check(system, field) }
    let (key, value) = try top.exactlyOne(of: ["turns", "arms"])
    if key == "turns" {
      arms = [Arm(name: nil, turns: try Self.turns(value, places))]
    } else {
      arms = []
      for (name, turns) in try value.namedFields() {
        arms.append(Arm(name: name, turns: try Self.turns(turns, places)))
      }
    }
    try checkMeans(root)
  }

  static func checkVersion(_ field: ScriptField) throws(ScriptError) {
    let text = try field.anyText()
    guard text == "\(version)" else {
      throw field.error(.unsupportedVersion(text, supported: version))
    }
  }

  static func history(_ field: ScriptField?) throws(ScriptError) -> HistoryStyle {
    guard let field else { return .chat }
    return try field.word(of: ["chat", "single_message"]) == "chat" ? .chat : .singleMessage
  }

  /// - Parameter plain: what is left out.
  static func sampling(
    _ field: ScriptField?, over plain: Sampling = Sampling()
  ) throws(ScriptError) -> Sampling {
    guard let map = try field?.mapping(.sampling) else { return plain }
    return try DrawChange(map).applied(to: plain)
  }

  static func seeds(_ top: ScriptMapping) throws(ScriptError) -> [UInt64] {
    if top["seed"] != nil, top["seeds"] != nil { _ = try top.exactlyOne(of: ["seed", "seeds"]) }
    if let one = top["seed"] { return [try one.seed()] }
    var seeds: [UInt64] = []
    for field in try top["seeds"]?.list() ?? [] {
      let seed = try field.seed()
      guard !seeds.contains(seed) else { throw field.error(.repeatedName("\(seed)")) }
      seeds.append(seed)
    }
    return seeds.isEmpty ? [1] : seeds
  }

  static func stop(_ field: ScriptField?) throws(ScriptError) -> StopRule {
    var rule = StopRule()
    guard let map = try field?.mapping(.stop) else { return rule }
    if let value = map["on_correct"] { rule.onCorrect = try value.truth() }
    if let value = map["max_attempts"] { rule.maxAttempts = try value.wholeNumber(in: 1...1000) }
    return rule
  }

  static func judge(_ field: ScriptField?) throws(ScriptError) -> Judge? {
    guard let map = try field?.mapping(.judge) else { return nil }
    return Judge(
      model: try map.required("model").text(),
      samples: try map["samples"]?.wholeNumber(in: 1...99) ?? 3)
  }

  private static func problems(_ fields: [ScriptField]) throws(ScriptError) -> [Problem] {
    let digits = max(2, "\(fields.count)".count)
    var problems: [Problem] = []
    var names: Set<String> = []
    for (index, field) in fields.enumerated() {
      let map = try field.mapping(.problem)
      let number = String(index + 1)
      let counted = "p" + String(repeating: "0", count: digits - number.count) + number
      let id = try map["id"]?.name() ?? counted
      guard names.insert(id).inserted else { throw (map["id"] ?? field).error(.repeatedName(id)) }
      if map["answer"] != nil, map["expect"] != nil {
        _ = try map.exactlyOne(of: ["answer", "expect"])
      }
      let edit = try map["edit"]?.mapping(.replacement)
      problems.append(
        Problem(
          id: id, prompt: try map.required("prompt").text(),
          expectation: try expectation(answer: map["answer"], expect: map["expect"]),
          critique: try map["critique"]?.text(), find: try edit?.required("find").text(),
          replace: try edit?.required("replace").anyText(), line: field.place.line))
    }
    return problems
  }
}

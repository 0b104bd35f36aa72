import SessionCore

extension Critic {
  /// Reads a critic's file.
  public init(parsing bytes: some Collection<UInt8>, file: String) throws(ScriptError) {
    let map = try ScriptField(document: bytes, file: file).mapping(of: CriticShape.critic.keys)
    try Script.checkVersion(try map.required("terntable"))
    name = try map.required("critic").name()
    paper = try map.required("paper").text()
    models = try Self.models(map)
    system = try map["system"]?.text()
    gate = try map["gate"]?.text()
    merge = try map["merge"]?.text()
    say = try map["say"]?.text()
    command = try Self.command(map["command"])
    for field in try map["principles"]?.list() ?? [] { principles.append(try field.text()) }
    try readTemplates(map)
    if let value = map["order"] {
      order = Order(rawValue: try value.word(of: Order.allCases.map(\.rawValue))) ?? .lazy
    }
    if let value = map["satisfied"] { satisfied = try value.text() }
    samples = try map["samples"]?.wholeNumber(in: 1...16) ?? 1
    masks = try map["mask"]?.truth() ?? true
    sampling = try Script.sampling(map["sampling"], over: Sampling(temperature: 0))
  }

  /// `model` or `models`.
  static func models(_ map: ScriptMapping) throws(ScriptError) -> [String] {
    if map["model"] != nil, map["models"] != nil {
      _ = try map.exactlyOne(of: ["model", "models"])
    }
    if let one = map["model"] { return [try one.text()] }
    var models: [String] = []
    for field in try map["models"]?.list() ?? [] { models.append(try field.text()) }
    return models
  }

  private static func command(_ field: ScriptField?) throws(ScriptError) -> String? {
    guard let field else { return nil }
    let command = try field.text()
    guard command.utf8.count <= ShellCommand.bytesMax else {
      throw field.error(.commandTooLong(bytesMax: ShellCommand.bytesMax))
    }
    return command
  }

  private mutating func readTemplates(_ map: ScriptMapping) throws(ScriptError) {
    let own = ["template", "steps", "aspects"]
    // A tool can speak for itself.
    if command != nil, say != nil, own.allSatisfy({ map[$0] == nil }) { return }
    let (key, value) = try map.exactlyOne(of: own)
    switch key {
    case "template": steps = [try value.text()]
    case "steps": for field in try value.list() { steps.append(try field.text()) }
    default:
      for (name, field) in try value.namedFields() {
        aspects.append(Aspect(name: name, template: try field.text()))
      }
    }
    guard key != "aspects" else { return }
    for other in ["order", "satisfied"] {
      if let field = map.keys[other] { throw field.error(.conflictingKeys([key, other])) }
    }
  }
}

/// The keys of a critic's file.
enum CriticShape: String, CaseIterable {
  case critic

  var keys: [String] {
    [
      "terntable", "critic", "paper", "model", "models", "system", "template", "steps", "aspects",
      "order", "satisfied", "gate", "command", "principles", "merge", "say", "samples", "mask",
      "sampling",
    ]
  }
}

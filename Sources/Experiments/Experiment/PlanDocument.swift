import StrictYAML

/// A file that plans sessions: a script, or an experiment, which is known by its `tasks`.
public enum PlanDocument: Equatable, Sendable {
  case script(Script)
  case experiment(Experiment)

  /// - Throws: ``ScriptError`` at the first place that is not as its format says.
  public init(parsing bytes: some Collection<UInt8>, file: String) throws(ScriptError) {
    let root = try ScriptField(document: bytes, file: file)
    if root.hasKey("tasks") {
      self = .experiment(try Experiment(root))
    } else {
      self = .script(try Script(root))
    }
  }
}

extension PlanDocument {
  /// Whether a checker or a critic of it is a command.
  public var hasCommands: Bool {
    switch self {
    case .script(let script): script.hasCommands
    case .experiment(let experiment): experiment.hasCommands
    }
  }
}

extension ScriptField {
  /// Whether it is a mapping with this key.
  fileprivate func hasKey(_ name: String) -> Bool {
    guard case .mapping(let pairs) = node.content else { return false }
    return pairs.contains { key, _ in
      if case .scalar(let text, _) = key.content { text == name } else { false }
    }
  }
}

extension Experiment {
  /// Models that critics name besides the one that is measured.
  public var criticModels: [String] {
    treatments.flatMap { $0.source.critic?.models ?? [] }
  }
}

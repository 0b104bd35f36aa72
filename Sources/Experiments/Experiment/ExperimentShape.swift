/// The mappings of the experiment format and the keys each may have, besides those it shares with
/// scripts (``ScriptShape``): the one list that the parser, the error messages and the JSON Schema
/// are checked against.
enum ExperimentShape: String, CaseIterable, Sendable {
  case experiment, task, fields, treatment, mitigation, cell, limits

  var keys: [String] {
    switch self {
    case .experiment:
      [
        "terntable", "name", "description", "tasks", "models", "feedback", "mitigations",
        "sampling", "samplers", "seed", "seeds", "exclude", "include", "system", "history", "stop",
        "limits", "judge", "allow_commands",
      ]
    case .task:
      [
        "family", "difficulty", "side", "count", "seed", "data", "shape", "fields", "check",
        "command", "tolerance",
      ]
    case .fields: ["id", "question", "answer", "choices", "solution", "difficulty"]
    case .treatment:
      [
        "source", "when", "rounds", "otherwise", "say", "value", "answer", "form", "set", "intent",
        "knowledge", "model", "models", "file", "mask", "flip", "ask", "frame", "final",
      ]
    case .mitigation: ["temperature", "reject", "select", "memory", "reflect"]
    case .cell: ["model", "feedback", "mitigation", "sampler", "seed"]
    case .limits: ["sessions", "minutes"]
    }
  }
}

/// The mappings of the script format and the keys each may have: the one list that the parser,
/// the error messages and the JSON Schema are checked against.
enum ScriptShape: String, CaseIterable, Sendable {
  case script, sampling, stop, problem, replacement, expectation, turn, critique, edit, judge, with

  var keys: [String] {
    switch self {
    case .script:
      [
        "terntable", "name", "description", "model", "system", "history", "sampling", "seed",
        "seeds", "problems", "stop", "turns", "arms", "allow_commands", "judge",
      ]
    case .sampling:
      [
        "temperature", "top_k", "top_p", "min_p", "repetition_penalty", "repetition_window",
        "max_tokens",
      ]
    case .stop: ["on_correct", "max_attempts"]
    case .problem: ["id", "prompt", "answer", "expect", "critique", "edit"]
    case .replacement: ["find", "replace"]
    case .expectation: Self.expectations + ["tolerance", "reference"]
    case .turn: Self.actions + ["expect", "repeat", "on", "with"]
    case .with: Self.sampling.keys + ["model", "seed", "history"]
    case .critique: ["text", "auto", "otherwise"]
    case .edit: Self.edits + ["replace", "otherwise"]
    case .judge: ["model", "samples"]
    }
  }

  /// How a reply is judged: exactly one of these keys is there.
  static let expectations = [
    "number", "exact", "regex", "any_of", "boxed", "choice", "cells", "task", "command", "judge",
  ]

  /// What a turn does: exactly one of these keys is there.
  static let actions = ["prompt"] + feedback + others

  /// What an edit begins with: exactly one of these keys is there.
  static let edits = ["find", "auto", "beginning", "text"]

  /// Turns that stand alone in a list, without a colon.
  static let bare = ["unary", "challenge", "regenerate", "undo", "bookmark"]

  /// The turns that ask the model for nothing.
  static let others = ["note", "undo", "go", "rate", "tag", "bookmark"]

  /// The turns that try to better the last reply.
  static let feedback = ["unary", "critique", "challenge", "edit", "regenerate"]
}

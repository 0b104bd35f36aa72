import SessionCore
import StrictYAML

extension Script {
  /// The turns of one arm.
  static func turns(
    _ field: ScriptField, _ places: ScriptPlaceholders
  ) throws(ScriptError) -> [Turn] {
    var turns: [Turn] = []
    for item in try field.list() {
      let turn = try turn(item, places)
      if turns.isEmpty, !turn.action.isPrompt { throw item.error(.noPromptYet) }
      turns.append(turn)
    }
    return turns
  }

  private static func turn(
    _ field: ScriptField, _ places: ScriptPlaceholders
  ) throws(ScriptError) -> Turn {
    if case .scalar = field.node.content {
      return Turn(action: try bareAction(field), line: field.node.line)
    }
    let map = try field.mapping(.turn)
    let (key, value) = try map.exactlyOne(of: ScriptShape.actions)
    var turn = Turn(action: try action(key, value, places), line: field.node.line)
    if let expect = map["expect"] {
      guard case .prompt(let text, _) = turn.action else {
        throw (map.keys["expect"] ?? field).error(.conflictingKeys([key, "expect"]))
      }
      turn.action = .prompt(text, expectation: try expectation(expect))
    }
    if let times = map["repeat"] {
      guard turn.action.isFeedback else { throw times.error(.cannotRepeat(key)) }
      turn.repeats = try times.wholeNumber(in: 1...repeatMax)
    }
    if let on = map["on"] {
      guard turn.action.hasTarget else { throw on.error(.conflictingKeys([key, "on"])) }
      turn.action = .about(try on.wholeNumber(in: 1...turnMax), turn.action)
    }
    if let with = map["with"] {
      guard turn.action.asksForReply else { throw with.error(.conflictingKeys([key, "with"])) }
      turn.action = .drawn(try DrawChange(try with.mapping(.with)), turn.action)
    }
    return turn
  }

  /// Highest number of a turn that a script may name.
  private static let turnMax = 1_000_000

  /// `- unary` is short for `- unary:`, likewise the others that need no text.
  private static func bareAction(
    _ field: ScriptField, _ words: [String] = ScriptShape.bare
  ) throws(ScriptError) -> Action {
    switch try field.word(of: words) {
    case "unary": .unary(Feedback.unaryWording)
    case "challenge": .challenge(challengeWording)
    case "undo": .undo
    case "bookmark": .bookmark
    default: .regenerate
    }
  }

  /// *Ask Again, Then Fail*, table 1, closed question A.
  static let challengeWording = "Are you sure?"

  private static func action(
    _ key: String, _ value: ScriptField, _ places: ScriptPlaceholders
  ) throws(ScriptError) -> Action {
    let text = { (field: ScriptField) throws(ScriptError) -> String in
      let text = try field.text()
      try places.check(text, field)
      return text
    }
    switch key {
    case "prompt": return .prompt(try text(value), expectation: nil)
    case "unary": return .unary(value.shape == .nothing ? Feedback.unaryWording : try text(value))
    case "challenge":
      return .challenge(value.shape == .nothing ? challengeWording : try text(value))
    case "regenerate", "undo", "bookmark":
      guard value.shape == .nothing else {
        throw value.error(.wrongShape(expected: .nothing, found: value.shape))
      }
      return key == "undo" ? .undo : key == "bookmark" ? .bookmark : .regenerate
    case "note": return .note(try text(value))
    case "go": return .go(try value.wholeNumber(in: 1...turnMax))
    case "rate": return .rate(try rating(value))
    case "tag": return .tag(try text(value))
    case "critique":
      switch value.shape {
      case .mapping: return try critique(try value.mapping(.critique), text, places)
      case .list, .nothing:
        throw value.error(.wrongShape(expected: .either([.text, .mapping]), found: value.shape))
      default: return .critique(try text(value))
      }
    default: return try edit(try value.mapping(.edit), text, places)
    }
  }

  private static func rating(_ field: ScriptField) throws(ScriptError) -> Rating {
    let word = try field.word(of: ["good", "bad", "1", "2", "3", "4", "5"])
    return word == "good" ? .up : word == "bad" ? .down : .stars(Int(word) ?? 1)
  }

  private typealias TextReader = (ScriptField) throws(ScriptError) -> String

  private static func critique(
    _ map: ScriptMapping, _ text: TextReader, _ places: ScriptPlaceholders
  ) throws(ScriptError) -> Action {
    let (key, value) = try map.exactlyOne(of: ["text", "auto"])
    guard key == "auto" else {
      if let otherwise = map.keys["otherwise"] {
        throw otherwise.error(.conflictingKeys(["text", "otherwise"]))
      }
      return .critique(try text(value))
    }
    _ = try value.word(of: ["first-wrong-step"])
    return .automatic(
      .critique(.step), otherwise: try fallback(map["otherwise"], places))
  }

  private static func edit(
    _ map: ScriptMapping, _ text: TextReader, _ places: ScriptPlaceholders
  ) throws(ScriptError) -> Action {
    let otherwise = try fallback(map["otherwise"], places)
    let (key, value) = try map.exactlyOne(of: ScriptShape.edits)
    if key == "beginning" || key == "text" {
      for other in ["replace", "otherwise"] {
        if let other = map.keys[other] { throw other.error(.conflictingKeys([key, other.word])) }
      }
      let words = key == "text" ? try value.text() : try value.anyText()
      try places.check(words, value)
      return key == "text" ? .rewrite(words) : .beginning(words)
    }
    if key == "auto" {
      if let replace = map.keys["replace"] {
        throw replace.error(.conflictingKeys(["auto", "replace"]))
      }
      _ = try value.word(of: ["first-wrong-step"])
      return .automatic(.edit, otherwise: otherwise)
    }
    let replace = try map.required("replace")
    let replacement = try replace.anyText()
    try places.check(replacement, replace)
    return .edit(find: try text(value), replace: replacement, otherwise: otherwise)
  }

  /// `skip`, another turn without a text, or a mapping with one feedback turn.
  static func fallback(
    _ field: ScriptField?, _ places: ScriptPlaceholders
  ) throws(ScriptError) -> Fallback {
    guard let field else { return .skip }
    if case .scalar = field.node.content {
      let words = ["unary", "challenge", "regenerate"]
      let word = try field.word(of: ["skip"] + words)
      return word == "skip" ? .skip : .action(try bareAction(field, words))
    }
    let map = try field.mapping(.turn)
    for key in ["expect", "repeat", "on", "with"] {
      if let key = map.keys[key] {
        throw key.error(.conflictingKeys(["otherwise", key.node.content.words]))
      }
    }
    let (key, value) = try map.exactlyOne(of: ScriptShape.actions)
    let action = try action(key, value, places)
    guard action.isFeedback else {
      throw (map.keys[key] ?? field).error(
        .unknownValue(key, allowed: ScriptShape.feedback, nearest: nil))
    }
    return .action(action)
  }
}

extension ScriptField {
  fileprivate var word: String { node.content.words }
}

extension YAMLNode.Content {
  fileprivate var words: String {
    if case .scalar(let text, _) = self { text } else { "" }
  }
}

extension Script.Action {
  var isPrompt: Bool { if case .prompt = drawnAlike { true } else { false } }

  /// The same, drawn as the script says.
  var drawnAlike: Script.Action { if case .drawn(_, let action) = self { action } else { self } }

  /// Whether the model is to write something.
  fileprivate var asksForReply: Bool {
    switch self {
    case .note, .undo, .go, .rate, .tag, .bookmark: false
    case .about(_, let action), .drawn(_, let action): action.asksForReply
    default: true
    }
  }

  /// Whether it tries to better the last reply.
  var isFeedback: Bool {
    switch self {
    case .prompt, .note, .undo, .go, .rate, .tag, .bookmark, .rewrite: false
    case .unary, .critique, .challenge, .edit, .beginning, .automatic, .regenerate: true
    case .about(_, let action), .drawn(_, let action): action.isFeedback
    }
  }

  /// Whether it can be about another turn than the last reply.
  fileprivate var hasTarget: Bool {
    switch self {
    case .prompt, .undo, .go, .about, .drawn: false
    default: true
    }
  }
}

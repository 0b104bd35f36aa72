import SessionCore
import StrictJSON

// The wire form of the header and of what a person or a script adds.

extension SessionHeader {
  func wire() throws(Unwritable) -> [JSONMember] {
    var fields = [
      JSONMember("schema", .integer(EventRecord.schema)),
      JSONMember("id", .string(id)),
      JSONMember("title", .string(title)),
      JSONMember("seed", .string(String(seed))),
      JSONMember("sampling", try sampling.wire()),
      JSONMember("history", .word(history, .historyStyles)),
      JSONMember("model", .string(model)),
    ]
    fields.add("activations", activations.wire)
    fields.add("application", .string(application))
    fields.add("provenance", provenance?.wire)
    return fields
  }

  init(wire fields: Fields) throws(JournalDamage) {
    _ = try fields.integer("schema", in: 1...EventRecord.schema)
    var provenance: Provenance?
    if fields["provenance"] != nil {
      provenance = try Provenance(wire: try fields.object("provenance"))
    }
    self.init(
      id: try fields.string("id"), title: try fields.string("title"),
      seed: try fields.seed("seed"), sampling: try Sampling(wire: fields.object("sampling")),
      history: try fields.word("history", .historyStyles), model: try fields.string("model"),
      activations: try fields.activations(), application: try fields.string("application"),
      provenance: provenance)
  }
}

extension Provenance {
  var wire: JSONValue {
    var fields: [JSONMember] = []
    fields.add("script", script.map { .string($0) })
    fields.add("arm", arm.map { .string($0) })
    fields.add("problem", problem.map { .string($0) })
    fields.add("family", family.map { .string($0) })
    fields.add("difficulty", difficulty.map { .string($0) })
    fields.add("replay_of", replayOf.map { .string($0) })
    fields.add("forked_from", forkedFrom?.wire)
    fields.add("imported", imported?.wire)
    return .object(fields)
  }

  init(wire fields: Fields) throws(JournalDamage) {
    self.init(
      script: try fields.optionalString("script"), arm: try fields.optionalString("arm"),
      problem: try fields.optionalString("problem"),
      family: try fields.optionalString("family"),
      difficulty: try fields.optionalString("difficulty"),
      replayOf: try fields.optionalString("replay_of"),
      forkedFrom: fields["forked_from"] == nil
        ? nil : try ForkOrigin(wire: fields.object("forked_from")),
      imported: fields["imported"] == nil
        ? nil : try ImportOrigin(wire: fields.object("imported")))
  }
}

extension ForkOrigin {
  var wire: JSONValue {
    .object([JSONMember("session", .string(session)), JSONMember("turn", .turn(turn))])
  }

  init(wire fields: Fields) throws(JournalDamage) {
    self.init(session: try fields.string("session"), turn: try fields.turn("turn"))
  }
}

extension ImportOrigin {
  var wire: JSONValue {
    var fields = [
      JSONMember("format", .string(format)), JSONMember("file", .string(file)),
      JSONMember("record", .integer(record)),
    ]
    fields.add("conversation", conversation.map { .string($0) })
    fields.add("dropped", .integer(dropped))
    return .object(fields)
  }

  init(wire fields: Fields) throws(JournalDamage) {
    self.init(
      format: try fields.string("format"), file: try fields.string("file"),
      record: try fields.integer("record", in: 1...JournalLine.countMax),
      conversation: try fields.optionalString("conversation"),
      dropped: try fields.count("dropped"))
  }
}

extension PromptAdded {
  func wire() -> [JSONMember] {
    var fields: [JSONMember] = []
    fields.add("parent", parent.map { .turn($0) })
    fields.add("role", .word(role, .roles))
    fields.add("origin", origin.wire)
    fields.add("text", .string(text))
    return fields
  }

  init(wire fields: Fields) throws(JournalDamage) {
    self.init(
      parent: try fields.optionalTurn("parent"), role: try fields.word("role", .roles),
      origin: try Turn.Origin(wire: fields.object("origin")), text: try fields.string("text"))
  }
}

extension Turn.Origin {
  var wire: JSONValue {
    var fields: [JSONMember] = []
    switch self {
    case .asked(let expectation):
      fields.add("kind", .string("asked"))
      fields.add("expectation", expectation?.wire)
    case .feedback(let feedback):
      fields.add("kind", .string("feedback"))
      fields += feedback.wire
    case .answered: fields.add("kind", .string("answered"))
    case .resampled(let original):
      fields.add("kind", .string("resampled"))
      fields.add("of", .turn(original))
    case .continued(let original, let keptBytes):
      fields.add("kind", .string("continued"))
      fields.add("edit_of", .turn(original))
      fields.add("kept_bytes", .integer(keptBytes))
    }
    return .object(fields)
  }

  init(wire fields: Fields) throws(JournalDamage) {
    switch try fields.string("kind") {
    case "asked":
      guard fields["expectation"] != nil else {
        self = .asked(nil)
        return
      }
      self = .asked(try Expectation(wire: fields.object("expectation")))
    case "feedback": self = .feedback(try Feedback(wire: fields))
    case "answered": self = .answered
    case "resampled": self = .resampled(of: try fields.turn("of"))
    case "continued":
      self = .continued(
        editOf: try fields.turn("edit_of"), keptBytes: try fields.count("kept_bytes"))
    default: throw fields.invalid("kind")
    }
  }
}

extension Expectation {
  var wire: JSONValue {
    switch self {
    case .number(let text): .object([JSONMember("number", .string(text))])
    case .exact(let text): .object([JSONMember("exact", .string(text))])
    case .regex(let text): .object([JSONMember("regex", .string(text))])
    case .numberWithin(let text, let tolerance):
      .object([JSONMember("number", .string(text)), JSONMember("tolerance", .string(tolerance))])
    case .anyOf(let texts): .object([JSONMember("any_of", .array(texts.map { .string($0) }))])
    case .boxed(let text): .object([JSONMember("boxed", .string(text))])
    case .choice(let letter): .object([JSONMember("choice", .string(letter))])
    case .cells(let rows): .object([JSONMember("cells", .array(rows.map { .string($0) }))])
    case .task(let key): .object([JSONMember("task", .string(key))])
    case .command(let text): .object([JSONMember("command", .string(text))])
    case .judge(let question, let reference):
      .object(
        [JSONMember("judge", .string(question))]
          + (reference.map { [JSONMember("reference", .string($0))] } ?? []))
    }
  }

  init(wire fields: Fields) throws(JournalDamage) {
    if let number = try fields.optionalString("number") {
      let tolerance = try fields.optionalString("tolerance")
      self = tolerance.map { .numberWithin(number, tolerance: $0) } ?? .number(number)
    } else if fields["any_of"] != nil {
      self = .anyOf(try fields.strings("any_of"))
    } else if let text = try fields.optionalString("boxed") {
      self = .boxed(text)
    } else if let letter = try fields.optionalString("choice") {
      self = .choice(letter)
    } else if fields["cells"] != nil {
      self = .cells(try fields.strings("cells"))
    } else if let key = try fields.optionalString("task") {
      self = .task(key)
    } else if let command = try fields.optionalString("command") {
      self = .command(command)
    } else if let question = try fields.optionalString("judge") {
      self = .judge(question: question, reference: try fields.optionalString("reference"))
    } else if let exact = try fields.optionalString("exact") {
      self = .exact(exact)
    } else {
      self = .regex(try fields.string("regex"))
    }
  }
}

extension Feedback {
  var wire: [JSONMember] {
    var fields: [JSONMember] = []
    fields.add("feedback", .word(kind, .feedbackKinds))
    fields.add("author", author.wire)
    fields.add("on", .turn(on))
    fields.add("round", .integer(round))
    fields.add(
      "target", target.map { .array([.integer($0.lowerBound), .integer($0.upperBound)]) })
    fields.add("used_gold", .bool(usedGold))
    fields.add("masked", .array(masked.map { .string($0) }))
    fields.add("leaked", leaked.map { .bool($0) })
    return fields
  }

  init(wire fields: Fields) throws(JournalDamage) {
    var leaked: Bool?
    if fields["leaked"] != nil { leaked = try fields.bool("leaked") }
    self.init(
      try fields.word("feedback", .feedbackKinds),
      author: try Author(wire: fields, "author"), on: try fields.turn("on"),
      round: try fields.integer("round", in: 1...JournalLine.countMax),
      target: try Self.target(fields), usedGold: try fields.bool("used_gold"),
      masked: try fields.strings("masked"), leaked: leaked)
  }

  private static func target(_ fields: Fields) throws(JournalDamage) -> Range<Int>? {
    guard fields["target"] != nil else { return nil }
    let bounds = try fields.tokens("target").map(Int.init)
    guard bounds.count == 2, 0 <= bounds[0], bounds[0] <= bounds[1] else {
      throw fields.invalid("target")
    }
    return bounds[0]..<bounds[1]
  }
}

extension Feedback.Author {
  var wire: JSONValue {
    switch self {
    case .person: .string("person")
    case .script: .string("script")
    case .template: .string("template")
    case .model(let name): .object([JSONMember("model", .string(name))])
    case .judge(let intent, let knowledge):
      .object([
        JSONMember("judge_intent", .string(intent)),
        JSONMember("judge_knowledge", .string(knowledge)),
      ])
    }
  }

  init(wire fields: Fields, _ name: String) throws(JournalDamage) {
    switch try fields.value(name) {
    case .string("person"): self = .person
    case .string("script"): self = .script
    case .string("template"): self = .template
    case .object:
      let author = try fields.object(name)
      if let model = try author.optionalString("model") {
        self = .model(model)
      } else {
        self = .judge(
          intent: try author.string("judge_intent"),
          knowledge: try author.string("judge_knowledge"))
      }
    default: throw fields.invalid(name)
    }
  }
}

extension Rating {
  var wire: JSONValue {
    switch self {
    case .up: .string("up")
    case .down: .string("down")
    case .stars(let stars): .integer(stars)
    }
  }

  /// Nil where a rating was taken back.
  init?(optionalWire fields: Fields, _ name: String) throws(JournalDamage) {
    switch try fields.value(name) {
    case .string("none"): return nil
    case .string("up"): self = .up
    case .string("down"): self = .down
    default: self = .stars(try fields.integer(name, in: 1...5))
    }
  }
}

extension Verdict {
  func wire() throws(Unwritable) -> [JSONMember] {
    var fields = [JSONMember("outcome", .word(outcome, .outcomes))]
    fields.add("answer", answer.map { .string($0) })
    fields.add("checker", .string(checker))
    if let agreement { fields.add("agreement", try .double(agreement, "agreement")) }
    return fields
  }

  init(wire fields: Fields) throws(JournalDamage) {
    self.init(
      try fields.word("outcome", .outcomes), answer: try fields.optionalString("answer"),
      checker: try fields.string("checker"),
      agreement: fields["agreement"] == nil ? nil : try fields.double("agreement"))
  }
}

extension Vote {
  var wire: [JSONMember] {
    [
      JSONMember("a", .turn(a)), JSONMember("b", .turn(b)),
      JSONMember("choice", .word(choice, .choices)), JSONMember("author", author.wire),
    ]
  }

  init(wire fields: Fields) throws(JournalDamage) {
    self.init(
      try fields.word("choice", .choices), a: try fields.turn("a"), b: try fields.turn("b"),
      author: try Feedback.Author(wire: fields, "author"))
  }
}

import SessionCore
import StrictJSON

// The wire form of replies and of all that is needed to draw them again.

extension ReplyStarted {
  func wire() throws(Unwritable) -> [JSONMember] {
    var fields = [JSONMember("parent", .turn(parent)), JSONMember("origin", origin.wire)]
    if !kept.isEmpty || !spans.isEmpty {
      fields.add("kept", .string(kept))
      fields.add("spans", .array(spans.map(\.wire)))
    }
    fields.add("kept_tokens", keptTokens?.wire)
    fields.add("recipe", try recipe?.wire())
    return fields
  }

  init(wire fields: Fields) throws(JournalDamage) {
    let kept = try fields.optionalString("kept") ?? ""
    var spans: [AuthoredSpan] = []
    if fields["spans"] != nil {
      for span in try fields.array("spans") {
        spans.append(try AuthoredSpan(wire: Fields(span, named: "spans")))
      }
    }
    // Spans that do not cover the text would make every later question about authorship wrong.
    // Checked one by one: forged lengths must not overflow their sum.
    var rest = kept.utf8.count
    for span in spans {
      rest -= span.bytes
      guard rest >= 0 else { throw fields.invalid("spans") }
    }
    guard spans.isEmpty || rest == 0 else { throw fields.invalid("spans") }
    var tokens: KeptTokens?
    if fields["kept_tokens"] != nil {
      tokens = try KeptTokens(wire: fields.object("kept_tokens"), kept: kept)
    }
    self.init(
      parent: try fields.turn("parent"),
      origin: try Turn.Origin(wire: fields.object("origin")), kept: kept, spans: spans,
      keptTokens: tokens,
      recipe: fields["recipe"] == nil ? nil : try Recipe(wire: fields.object("recipe")))
  }
}

extension KeptTokens {
  var wire: JSONValue {
    .object([
      JSONMember("start", .integer(start)),
      JSONMember("ids", .array(identifiers.map { .integer($0) })),
    ])
  }

  /// - Parameter kept: the text whose end they are.
  init(wire fields: Fields, kept: String) throws(JournalDamage) {
    self.init(start: try fields.count("start"), identifiers: try fields.tokens("ids"))
    let bytes = kept.utf8
    // Between two letters, so that what comes before is text again.
    guard start <= bytes.count,
      bytes.index(bytes.startIndex, offsetBy: start).samePosition(in: kept.unicodeScalars) != nil
    else { throw fields.invalid("start") }
    guard !identifiers.isEmpty else { throw fields.invalid("ids") }
  }
}

extension AuthoredSpan {
  var wire: JSONValue {
    .object([
      JSONMember("writer", .word(writer, .writers)), JSONMember("bytes", .integer(bytes)),
    ])
  }

  init(wire fields: Fields) throws(JournalDamage) {
    self.init(try fields.word("writer", .writers), bytes: try fields.count("bytes"))
  }
}

extension Recipe {
  func wire() throws(Unwritable) -> JSONValue {
    var fields = [
      JSONMember("model", model.wire),
      JSONMember("sampling", try sampling.wire()),
      JSONMember("seed", .string(String(seed))),
      JSONMember("history", .word(history, .historyStyles)),
      JSONMember("prompt_digest", .string(promptDigest)),
      JSONMember("prompt_tokens", .integer(promptTokens)),
    ]
    fields.add("activations", activations.wire)
    fields.add("kernel", .string(kernel))
    fields.add("application", .string(application))
    return .object(fields)
  }

  init(wire fields: Fields) throws(JournalDamage) {
    self.init(
      model: try ModelIdentity(wire: fields.object("model")),
      sampling: try Sampling(wire: fields.object("sampling")), seed: try fields.seed("seed"),
      history: try fields.word("history", .historyStyles),
      promptDigest: try fields.string("prompt_digest"),
      promptTokens: try fields.count("prompt_tokens"), activations: try fields.activations(),
      kernel: try fields.string("kernel"), application: try fields.string("application"))
  }
}

extension ModelIdentity {
  var wire: JSONValue {
    .object([
      JSONMember("name", .string(name)), JSONMember("digest", .string(digest)),
      JSONMember("template_digest", .string(templateDigest)),
    ])
  }

  init(wire fields: Fields) throws(JournalDamage) {
    self.init(
      name: try fields.string("name"), digest: try fields.string("digest"),
      templateDigest: try fields.string("template_digest"))
  }
}

extension Sampling {
  func wire() throws(Unwritable) -> JSONValue {
    .object([
      JSONMember("temperature", try .double(temperature, "temperature")),
      JSONMember("top_k", .integer(topK)),
      JSONMember("top_p", try .double(topP, "top_p")),
      JSONMember("min_p", try .double(minP, "min_p")),
      JSONMember("repetition_penalty", try .double(repetitionPenalty, "repetition_penalty")),
      JSONMember("repetition_window", .integer(repetitionWindow)),
      JSONMember("max_tokens", .integer(maxTokens)),
    ])
  }

  init(wire fields: Fields) throws(JournalDamage) {
    self.init(
      temperature: try fields.double("temperature"), topK: try fields.count("top_k"),
      topP: try fields.double("top_p"), minP: try fields.double("min_p"),
      repetitionPenalty: try fields.double("repetition_penalty"),
      repetitionWindow: try fields.count("repetition_window"),
      maxTokens: try fields.count("max_tokens"))
  }
}

extension ReplyStatistics {
  func wire() throws(Unwritable) -> JSONValue {
    var fields = [
      JSONMember("prompt_tokens", .integer(promptTokens)),
      JSONMember("cached_tokens", .integer(cachedTokens)),
      JSONMember("generated_tokens", .integer(generatedTokens)),
    ]
    // `map` cannot carry a typed error through `try` here without losing its type.
    if let prefillMilliseconds {
      fields.add("prefill_milliseconds", try .double(prefillMilliseconds, "prefill_milliseconds"))
    }
    if let decodeMilliseconds {
      fields.add("decode_milliseconds", try .double(decodeMilliseconds, "decode_milliseconds"))
    }
    if let confidence { fields.add("confidence", try .double(confidence, "confidence")) }
    return .object(fields)
  }

  /// The field `statistics`; nil when it is left out.
  init?(optionalIn fields: Fields) throws(JournalDamage) {
    guard fields["statistics"] != nil else { return nil }
    try self.init(wire: fields.object("statistics"))
  }

  init(wire fields: Fields) throws(JournalDamage) {
    self.init(
      promptTokens: try fields.count("prompt_tokens"),
      cachedTokens: try fields.count("cached_tokens"),
      generatedTokens: try fields.count("generated_tokens"),
      prefillMilliseconds: try fields.optionalDouble("prefill_milliseconds"),
      decodeMilliseconds: try fields.optionalDouble("decode_milliseconds"),
      confidence: try fields.optionalDouble("confidence"))
  }
}

extension StopCause {
  var wire: JSONValue {
    switch self {
    case .cancelled: .string("cancelled")
    case .interrupted: .string("interrupted")
    case .failed(let code): .object([JSONMember("failed", .string(code))])
    }
  }

  init(wire fields: Fields, _ name: String) throws(JournalDamage) {
    switch try fields.value(name) {
    case .string("cancelled"): self = .cancelled
    case .string("interrupted"): self = .interrupted
    default: self = .failed(try fields.object(name).string("failed"))
    }
  }
}

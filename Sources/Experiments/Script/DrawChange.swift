import SessionCore

/// How a reply is drawn, as far as a script says; nil is as it would be without it.
public struct DrawChange: Equatable, Sendable {
  public var temperature: Double?
  public var topK: Int?
  public var topP: Double?
  public var minP: Double?
  public var repetitionPenalty: Double?
  public var repetitionWindow: Int?
  public var maxTokens: Int?
  /// As the person named it.
  public var model: String?
  /// Of this reply's generator.
  public var seed: UInt64?
  public var history: HistoryStyle?

  /// What a mapping says; keys that it has not are left as they are.
  init(_ map: ScriptMapping) throws(ScriptError) {
    temperature = try map["temperature"]?.number(in: 0...100)
    topK = try map["top_k"]?.wholeNumber(in: 0...1_000_000)
    topP = try map["top_p"]?.number(in: 0.001...1)
    minP = try map["min_p"]?.number(in: 0...1)
    repetitionPenalty = try map["repetition_penalty"]?.number(in: 0.01...100)
    repetitionWindow = try map["repetition_window"]?.wholeNumber(in: 0...1_000_000)
    maxTokens = try map["max_tokens"]?.wholeNumber(in: 1...100_000)
    model = try map["model"]?.text()
    seed = try map["seed"]?.seed()
    if let style = map["history"] { history = try Script.history(style) }
  }

  /// The sampling with the changes in it.
  func applied(to plain: Sampling) -> Sampling {
    var sampling = plain
    if let temperature { sampling.temperature = temperature }
    if let topK { sampling.topK = topK }
    if let topP { sampling.topP = topP }
    if let minP { sampling.minP = minP }
    if let repetitionPenalty { sampling.repetitionPenalty = repetitionPenalty }
    if let repetitionWindow { sampling.repetitionWindow = repetitionWindow }
    if let maxTokens { sampling.maxTokens = maxTokens }
    return sampling
  }

  /// For one reply of a session.
  func settings(over plain: Sampling, own: String) -> DrawSettings {
    let sampling = applied(to: plain)
    return DrawSettings(
      model: model == own ? nil : model, sampling: sampling == plain ? nil : sampling, seed: seed,
      history: history)
  }

  /// A script's words for the settings, in a session with that sampling.
  static func words(for settings: DrawSettings, over plain: Sampling) -> String {
    let own = settings.sampling ?? plain
    let numbers = [
      ("temperature", "\(own.temperature)", own.temperature != plain.temperature),
      ("top_k", "\(own.topK)", own.topK != plain.topK),
      ("top_p", "\(own.topP)", own.topP != plain.topP),
      ("min_p", "\(own.minP)", own.minP != plain.minP),
      (
        "repetition_penalty", "\(own.repetitionPenalty)",
        own.repetitionPenalty != plain.repetitionPenalty
      ),
      (
        "repetition_window", "\(own.repetitionWindow)",
        own.repetitionWindow != plain.repetitionWindow
      ),
      ("max_tokens", "\(own.maxTokens)", own.maxTokens != plain.maxTokens),
    ]
    let words =
      numbers.filter(\.2).map { "\($0.0): \($0.1)" }
      + [
        settings.model.map { "model: \(YAMLText.quoted($0))" },
        settings.seed.map { "seed: \($0)" },
        settings.history.map { "history: \($0 == .chat ? "chat" : "single_message")" },
      ].compactMap(\.self)
    return "{ \(words.joined(separator: ", ")) }"
  }
}

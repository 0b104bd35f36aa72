import SessionCore

/// One setting and its value, as people write them: `temperature 0.7`, `seed=7`. The one place that
/// reads them, for `/set`, for the sides of a duel and for presets.
public enum Setting: Equatable, Sendable {
  case temperature(Double)
  case topK(Int)
  case topP(Double)
  case minP(Double)
  case repetitionPenalty(Double)
  case repetitionWindow(Int)
  case maxTokens(Int)
  case seed(UInt64)
  case history(HistoryStyle)
  /// What a bare "try again" says.
  case tryAgain(String)
  /// What a critique is put into.
  case critique(String)

  /// What can be set, in the order in which it is listed.
  public enum Name: String, Sendable, CaseIterable {
    case temperature
    case topK = "top-k"
    case topP = "top-p"
    case minP = "min-p"
    case repetitionPenalty = "repetition-penalty"
    case repetitionWindow = "repetition-window"
    case maxTokens = "max-tokens"
    case seed, history
    case tryAgain = "try-again"
    case critique

    /// Which values there are, in a few words.
    public var domain: String {
      switch self {
      case .temperature: "0 or more; 0 takes the likeliest token"
      case .topK: "a whole number; 0 keeps all"
      case .topP: "above 0, up to 1; 1 keeps all"
      case .minP: "0 to 1; 0 keeps all"
      case .repetitionPenalty: "above 0; 1 is none"
      case .repetitionWindow: "a whole number of tokens"
      case .maxTokens: "a whole number from 1"
      case .seed: "a whole number"
      case .history: "chat or single-message"
      case .tryAgain: "what /try says"
      case .critique: "what /critique says, \(Wordings.placeholder) in it is your text"
      }
    }

    /// Whether it is about how a reply is drawn, and not about what is said to the model.
    var isOfDrawing: Bool { self != .tryAgain && self != .critique }

    /// Whether the value is running text.
    public var isText: Bool { !isOfDrawing }
  }

  /// Nil where the name has no such value. Whole numbers and fractions are in decimal digits.
  public init?(_ name: Name, _ value: String) {
    let number = Double(value).flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
    let count = Int(value).flatMap { 0...Self.countMax ~= $0 ? $0 : nil }
    let setting: Setting? =
      switch name {
      case .temperature: number.map { .temperature($0) }
      case .topK: count.map { .topK($0) }
      case .topP: number.flatMap { $0 > 0 && $0 <= 1 ? .topP($0) : nil }
      case .minP: number.flatMap { $0 <= 1 ? .minP($0) : nil }
      case .repetitionPenalty: number.flatMap { $0 > 0 ? .repetitionPenalty($0) : nil }
      case .repetitionWindow: count.map { .repetitionWindow($0) }
      case .maxTokens: count.flatMap { $0 > 0 ? .maxTokens($0) : nil }
      case .seed: UInt64(value).map { .seed($0) }
      case .history: Self.histories.first { $0.word == value }.map { .history($0.style) }
      case .tryAgain: Wordings(tryAgain: value).isUsable ? .tryAgain(value) : nil
      case .critique: Wordings(critique: value).isUsable ? .critique(value) : nil
      }
    guard let setting else { return nil }
    self = setting
  }

  /// The largest count that is taken: as in scripts.
  static let countMax = 1_000_000

  static let histories: [(style: HistoryStyle, word: String)] = [
    (.chat, "chat"), (.singleMessage, "single-message"),
  ]

  /// Whether it is about how a reply is drawn.
  var isOfDrawing: Bool {
    switch self {
    case .tryAgain, .critique: false
    default: true
    }
  }

  /// For the reader of a record or a status line: `temperature 0.7`.
  public var words: String {
    switch self {
    case .temperature(let value): "temperature \(value)"
    case .topK(let count): "top-k \(count)"
    case .topP(let share): "top-p \(share)"
    case .minP(let share): "min-p \(share)"
    case .repetitionPenalty(let value): "repetition penalty \(value)"
    case .repetitionWindow(let count): "repetition window \(count)"
    case .maxTokens(let count): "at most \(count) tokens"
    case .seed(let value): "seed \(value)"
    case .history(let style): "history " + Self.word(for: style)
    case .tryAgain(let text): "try again: \(text)"
    case .critique(let text): "critique: \(text)"
    }
  }

  static func word(for style: HistoryStyle) -> String {
    histories.first { $0.style == style }?.word ?? style.rawValue
  }

  /// Makes the setting part of a change to `settings`.
  public func add(to change: inout SettingsChange, of settings: Settings) {
    var sampling = change.sampling ?? settings.sampling
    var wordings = change.wordings ?? settings.wordings
    switch self {
    case .temperature(let value): sampling.temperature = value
    case .topK(let count): sampling.topK = count
    case .topP(let share): sampling.topP = share
    case .minP(let share): sampling.minP = share
    case .repetitionPenalty(let value): sampling.repetitionPenalty = value
    case .repetitionWindow(let count): sampling.repetitionWindow = count
    case .maxTokens(let count): sampling.maxTokens = count
    case .seed(let value): change.seed = value
    case .history(let style): change.history = style
    case .tryAgain(let text): wordings.tryAgain = text
    case .critique(let text): wordings.critique = text
    }
    if sampling != settings.sampling || change.sampling != nil { change.sampling = sampling }
    if wordings != settings.wordings || change.wordings != nil { change.wordings = wordings }
  }
}

extension Setting.Name {
  /// What the setting is in `settings`.
  public func setting(in settings: Settings) -> Setting {
    switch self {
    case .temperature: .temperature(settings.sampling.temperature)
    case .topK: .topK(settings.sampling.topK)
    case .topP: .topP(settings.sampling.topP)
    case .minP: .minP(settings.sampling.minP)
    case .repetitionPenalty: .repetitionPenalty(settings.sampling.repetitionPenalty)
    case .repetitionWindow: .repetitionWindow(settings.sampling.repetitionWindow)
    case .maxTokens: .maxTokens(settings.sampling.maxTokens)
    case .seed: .seed(settings.seed)
    case .history: .history(settings.history)
    case .tryAgain: .tryAgain(settings.wordings.tryAgain)
    case .critique: .critique(settings.wordings.critique)
    }
  }

  /// The value alone, as it is typed.
  public func value(in settings: Settings) -> String {
    switch setting(in: settings) {
    case .temperature(let value), .topP(let value), .minP(let value),
      .repetitionPenalty(let value):
      "\(value)"
    case .topK(let count), .repetitionWindow(let count), .maxTokens(let count): "\(count)"
    case .seed(let seed): "\(seed)"
    case .history(let style): Setting.word(for: style)
    case .tryAgain(let text), .critique(let text): text
    }
  }

  /// How the command line and a record's reader call it: with `_` or `-`.
  public init?(spelt name: String) {
    self.init(rawValue: String(name.map { $0 == "_" ? "-" : $0 }))
  }
}

extension SettingsChange {
  /// What it changes, in words, for a person: `model tutor-f16`, `temperature 0.2`.
  /// - Parameter old: what was in force before.
  public func words(after old: Settings) -> [String] {
    let new = old.applying(self)
    let changed = Setting.Name.allCases.filter { $0.setting(in: new) != $0.setting(in: old) }
    return (preset.map { ["preset \($0)"] } ?? []) + (model.map { ["model \($0)"] } ?? [])
      + changed.map { $0.setting(in: new).words }
  }
}

extension Settings {
  /// What is other than where nobody chose anything; the seed aside, which is never usual.
  public var unusual: [Setting] {
    let usual = Settings(seed: seed)
    return Setting.Name.allCases.filter { $0.setting(in: self) != $0.setting(in: usual) }
      .map { $0.setting(in: self) }
  }
}

/// What a session's next replies are drawn with, and how feedback is worded: what its header says
/// until somebody changes it.
///
/// Settings belong to the session, not to a turn: they are what was set last, wherever in the tree
/// the conversation stands. So an earlier question can be answered by the model chosen later.
public struct Settings: Equatable, Sendable {
  /// As the person named it; nil is whom the session began with.
  public var model: String?
  /// Every reply's seed is derived from this one and the reply's place.
  public var seed: UInt64
  public var sampling: Sampling
  public var history: HistoryStyle
  public var wordings: Wordings

  public init(
    model: String? = nil, seed: UInt64, sampling: Sampling = Sampling(),
    history: HistoryStyle = .chat, wordings: Wordings = Wordings()
  ) {
    self.model = model
    self.seed = seed
    self.sampling = sampling
    self.history = history
    self.wordings = wordings
  }

  /// What a session begins with.
  public init(_ header: SessionHeader) {
    self.init(seed: header.seed, sampling: header.sampling, history: header.history)
  }

  public mutating func apply(_ change: SettingsChange) {
    model = change.model ?? model
    seed = change.seed ?? seed
    sampling = change.sampling ?? sampling
    history = change.history ?? history
    wordings = change.wordings ?? wordings
  }

  /// The settings with a change made.
  public func applying(_ change: SettingsChange) -> Settings {
    var changed = self
    changed.apply(change)
    return changed
  }
}

/// What is other from here on; nil stays as it is.
public struct SettingsChange: Equatable, Sendable {
  public var model: String?
  public var seed: UInt64?
  public var sampling: Sampling?
  public var history: HistoryStyle?
  public var wordings: Wordings?
  /// The name of the person's preset that says so, if one does.
  public var preset: String?

  public init(
    model: String? = nil, seed: UInt64? = nil, sampling: Sampling? = nil,
    history: HistoryStyle? = nil, wordings: Wordings? = nil, preset: String? = nil
  ) {
    self.model = model
    self.seed = seed
    self.sampling = sampling
    self.history = history
    self.wordings = wordings
    self.preset = preset
  }

  /// Whether nothing is changed by it.
  public var isEmpty: Bool { self == SettingsChange() }

  /// What of it is not so already.
  func leavingOut(_ settings: Settings) -> SettingsChange {
    SettingsChange(
      model: model == settings.model ? nil : model, seed: seed == settings.seed ? nil : seed,
      sampling: sampling == settings.sampling ? nil : sampling,
      history: history == settings.history ? nil : history,
      wordings: wordings == settings.wordings ? nil : wordings, preset: preset)
  }
}

/// The words of feedback that a person gives by one key. They are what a study varies.
public struct Wordings: Equatable, Sendable {
  /// All that a unary feedback says.
  public var tryAgain: String
  /// What a critique is put into; ``placeholder`` stands for it.
  public var critique: String

  /// What is replaced by the person's own words.
  public static let placeholder = "{text}"

  public init(tryAgain: String = Feedback.unaryWording, critique: String = placeholder) {
    self.tryAgain = tryAgain
    self.critique = critique
  }

  /// The critique as the model reads it.
  public func critique(saying text: String) -> String {
    // The first place only: what a person types may hold the placeholder too.
    guard let place = critique.firstRange(of: Self.placeholder) else { return text }
    return critique.replacingCharacters(in: place, with: text)
  }

  /// Whether feedback in these words says anything.
  public var isUsable: Bool {
    tryAgain.contains { !$0.isWhitespace } && critique.firstRange(of: Self.placeholder) != nil
  }
}

extension String {
  fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
    self[..<range.lowerBound] + text + self[range.upperBound...]
  }
}

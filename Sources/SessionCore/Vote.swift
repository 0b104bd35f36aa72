/// Which of two replies to one question somebody prefers: what a duel ends with.
public struct Vote: Equatable, Sendable {
  /// What was said of the two.
  public enum Choice: String, Sendable, CaseIterable { case a, b, tie, bothBad }

  /// The reply that was shown as A.
  public var a: TurnID
  /// The reply that was shown as B.
  public var b: TurnID
  public var choice: Choice
  public var author: Feedback.Author

  public init(_ choice: Choice, a: TurnID, b: TurnID, author: Feedback.Author = .person) {
    (self.choice, self.a, self.b, self.author) = (choice, a, b, author)
  }

  /// The reply that was found better; nil when neither was.
  public var winner: TurnID? {
    switch choice {
    case .a: a
    case .b: b
    case .tie, .bothBad: nil
    }
  }

  /// The reply that was found worse; nil when neither was.
  public var loser: TurnID? { winner.map { $0 == a ? b : a } }

  /// Whether it is about these two, whichever was A.
  public func isBetween(_ one: TurnID, _ other: TurnID) -> Bool {
    (a, b) == (one, other) || (a, b) == (other, one)
  }
}

/// How one reply is drawn, where that is not as its session has it.
public struct DrawSettings: Equatable, Sendable {
  /// As the person named it.
  public var model: String?
  public var sampling: Sampling?
  /// Of this reply's generator.
  public var seed: UInt64?
  public var history: HistoryStyle?

  /// Nil is what the session has.
  public init(
    model: String? = nil, sampling: Sampling? = nil, seed: UInt64? = nil,
    history: HistoryStyle? = nil
  ) {
    (self.model, self.sampling, self.seed, self.history) = (model, sampling, seed, history)
  }

  /// Whether nothing is other than the session has it.
  public var isUsual: Bool { self == DrawSettings() }

  /// What a reply was drawn with where its session began otherwise; nil for one that was not drawn
  /// here.
  public init?(of reply: Turn, in session: Session) {
    guard let recipe = reply.recipe else { return nil }
    let header = session.header
    let usual = ReplyOrder.seed(of: reply.id, sessionSeed: header.seed)
    self.init(
      model: recipe.model.name == header.model ? nil : recipe.model.name,
      sampling: recipe.sampling == header.sampling ? nil : recipe.sampling,
      seed: recipe.seed == usual ? nil : recipe.seed,
      history: recipe.history == header.history ? nil : recipe.history)
  }
}

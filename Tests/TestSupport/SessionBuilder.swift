import SessionCore

/// Makes a session from commands and canned replies, in one expression:
///
///     let session = SessionBuilder(seed: 1)
///       .ask("What is 12 × 7?", expecting: .number("84"))
///       .reply("12 × 7 = 83\nAnswer: 83").judge(.wrong, "83")
///       .feedback(.unary, "Try again.")
///       .reply("12 × 7 = 84\nAnswer: 84").judge(.right, "84")
///       .session
///
/// Everything goes through `decide` and `apply`, so only sessions that can really happen can be
/// built; a step that is refused stops the test run with its refusal. Entries are one second
/// apart, starting at 2026-01-01T00:00:00Z.
public struct SessionBuilder: Sendable {
  public private(set) var session: Session
  public private(set) var entries: [Entry]
  private var order: ReplyOrder?

  public init(
    seed: UInt64 = 1, id: String = "session-1", title: String = "A session",
    history: HistoryStyle = .chat, sampling: Sampling = Sampling(), provenance: Provenance? = nil
  ) {
    self.init(
      header: SessionHeader(
        id: id, title: title, seed: seed, sampling: sampling, history: history, model: "tutor",
        application: "terntable 0.1.0", provenance: provenance))
  }

  public init(header: SessionHeader) {
    let start = Entry(sequence: 1, time: VirtualClock.start, event: .sessionStarted(header))
    entries = [start]
    do {
      session = try Session(startedBy: start)
    } catch {
      preconditionFailure("a header does not start a session: \(error)")
    }
  }

  // MARK: - Commands

  public func instruct(_ text: String) -> Self { performing(.instruct(text)) }

  public func ask(_ text: String, expecting expectation: Expectation? = nil) -> Self {
    performing(.ask(text, expecting: expectation))
  }

  public func feedback(
    _ kind: Feedback.Kind, _ text: String = Feedback.unaryWording,
    author: Feedback.Author = .person, on turn: TurnID? = nil
  ) -> Self {
    performing(.giveFeedback(kind, text, author: author, on: turn))
  }

  public func regenerate(_ turn: TurnID? = nil) -> Self { performing(.regenerate(turn)) }

  public func edit(_ edit: InPlaceEdit, of turn: TurnID? = nil) -> Self {
    performing(.edit(edit, of: turn))
  }

  public func undo() -> Self { performing(.undo) }

  public func go(_ turn: TurnID) -> Self { performing(.go(turn)) }

  public func rate(_ rating: Rating, of turn: TurnID? = nil) -> Self {
    performing(.rate(rating, of: turn))
  }

  public func note(_ text: String, on turn: TurnID? = nil) -> Self {
    performing(.note(text, on: turn))
  }

  /// A verdict on the last reply of the conversation as it stands, or on `turn`.
  public func judge(
    _ outcome: Verdict.Outcome, _ answer: String?, checker: String = "number",
    of turn: TurnID? = nil
  ) -> Self {
    guard let reply = turn ?? session.lastReply?.id else {
      preconditionFailure("no reply to judge")
    }
    return performing(.judge(reply, Verdict(outcome, answer: answer, checker: checker)))
  }

  /// Carries out any command; the reply it asks for, if any, is given by the next step.
  public func performing(_ command: Command) -> Self {
    var next = self
    do {
      let decision = try decide(command, session)
      for event in decision.events { next.record(event) }
      next.order = decision.order
    } catch {
      preconditionFailure("\(command) is refused: \(error)")
    }
    return next
  }

  // MARK: - Replies

  /// The reply that the last command asked for; after an edit, only what the model adds. One
  /// token a word, 10 ms a token.
  public func reply(_ text: String, end: ReplyEnd = .endOfTurn) -> Self {
    var next = started(text)
    next.record(.replyFinished(end, next.statistics(text)))
    return next
  }

  /// A reply that was cut short.
  public func reply(_ text: String, stopped cause: StopCause) -> Self {
    var next = started(text)
    next.record(.replyStopped(cause, nil))
    return next
  }

  /// A reply that is still being written, or was when the program ended.
  public func openReply(_ text: String) -> Self { started(text) }

  private func started(_ text: String) -> Self {
    guard let order else { preconditionFailure("nobody asked for the reply \(text)") }
    var next = self
    next.order = nil
    let recipe = Recipe(
      model: ModelIdentity(
        name: session.settings.model ?? session.header.model,
        digest: String(repeating: "a", count: 64),
        templateDigest: String(repeating: "b", count: 64)),
      sampling: session.settings.sampling, seed: order.seed, history: session.settings.history,
      promptDigest: String(repeating: "c", count: 64), promptTokens: promptTokens(order),
      kernel: "reference", application: session.header.application)
    next.record(
      .replyStarted(
        ReplyStarted(
          parent: order.parent, origin: order.origin, kept: order.kept, spans: order.spans,
          keptTokens: order.keptTokens,
          recipe: recipe)))
    if !text.isEmpty { next.record(.replyExtended(text: text, tokens: tokens(text))) }
    return next
  }

  private func promptTokens(_ order: ReplyOrder) -> Int {
    PromptPlan(for: order, in: session).messages.reduce(0) { $0 + tokens($1.text).count }
  }

  private func tokens(_ text: String) -> [Int32] {
    text.split(whereSeparator: \.isWhitespace).map { Int32($0.utf8.count) }
  }

  private func statistics(_ text: String) -> ReplyStatistics {
    let generated = tokens(text).count
    let prompt = session.openReply.flatMap { session[$0]?.recipe?.promptTokens } ?? 0
    return ReplyStatistics(
      promptTokens: prompt, cachedTokens: 0, generatedTokens: generated, prefillMilliseconds: 10,
      decodeMilliseconds: Double(generated * 10))
  }

  private mutating func record(_ event: Event) {
    let entry = Entry(
      sequence: entries.count + 1, time: VirtualClock.start + Timestamp(entries.count) * 1000,
      event: event)
    do {
      try session.apply(entry)
    } catch {
      preconditionFailure("decided, yet it cannot be applied: \(error)")
    }
    entries.append(entry)
  }
}

import Journaling
import SessionCore

/// Runs one session: decides, writes down, applies, publishes, and asks for replies.
///
/// Everything between a decision and its publication is one synchronous stretch, so no two
/// commands ever mix. Only the writing of a reply leaves the actor free; while it lasts, ratings,
/// notes and verdicts are taken and everything else is refused. What is published is in the
/// journal already.
public actor SessionDriver {
  /// Oldest age in milliseconds at which text of a reply may still be missing from the journal.
  public static let draftAgeMaxMilliseconds: Timestamp = 250
  /// How often the age is looked at when no new text comes: often enough to keep the promise above.
  private static let pause: Duration = .milliseconds(100)
  private static let draftAgeDueMilliseconds: Timestamp = draftAgeMaxMilliseconds - 100

  /// The session as it stood when this driver took over; ``updates`` begin after it.
  public nonisolated let initialSession: Session
  /// Every entry from here on, and drafts between them. For one reader; ends with the driver or
  /// ``close()``.
  public nonisolated let updates: AsyncStream<SessionUpdate>

  public private(set) var session: Session
  private let journal: Journal?
  private let responder: any Responder
  private let clock: @Sendable () -> Timestamp
  private let sleep: @Sendable (Duration) async -> Void
  private let publisher: AsyncStream<SessionUpdate>.Continuation

  /// The header, until the first entry after it is written: a session without a word leaves
  /// nothing on disk.
  private var unwritten: [Entry]
  /// The reply being asked for or written.
  private var writing: Task<Result<Void, SessionError>, Never>?
  private var draft = Draft()

  /// Text and tokens that are not in the journal yet.
  private struct Draft {
    var text = ""
    var tokens: [Int32] = []
    /// When the oldest of it came.
    var since: Timestamp = 0
    var isEmpty: Bool { text.isEmpty && tokens.isEmpty }
  }

  /// A new session. Its journal's first line is written together with the second.
  /// - Parameters:
  ///   - journal: from ``Journaling/Journal/create(at:)``; nil keeps no record.
  ///   - clock: the time in milliseconds since 1970.
  ///   - sleep: waits, or returns early when the task is cancelled.
  ///   - opening: carried out at once and written together with the first line that somebody causes;
  ///     commands that ask for no reply.
  public init(
    starting header: SessionHeader, opening commands: [Command] = [],
    journal: sending Journal?, responder: any Responder,
    clock: @escaping @Sendable () -> Timestamp = SessionDriver.wallClock,
    sleep: @escaping @Sendable (Duration) async -> Void = SessionDriver.realSleep
  ) throws(SessionError) {
    let start = Entry(sequence: 1, time: clock(), event: .sessionStarted(header))
    var session: Session
    do {
      session = try Session(startedBy: start)
    } catch {
      throw .invalid(error)
    }
    unwritten = [start] + (try Self.opening(commands, &session, at: clock()))
    self.session = session
    initialSession = session
    self.journal = journal
    self.responder = responder
    self.clock = clock
    self.sleep = sleep
    (updates, publisher) = AsyncStream.makeStream()
  }

  /// Goes on with a recorded session. A reply that the record leaves open is closed as
  /// interrupted, in the journal too.
  /// - Parameters:
  ///   - contents: what ``Journaling/Journal/resume(at:)`` found.
  ///   - journal: the journal it gave.
  public init(
    resuming contents: JournalContents, opening commands: [Command] = [],
    journal: sending Journal, responder: any Responder,
    clock: @escaping @Sendable () -> Timestamp = SessionDriver.wallClock,
    sleep: @escaping @Sendable (Duration) async -> Void = SessionDriver.realSleep
  ) throws(SessionError) {
    let session: Session
    do {
      session = try contents.session()
    } catch {
      throw .invalid(error)
    }
    try self.init(
      resuming: session, opening: commands, journal: journal, responder: responder, clock: clock,
      sleep: sleep)
  }

  /// The same with the session that the record adds up to, as
  /// ``Journaling/Journal/resumeFolded(at:progress:)`` finds it.
  public init(
    resuming session: Session, opening commands: [Command] = [],
    journal: sending Journal, responder: any Responder,
    clock: @escaping @Sendable () -> Timestamp = SessionDriver.wallClock,
    sleep: @escaping @Sendable (Duration) async -> Void = SessionDriver.realSleep
  ) throws(SessionError) {
    var session = session
    do {
      if session.openReply != nil {
        let close = Entry(
          sequence: session.entryCount + 1, time: clock(), event: .replyStopped(.interrupted, nil))
        try journal.append([close], sync: true)
        try session.apply(close)
      }
    } catch let error as InvalidEntry {
      throw .invalid(error)
    } catch let error as JournalError {
      throw .journal(error)
    } catch {
      preconditionFailure("an error of neither type: \(error)")
    }
    unwritten = try Self.opening(commands, &session, at: clock())
    self.session = session
    initialSession = session
    self.journal = journal
    self.responder = responder
    self.clock = clock
    self.sleep = sleep
    (updates, publisher) = AsyncStream.makeStream()
  }

  deinit { publisher.finish() }

  /// What commands come to that nobody typed: entries for later, already part of the session.
  private static func opening(
    _ commands: [Command], _ session: inout Session, at time: Timestamp
  ) throws(SessionError) -> [Entry] {
    var entries: [Entry] = []
    for command in commands {
      let decision: Decision
      do { decision = try decide(command, session) } catch { throw .refused(error) }
      precondition(decision.order == nil, "an opening asks for no reply")
      for event in decision.events {
        let entry = Entry(sequence: session.entryCount + 1, time: time, event: event)
        do { try session.apply(entry) } catch { throw .invalid(error) }
        entries.append(entry)
      }
    }
    return entries
  }

  /// Carries out a command and returns when the reply it asked for, if any, is over. Cancelling
  /// the calling task cancels the reply.
  ///
  /// A reply that fails after it began is no error here: it is recorded as stopped.
  /// - Parameter settings: for this reply, instead of the session's own.
  /// - Throws: ``SessionError/refused(_:)``, ``SessionError/responder(_:)`` or
  ///   ``SessionError/journal(_:)``.
  @discardableResult
  public func perform(
    _ command: Command, with settings: DrawSettings = DrawSettings()
  ) async throws(SessionError) -> Session {
    if writing != nil, !command.isRemark { throw .refused(.replyInProgress) }
    // Only a journal that failed in the middle of a reply leaves one open with nobody writing.
    if writing == nil, session.openReply != nil {
      try flush(then: .replyStopped(.interrupted, nil))
    }
    let decision: Decision
    do {
      decision = try decide(command, session)
    } catch {
      throw .refused(error)
    }
    try record(decision.events)
    if let order = decision.order { try await write(order, settings) }
    return session
  }

  /// Stops the reply being written; what there is of it is kept. Nothing happens without one.
  public func cancelReply() { writing?.cancel() }

  /// Whether a reply is being asked for or written.
  public var isWriting: Bool { writing != nil }

  /// Stops a reply, ends ``updates`` and gives the journal's file free. Nothing can be recorded
  /// afterwards.
  public func close() async {
    writing?.cancel()
    _ = await writing?.value
    publisher.finish()
    journal?.close()
  }

  // MARK: - One reply

  private func write(
    _ order: ReplyOrder, _ settings: DrawSettings
  ) async throws(SessionError) {
    let task = Task { await self.reply(order, settings) }
    writing = task
    let result = await withTaskCancellationHandler {
      await task.value
    } onCancel: {
      task.cancel()
    }
    try result.get()
  }

  /// Never throws, so that whatever happens `writing` is set back before anyone hears of it.
  private func reply(
    _ order: ReplyOrder, _ settings: DrawSettings
  ) async -> Result<Void, SessionError> {
    defer { writing = nil }
    let usual = session.settings
    let history = settings.history ?? usual.history
    let request = ReplyRequest(
      plan: PromptPlan(for: order, in: session, history: history),
      sampling: settings.sampling ?? usual.sampling, seed: settings.seed ?? order.seed,
      history: history, model: settings.model ?? usual.model)
    do throws(ResponderFailure) {
      let reply = try await responder.begin(request)
      return await record(reply, order)
    } catch {
      return .failure(.responder(error))
    }
  }

  private func record(
    _ reply: StartedReply, _ order: ReplyOrder
  ) async -> Result<Void, SessionError> {
    draft = Draft()
    let ticker = Task { await self.keepJournalled() }
    defer { ticker.cancel() }
    do throws(SessionError) {
      try record([
        .replyStarted(
          ReplyStarted(
            parent: order.parent, origin: order.origin, kept: order.kept, spans: order.spans,
            keptTokens: order.keptTokens, recipe: reply.recipe))
      ])
      for await part in reply.parts {
        if try take(part) { return .success(()) }
      }
      try flush(then: Task.isCancelled ? .replyStopped(.cancelled, nil) : stop(.endedEarly))
      return .success(())
    } catch {
      return .failure(error)
    }
  }

  /// Whether the part was the last one.
  private func take(_ part: ReplyPart) throws(SessionError) -> Bool {
    switch part {
    case .text(let text, let tokens):
      if draft.isEmpty { draft.since = clock() }
      draft.text += text
      draft.tokens += tokens
      if isDraftDue { try flush() } else { publisher.yield(.draft(draft.text)) }
      return false
    case .finished(let end, let statistics): try flush(then: .replyFinished(end, statistics))
    case .cancelled(let statistics): try flush(then: .replyStopped(.cancelled, statistics))
    case .failed(let failure): try flush(then: stop(failure))
    }
    return true
  }

  private func stop(_ failure: ResponderFailure) -> Event {
    .replyStopped(.failed(failure.code), nil)
  }

  /// Journals what the draft holds, and an event after it. The draft is kept when that fails, so
  /// that the record can never have a gap.
  private func flush(then event: Event? = nil) throws(SessionError) {
    var events: [Event] = []
    if !draft.isEmpty { events.append(.replyExtended(text: draft.text, tokens: draft.tokens)) }
    if let event { events.append(event) }
    try record(events)
    draft = Draft()
  }

  private var isDraftDue: Bool {
    // A clock set back must not put the journal off.
    !draft.isEmpty && !(0..<Self.draftAgeDueMilliseconds).contains(clock() - draft.since)
  }

  /// Journals text that has waited long enough, also while no more of it comes.
  private func keepJournalled() async {
    while !Task.isCancelled {
      await sleep(Self.pause)
      guard !Task.isCancelled, isDraftDue else { continue }
      // The draft is still there when this fails; the next part meets the same journal, and its
      // error reaches the caller.
      try? flush()
    }
  }

  // MARK: - The record

  /// Appends, applies, publishes. What cannot be appended has not happened.
  private func record(_ events: [Event]) throws(SessionError) {
    guard !events.isEmpty else { return }
    let first = session.entryCount + 1
    let entries = events.enumerated().map {
      Entry(sequence: first + $0.offset, time: clock(), event: $0.element)
    }
    do {
      try journal?.append(unwritten + entries, sync: events.contains(where: \.mustOutlivePowerCut))
    } catch {
      throw .journal(error)
    }
    unwritten = []
    for entry in entries {
      do {
        try session.apply(entry)
      } catch {
        preconditionFailure("decided, yet it cannot be applied: \(error)")
      }
      publisher.yield(.entry(entry))
    }
  }
}

extension Event {
  /// What a person did and how a reply ended is synced before anything else happens. Text on its
  /// way, and verdicts that a checker can find again, are left to the system's own pace.
  fileprivate var mustOutlivePowerCut: Bool {
    switch self {
    case .sessionStarted, .promptAdded, .replyFinished, .replyStopped, .headMoved, .rated, .noted,
      .tagged, .bookmarked, .voted, .settingsChanged:
      true
    case .replyStarted, .replyExtended, .judged: false
    }
  }
}

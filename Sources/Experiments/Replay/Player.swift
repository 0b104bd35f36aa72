import SessionCore
import SessionRuntime

/// Plays one session's turns: carries out commands, judges every new reply by what its question
/// expects, and keeps a list of what could not be played as written.
public actor Player {
  private let unit: String
  private let driver: SessionDriver
  private let judging: JudgingTools
  let mitigation: Mitigation
  /// Chooses among several draws; nil takes what comes.
  private let chooser: ChoosingResponder?
  /// Gives the model that a critic names; nil the one that is measured.
  private let models: @Sendable (String?) -> (any Responder)?
  /// Aspects of critics that have found nothing on a question.
  private var contentAspects: [String: Set<String>] = [:]
  public private(set) var skips: [TurnSkip] = []
  /// How replies are drawn where nothing else is said.
  private var usual = DrawSettings()

  init(
    unit: String, driver: SessionDriver, judging: JudgingTools = JudgingTools(),
    mitigation: Mitigation = .none,
    chooser: ChoosingResponder? = nil,
    models: @escaping @Sendable (String?) -> (any Responder)? = { _ in nil }
  ) {
    self.unit = unit
    self.driver = driver
    self.judging = judging
    self.mitigation = mitigation
    self.chooser = chooser
    self.models = models
  }

  var session: Session {
    get async { await driver.session }
  }

  /// Carries out a command, and judges the reply that came of it.
  @discardableResult
  func perform(
    _ command: Command, with settings: DrawSettings = DrawSettings()
  ) async throws(PlayStop) -> Session {
    guard !Task.isCancelled else { throw .cancelled }
    let before = await driver.session
    let known = before.turns.count
    var settings = settings.isUsual ? usual : settings
    if let ramped = await sampling(for: command, in: before) { settings.sampling = ramped }
    do {
      try await driver.perform(command, with: settings)
    } catch {
      throw stop(for: error)
    }
    guard !Task.isCancelled else { throw .cancelled }
    var session = await driver.session
    for turn in session.turns[known...] where turn.role == .assistant {
      if case .stopped(.failed(let code)) = turn.state {
        throw .failed(.replyFailed(unit: unit, code: code))
      }
      guard let expectation = session.expectation(for: turn.id),
        let verdict = await judging.judge(turn.text, by: expectation)
      else { continue }
      do {
        session = try await driver.perform(.judge(turn.id, verdict))
      } catch {
        throw stop(for: error)
      }
    }
    if let account = await chooser?.takeAccount(), let reply = session.lastReply {
      try await note(account.words, on: reply.id)
      session = await driver.session
    }
    return session
  }

  /// From now on replies are drawn so.
  func draw(with settings: DrawSettings) { usual = settings }

  /// The mitigation's sampling for the attempt that a command asks for; nil for the session's own.
  private func sampling(for command: Command, in session: Session) async -> Sampling? {
    guard mitigation != .none else { return nil }
    var earlier: [Turn] = []
    switch command {
    case .ask: break
    case .giveFeedback, .regenerate, .edit:
      earlier = session.lastReply.map { session.attempts(upTo: $0.id) } ?? []
    case .instruct, .undo, .redo, .go, .rate, .note, .tag, .bookmark, .judge, .vote, .set:
      return nil
    }
    let expectation = session.lastReply.flatMap { session.expectation(for: $0.id) }
    await chooser?.prepare(earlier: earlier.map(\.text), expectation)
    return mitigation.sampling(session.header.sampling, attempt: earlier.count)
  }

  /// What a critic says about a reply.
  func write(
    _ critic: Critic, _ occasion: FeedbackOccasion
  ) async throws(PlayStop) -> CriticOpinion {
    let question = occasion.session.question(of: occasion.reply.id)?.id.position ?? 0
    let key = "\(question) \(critic.name)"
    var writer = CriticWriter(
      critic, about: occasion, unit: unit, allowsCommands: judging.allowsCommands,
      contentAspects: contentAspects[key] ?? [], models: models)
    let opinion = try await writer.write()
    contentAspects[key] = writer.contentAspects
    if writer.cost.requests > 0 {
      try await note("critic \(critic.name): \(writer.cost.words)", on: occasion.reply.id)
    }
    return opinion
  }

  /// What the measured model writes to a request that is no part of the conversation; nil when it
  /// cannot read so much.
  func draw(_ request: ReplyRequest, _ cost: inout DrawCost) async throws(PlayStop) -> String? {
    guard !Task.isCancelled else { throw .cancelled }
    guard let responder = models(nil) else { return nil }
    do throws(ResponderFailure) {
      let (text, statistics) = try await responder.begin(request).whole()
      cost.add(statistics)
      return text
    } catch {
      if case .promptTooLong = error { return nil }
      throw .failed(.responder(unit: unit, error))
    }
  }

  /// Writes down what a reader of the record could not know otherwise.
  func note(_ text: String, on turn: TurnID) async throws(PlayStop) {
    try await perform(.note(text, on: turn, author: .script))
  }

  /// Records that a turn was not played as written, for the caller and in the session.
  func note(_ skip: TurnSkip) async throws(PlayStop) {
    skips.append(skip)
    let instead = skip.instead.map { ", \($0) instead" } ?? ""
    let text = "\(skip.turn) not played (\(skip.reason.rawValue))\(instead)"
    try await perform(.note(text, on: skip.reply, author: .script))
  }

  private func stop(for error: SessionError) -> PlayStop {
    switch error {
    case .responder(.promptTooLong(let tokens, let limit)):
      .contextFull(tokens: tokens, limit: limit)
    case .responder(let failure): .failed(.responder(unit: unit, failure))
    case .journal(let error): .failed(.journal(error))
    case .refused, .invalid, .noStateFolder, .folder: .failed(.session(unit: unit, error))
    }
  }
}

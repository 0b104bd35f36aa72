import SessionCore
import SessionRuntime

/// Plays one session's turns: carries out commands, judges every new reply by what its question
/// expects, and keeps a list of what could not be played as written.
public actor Player {
  private let unit: String
  private let driver: SessionDriver
  private let judging: JudgingTools
  private let mitigation: Mitigation
  /// Chooses among several draws; nil takes what comes.
  private let chooser: ChoosingResponder?
  /// Gives the model that a critic names; nil the one that is measured.
  private let critics: @Sendable (String?) -> (any Responder)?
  public private(set) var skips: [TurnSkip] = []

  init(
    unit: String, driver: SessionDriver, judging: JudgingTools = JudgingTools(),
    mitigation: Mitigation = .none,
    chooser: ChoosingResponder? = nil,
    critics: @escaping @Sendable (String?) -> (any Responder)? = { _ in nil }
  ) {
    self.unit = unit
    self.driver = driver
    self.judging = judging
    self.mitigation = mitigation
    self.chooser = chooser
    self.critics = critics
  }

  var session: Session {
    get async { await driver.session }
  }

  /// Carries out a command, and judges the reply that came of it.
  @discardableResult
  func perform(_ command: Command) async throws(PlayStop) -> Session {
    guard !Task.isCancelled else { throw .cancelled }
    let before = await driver.session
    let known = before.turns.count
    do {
      try await driver.perform(command, sampling: await sampling(for: command, in: before))
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
    return session
  }

  /// The mitigation's sampling for the attempt that a command asks for; nil for the session's own.
  private func sampling(for command: Command, in session: Session) async -> Sampling? {
    guard mitigation != .none else { return nil }
    var earlier: [Turn] = []
    switch command {
    case .ask: break
    case .giveFeedback, .regenerate, .edit:
      earlier = session.lastReply.map { session.attempts(upTo: $0.id) } ?? []
    case .instruct, .undo, .go, .rate, .note, .judge: return nil
    }
    let expectation = session.lastReply.flatMap { session.expectation(for: $0.id) }
    await chooser?.prepare(earlier: earlier.map(\.text), expectation)
    return mitigation.sampling(session.header.sampling, attempt: earlier.count)
  }

  /// What a critic's model says about a reply; nil when there is no such model or it says nothing.
  func write(
    _ critic: Critic, _ occasion: FeedbackOccasion
  ) async throws(PlayStop) -> String? {
    guard let responder = critics(critic.model) else { return nil }
    var chance = SplitMix64(
      seed: occasion.session.header.seed ^ UInt64(occasion.session.turns.count))
    var texts: [String] = []
    for _ in 0..<critic.samples {
      var text = ""
      for step in critic.steps {
        guard !Task.isCancelled else { throw .cancelled }
        let request = ReplyRequest(
          plan: critic.plan(step, after: text, for: occasion), sampling: critic.sampling,
          seed: chance.next(), history: .chat)
        do throws(ResponderFailure) {
          text = try await responder.begin(request).text()
        } catch {
          // A critic that cannot read so much says nothing; anything else is the model's failure.
          if case .promptTooLong = error { return nil }
          throw .failed(.responder(unit: unit, error))
        }
      }
      if !text.allSatisfy(\.isWhitespace), !texts.contains(text) { texts.append(text) }
    }
    return texts.isEmpty ? nil : texts.joined(separator: "\n")
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

import SessionCore
import SessionRuntime

/// Plays one session's turns: carries out commands, judges every new reply by what its question
/// expects, and keeps a list of what could not be played as written.
public actor Player {
  private let unit: String
  private let driver: SessionDriver
  private let judging: JudgingTools
  public private(set) var skips: [TurnSkip] = []

  init(unit: String, driver: SessionDriver, judging: JudgingTools = JudgingTools()) {
    self.unit = unit
    self.driver = driver
    self.judging = judging
  }

  var session: Session {
    get async { await driver.session }
  }

  /// Carries out a command, and judges the reply that came of it.
  @discardableResult
  func perform(_ command: Command) async throws(PlayStop) -> Session {
    guard !Task.isCancelled else { throw .cancelled }
    let known = await driver.session.turns.count
    do {
      try await driver.perform(command)
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

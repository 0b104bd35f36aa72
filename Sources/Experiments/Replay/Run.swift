import Foundation
import Journaling
import SessionCore
import SessionRuntime

/// Plays planned sessions into a folder, each with a journal of its own. The folder is the ledger:
/// a session that is finished there is not played again, so running once more finishes the rest.
///
/// A journal has its final name only once its session is finished; until then its name ends in
/// `.partial`, and a later run begins it anew: the same seeds give the same turns.
public struct Run: Sendable {
  private let units: [any Playable]
  private let folder: String
  private let modelDigest: String
  private let activations: ActivationPrecision
  private let responder: any Responder
  private let application: String
  private let jobs: Int
  private let judging: JudgingTools
  private let critics: [String: any Responder]
  private let deadline: ContinuousClock.Instant?
  private let clock: @Sendable () -> Timestamp

  /// - Parameters:
  ///   - modelDigest: SHA-256 of the model; finished sessions of another model are refused.
  ///   - activations: what the model reads, for the records.
  ///   - application: program name and version, for the records.
  ///   - jobs: most sessions played at once; changes the speed only.
  ///   - judging: what checkers may use; without it commands are not run and no model is asked,
  ///     and replies that need them stay unjudged.
  ///   - critics: the models that critics name.
  ///   - others: the models that single replies of a record name.
  ///   - deadline: no session begins later; those that do not are not finished.
  ///   - clock: the time in milliseconds since 1970.
  public init(
    _ units: [any Playable], into folder: String, modelDigest: String,
    activations: ActivationPrecision = .int8, responder: any Responder, application: String,
    jobs: Int = 8,
    judging: JudgingTools = JudgingTools(),
    critics: [String: any Responder] = [:],
    others: [String: any Responder] = [:], deadline: ContinuousClock.Instant? = nil,
    clock: @escaping @Sendable () -> Timestamp = SessionDriver.wallClock
  ) {
    self.units = units
    self.folder = folder
    self.modelDigest = modelDigest
    self.activations = activations
    let own = SharedReplies(responder)
    self.responder = others.isEmpty ? own : RoutingResponder(own: own) { others[$0] }
    self.application = application
    self.jobs = jobs
    self.judging = judging
    self.critics = critics
    self.deadline = deadline
    self.clock = clock
  }

  /// Plays what is not finished. Cancelling the task stops the replies being written, keeps what
  /// there is of them, and begins no further session.
  /// - Parameters:
  ///   - progress: called after each session, with how many are done.
  ///   - digest: called with each result as it comes; the results that are returned then have no
  ///     sessions, so that a large run needs little memory.
  /// - Returns: one result a unit, in their order.
  /// - Throws: ``ExperimentError/folder(path:code:)``.
  public func play(
    progress: @escaping @Sendable (Int) -> Void = { _ in },
    digest: (@Sendable (UnitResult) async -> Void)? = nil
  ) async throws(ExperimentError) -> [UnitResult] {
    try makeFolder()
    return await concurrently(units.count, jobs: jobs, progress: progress) {
      var result = await play(units[$0])
      if let digest {
        await digest(result)
        result.session = nil
      }
      return result
    }
  }

  private func play(_ unit: any Playable) async -> UnitResult {
    let path = "\(folder)/\(unit.id)\(SessionFolder.suffix)"
    do throws(ExperimentError) {
      if let session = try finished(unit, at: path) {
        return UnitResult(unit, path: path, session: session, ending: .alreadyFinished)
      }
      guard !Task.isCancelled, deadline.map({ ContinuousClock.now < $0 }) ?? true else {
        return UnitResult(unit, path: path, session: nil, ending: .notFinished)
      }
      return try await play(unit, into: path)
    } catch {
      return UnitResult(unit, path: path, session: nil, ending: .failed(error))
    }
  }

  /// The session of a journal that an earlier run finished.
  private func finished(
    _ unit: any Playable, at path: String
  ) throws(ExperimentError) -> Session? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let session: Session
    do {
      session = try JournalReader.read(path).session()
    } catch let error as JournalError {
      throw .journal(error)
    } catch let error as InvalidEntry {
      throw .invalid(path: path, error)
    } catch {
      preconditionFailure("an error of neither type: \(error)")
    }
    guard session.header.id.hasPrefix(name(of: unit)) else { throw .otherPlan(path: path) }
    return session
  }

  /// The part of the session's name that its plan decides.
  private func name(of unit: any Playable) -> String {
    let plan = unit.fingerprint(modelDigest: modelDigest, activations: activations)
    return "\(unit.id)-\(plan)-"
  }

  private func play(
    _ unit: any Playable, into path: String
  ) async throws(ExperimentError) -> UnitResult {
    let partial = path + ".partial"
    let chooser = unit.mitigation.choice.map {
      ChoosingResponder(responder, draws: unit.mitigation.draws, choice: $0)
    }
    let driver = try driver(for: unit, journalAt: partial, chooser ?? responder)
    let player = Player(
      unit: unit.id, driver: driver, judging: judging, mitigation: unit.mitigation,
      chooser: chooser,
      models: { [critics, responder] in $0.map { critics[$0] } ?? responder })
    var ending = UnitResult.Ending.finished
    do throws(PlayStop) {
      try await unit.play(on: player)
    } catch {
      switch error {
      case .cancelled: ending = .notFinished
      case .contextFull(let tokens, let limit):
        ending = .contextFull(tokens: tokens, limit: limit)
      case .failed(let error): ending = .failed(error)
      }
    }
    await driver.close()
    if ending.isFinal {
      guard rename(partial, path) == 0 else {
        throw .folder(path: path, code: errno)
      }
    }
    return UnitResult(
      unit, path: ending.isFinal ? path : partial, session: await driver.session,
      ending: ending, skips: await player.skips)
  }

  private func driver(
    for unit: any Playable, journalAt path: String, _ responder: any Responder
  ) throws(ExperimentError) -> SessionDriver {
    try removePartial(path)
    var generator = SystemRandomNumberGenerator()
    let header = SessionHeader(
      id: name(of: unit) + SessionFolder.newSessionID(using: &generator).prefix(8),
      title: unit.title, seed: unit.seed, sampling: unit.sampling, history: unit.history,
      model: unit.model, activations: activations, application: application,
      provenance: unit.provenance)
    do {
      return try SessionDriver(
        starting: header, journal: try Journal.create(at: path), responder: responder,
        clock: clock)
    } catch let error as JournalError {
      throw .journal(error)
    } catch let error as SessionError {
      throw .session(unit: unit.id, error)
    } catch {
      preconditionFailure("an error of neither type: \(error)")
    }
  }
}

extension Run {
  private func makeFolder() throws(ExperimentError) {
    do {
      try SessionFolder.create(folder, mode: 0o777)
    } catch .folder(let path, let code) {
      throw .folder(path: path, code: code)
    } catch {
      preconditionFailure("making a folder: \(error)")
    }
  }

  /// Makes room for a unit that an earlier run left unfinished, unless that run still writes it.
  private func removePartial(_ path: String) throws(ExperimentError) {
    guard FileManager.default.fileExists(atPath: path) else { return }
    var journal: Journal?
    do throws(JournalError) {
      journal = try Journal.resume(at: path).0
    } catch {
      if case .busy = error { throw .journal(error) }
      // Whatever else is wrong with it, it is going to be written anew.
    }
    defer { journal?.close() }
    if unlink(path) != 0, errno != ENOENT {
      throw .folder(path: path, code: errno)
    }
  }
}

/// What became of one unit.
public struct UnitResult: Sendable {
  public enum Ending: Equatable, Sendable {
    case finished
    /// By an earlier run.
    case alreadyFinished
    /// The conversation grew beyond the model's context, and ends there.
    case contextFull(tokens: Int, limit: Int)
    /// Stopped from outside; run again.
    case notFinished
    case failed(ExperimentError)

    /// Whether there is nothing more to play.
    public var isFinal: Bool {
      switch self {
      case .finished, .alreadyFinished, .contextFull: true
      case .notFinished, .failed: false
      }
    }
  }

  public var unit: String
  public var provenance: Provenance
  /// Of the journal.
  public var path: String
  /// Nil when nothing was played.
  public var session: Session?
  public var ending: Ending
  /// What was not played as written; empty for sessions of an earlier run.
  public var skips: [TurnSkip]

  init(
    _ unit: any Playable, path: String, session: Session?, ending: Ending, skips: [TurnSkip] = []
  ) {
    self.unit = unit.id
    provenance = unit.provenance
    self.path = path
    self.session = session
    self.ending = ending
    self.skips = skips
  }
}

import Inference
import SessionCore
import SessionRuntime
import Synchronization
import TerminalUI

/// The one task of its kind that is under way, so that somebody can end it.
final class OneTask: Sendable {
  private let task = Mutex<Task<Void, Never>?>(nil)

  func start(_ work: @escaping @Sendable () async -> Void) {
    let new = Task { await work() }
    task.withLock { old in
      old?.cancel()
      old = new
    }
  }

  func cancel() { task.withLock { $0?.cancel() } }
}

// Looking into replies. The model evaluates a reply's tokens again when somebody looks; nothing of
// it was kept.
extension SessionEffects {
  /// Places that are sent to a screen at once.
  private static let batch = 16

  func inspect(_ id: TurnID, _ depth: InspectionDepth) async {
    let session = await driver.session
    do {
      let reply = session[id]
      guard let reply, let recipe = reply.recipe else { throw InspectionFailure.noTokens(id) }
      let reader = await models.reader(of: recipe.model.digest).responder
      let anatomy = try reader.anatomy(of: reply, in: session)
      var inspection = inspection(of: reply, anatomy, by: reader)
      if depth == .whole {
        inspection.odds = try await odds(of: anatomy, recipe.sampling, by: reader) { _ in }
        // Nobody waits for it any more.
        guard !Task.isCancelled else { return send(.performed(entries: 0)) }
      }
      send(.inspected(inspection, depth))
      if depth == .live {
        _ = try await odds(of: anatomy, recipe.sampling, by: reader) {
          send(.odds($0, of: id))
        }
      }
      send(.performed(entries: 0))
    } catch {
      send(.failed(commandFailure(for: error).text, entries: 0))
    }
  }

  func branch(_ id: TurnID, at place: Int, _ choice: BranchChoice) async {
    do {
      let session = await driver.session
      guard let reply = session[id], let recipe = reply.recipe else {
        throw InspectionFailure.noTokens(id)
      }
      let (name, reader) = await models.reader(of: recipe.model.digest)
      let token = try await token(
        choice, at: place, of: reply, in: session, recipe.sampling, by: reader)
      let start = try reader.start(
        branching: reply, in: session, at: place, choosing: token)
      // Only the model whose tokens they are can go on from them.
      let isOwn = await models.current.name == name
      await perform(
        .edit(.beginning(start), of: id), with: DrawSettings(model: isOwn ? nil : name))
    } catch {
      send(.failed(commandFailure(for: error).text, entries: 0))
    }
  }

  /// The token that is meant; for a number the odds of that place are made again.
  private func token(
    _ choice: BranchChoice, at place: Int, of reply: Turn, in session: Session,
    _ sampling: Sampling, by reader: EngineResponder
  ) async throws -> TokenID {
    switch choice {
    case .token(let token): return token
    case .number(let number):
      var anatomy = try reader.anatomy(of: reply, in: session)
      guard (0...anatomy.tokens.count).contains(place) else {
        throw InspectionFailure.noSuchToken(place + 1, count: anatomy.tokens.count)
      }
      anatomy.tokens = Array(anatomy.tokens.prefix(place))
      let odds = reader.odds(
        of: anatomy, from: place, alternatives: Inspection.alternativesMax, sampling: sampling)
      for await result in odds {
        let alternatives = try result.get().alternatives
        guard (1...alternatives.count).contains(number) else {
          throw InspectionFailure.noSuchAlternative(number, count: alternatives.count)
        }
        return alternatives[number - 1].token
      }
      throw InspectionFailure.responder(.endedEarly)
    }
  }

  private func inspection(
    of reply: Turn, _ anatomy: ReplyAnatomy, by reader: EngineResponder
  ) -> Inspection {
    Inspection(
      sheet: PromptSheet(
        turn: reply.id, text: anatomy.prompt.text,
        tokens: anatomy.prompt.tokens.map { shown($0, by: reader) },
        digest: HexDigest.sha256(anatomy.prompt.text),
        recordedDigest: reply.recipe?.promptDigest),
      tokens: anatomy.tokens.map { shown($0, by: reader) }, keptCount: anatomy.keptCount)
  }

  private func odds(
    of anatomy: ReplyAnatomy, _ sampling: Sampling, by reader: EngineResponder,
    tell: ([Inspection.Odds]) -> Void
  ) async throws -> [Inspection.Odds] {
    var all: [Inspection.Odds] = []
    var told = 0
    let results = reader.odds(
      of: anatomy, alternatives: Inspection.alternativesMax, sampling: sampling)
    for await result in results {
      let odds = try result.get()
      all.append(
        Inspection.Odds(
          own: odds.own.map { shown($0, by: reader) }, rank: odds.rank,
          alternatives: odds.alternatives.map { shown($0, by: reader) }))
      if all.count - told == Self.batch || told == 0 {
        tell(Array(all[told...]))
        told = all.count
      }
    }
    tell(Array(all[told...]))
    return all
  }

  private func shown(_ token: TokenID, by reader: EngineResponder) -> Inspection.Token {
    let (text, isSpecial) = reader.spelling(of: token)
    return Inspection.Token(id: token, text: text, isSpecial: isSpecial)
  }

  private func shown(
    _ alternative: TokenOdds.Alternative, by reader: EngineResponder
  ) -> Inspection.Alternative {
    Inspection.Alternative(
      token: shown(alternative.token, by: reader), probability: alternative.probability,
      chance: alternative.chance, isEnd: reader.endsReply(alternative.token))
  }
}

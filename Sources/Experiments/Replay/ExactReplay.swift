import Journaling
import SessionCore
import SessionRuntime

/// Proves that a record's replies come out the same again, token by token.
///
/// Every recorded reply is drawn from its recorded recipe (seed, sampling, history style) and
/// from the prompt that the recorded texts make, never from text drawn just now: one difference
/// does not hide the next. A reply that was stopped, or that the record leaves open, has to be
/// the beginning of what is drawn. The recorded tokens are the engine's draft: it evaluates many
/// at once, and draws each from its own logits all the same.
public struct ExactReplay: Sendable {
  private let session: Session
  private let contents: JournalContents

  /// - Throws: ``ExperimentError/invalid(path:_:)``.
  public init(_ contents: JournalContents) throws(ExperimentError) {
    self.contents = contents
    do {
      session = try contents.session()
    } catch {
      throw .invalid(path: contents.path, error)
    }
  }

  /// Models other than the session's own that wrote replies, and what their layers read.
  public var otherModels: [String: ActivationPrecision] {
    var found: [String: ActivationPrecision] = [:]
    for turn in session.turns {
      guard let name = model(of: turn.id), let recipe = turn.recipe else { continue }
      found[name] = found[name] ?? recipe.activations
    }
    return found
  }

  /// Whether the session's own model wrote any reply.
  public var needsOwnModel: Bool {
    session.turns.contains { $0.recipe != nil && model(of: $0.id) == nil }
  }

  /// Who wrote a reply, when it was not the session's own model.
  public func model(of reply: TurnID) -> String? {
    guard let recipe = session[reply]?.recipe, recipe.model.name != session.header.model else {
      return nil
    }
    return recipe.model.name
  }

  /// Draws every reply again, in the order of the turns: what a turn's prompt has in common with
  /// the one before is then at hand, and only the reply itself is left to evaluate.
  public func compare(with responder: any Responder) async -> ExactReport {
    var findings: [Finding] = []
    for turn in session.turns where turn.recipe != nil {
      findings.append(await draw(turn, with: responder))
    }
    return report(findings)
  }

  /// Compares each record with what its responder draws.
  /// - Parameters:
  ///   - jobs: most records compared at once; changes the speed only.
  ///   - report: told of each record, in order.
  /// - Throws: what `report` throws; the records behind are then not looked at.
  public static func compare(
    _ records: [(record: ExactReplay, responder: any Responder)], jobs: Int,
    report: (Int, ExactReport) throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: (Int, ExactReport).self) { group in
      var started = 0
      var waiting: [Int: ExactReport] = [:]
      for next in records.indices {
        while started < records.count, started - next < max(1, jobs) {
          let (index, (record, responder)) = (started, records[started])
          group.addTask { (index, await record.compare(with: responder)) }
          started += 1
        }
        while waiting[next] == nil, let (index, found) = try await group.next() {
          waiting[index] = found
        }
        if let found = waiting.removeValue(forKey: next) { try report(next, found) }
      }
    }
  }

  private func report(_ findings: [Finding]) -> ExactReport {
    let difference = findings.lazy.compactMap(\.difference).first
    return ExactReport(
      path: contents.path, session: session.header.id, tornBytes: contents.tornBytes,
      replies: findings.count, repliesEqual: findings.count { $0.difference == nil },
      tokensEqual: findings.reduce(0) { $0 + $1.tokensEqual }, difference: difference)
  }

  private struct Finding: Sendable {
    var tokensEqual = 0
    var difference: ExactReport.Difference?
  }

  private func draw(_ turn: Turn, with responder: any Responder) async -> Finding {
    guard let recipe = turn.recipe, let request = request(for: turn, recipe) else {
      preconditionFailure("a drawn reply has a recipe and a parent")
    }
    let differs = { (what: ExactReport.What) in
      Finding(difference: ExactReport.Difference(turn: turn.id, what: what))
    }
    do throws(ResponderFailure) {
      let reply = try await responder.begin(request)
      let found = reply.recipe
      guard found.model.digest == recipe.model.digest else {
        return differs(.model(expected: recipe.model.digest, found: found.model.digest))
      }
      guard found.model.templateDigest == recipe.model.templateDigest else {
        return differs(
          .template(expected: recipe.model.templateDigest, found: found.model.templateDigest))
      }
      guard found.activations == recipe.activations else {
        return differs(.activations(expected: recipe.activations, found: found.activations))
      }
      guard found.promptDigest == recipe.promptDigest else {
        return differs(.prompt(expected: recipe.promptDigest, found: found.promptDigest))
      }
      return await compare(reply.parts, with: turn)
    } catch {
      return differs(.failed(error))
    }
  }

  private func request(for turn: Turn, _ recipe: Recipe) -> ReplyRequest? {
    guard let plan = PromptPlan(of: turn, in: session, history: recipe.history) else { return nil }
    return ReplyRequest(
      plan: plan, sampling: recipe.sampling, seed: recipe.seed, history: recipe.history,
      expected: turn.tokens, model: model(of: turn.id))
  }

  private func compare(_ parts: AsyncStream<ReplyPart>, with turn: Turn) async -> Finding {
    var finding = Finding()
    let end: ReplyEnd? = if case .complete(let end) = turn.state { end } else { nil }
    let differs = { (what: ExactReport.What) in
      Finding(
        tokensEqual: finding.tokensEqual,
        difference: ExactReport.Difference(turn: turn.id, what: what))
    }
    for await part in parts {
      switch part {
      case .text(_, let tokens):
        for token in tokens {
          let index = finding.tokensEqual
          guard index < turn.tokens.count else {
            // What a stopped reply would have gone on with.
            return end == nil
              ? finding : differs(.token(index: index, expected: nil, found: token))
          }
          guard turn.tokens[index] == token else {
            return differs(.token(index: index, expected: turn.tokens[index], found: token))
          }
          finding.tokensEqual += 1
        }
      case .finished(let found, _):
        let index = finding.tokensEqual
        guard index == turn.tokens.count else {
          return differs(.token(index: index, expected: turn.tokens[index], found: nil))
        }
        guard let end, end != found else { return finding }
        return differs(.end(expected: end, found: found))
      case .cancelled: return differs(.failed(.endedEarly))
      case .failed(let failure): return differs(.failed(failure))
      }
    }
    return differs(.failed(.endedEarly))
  }
}

/// What an exact replay found.
public struct ExactReport: Equatable, Sendable {
  /// The first thing that is not as recorded; tokens are counted from 0 within the reply.
  public struct Difference: Equatable, Sendable {
    public var turn: TurnID
    public var what: What
  }

  /// In the order they are looked at: with another model nothing else is compared.
  public enum What: Equatable, Sendable {
    case model(expected: String, found: String)
    case template(expected: String, found: String)
    case activations(expected: ActivationPrecision, found: ActivationPrecision)
    case prompt(expected: String, found: String)
    /// nil stands for the end of the reply.
    case token(index: Int, expected: Int32?, found: Int32?)
    case end(expected: ReplyEnd, found: ReplyEnd)
    case failed(ResponderFailure)
  }

  public var path: String
  public var session: String
  /// Bytes of a torn last line, which were left out.
  public var tornBytes: Int
  /// Replies in the record, all of which were drawn again.
  public var replies: Int
  public var repliesEqual: Int
  /// Tokens that came out as recorded.
  public var tokensEqual: Int
  /// Of the first reply that differs, in the order of the turns.
  public var difference: Difference?

  public var isExact: Bool { difference == nil }
}

import Friction
import SessionCore
import SessionRuntime

/// What would have come of another feedback: the next answer to one recorded turn of feedback and to
/// another text in its place, each drawn many times from the same seeds, everything before as
/// recorded.
public struct Counterfactual: Sendable {
  /// Why there is nothing to exchange.
  public enum Failure: Error, Equatable, Sendable {
    case unknownTurn(Int)
    case notFeedback(Int)
    case invalid(InvalidEntry)
    case refused(Refusal)
    case responder(ResponderFailure)
  }

  /// What one of the two texts led to.
  public struct Side: Equatable, Sendable {
    public var feedback: String
    /// Nil where the question expects nothing.
    public var outcomes: [Verdict.Outcome?]
    /// Draws with the same answer as the reply that the feedback was about.
    public var unchanged: Proportion

    public var right: Proportion {
      let judged = outcomes.compactMap(\.self)
      return Proportion(judged.count { $0 == .right }, of: judged.count)
    }
  }

  public struct Result: Equatable, Sendable {
    public var recorded: Side
    public var instead: Side
    /// Right under the new feedback minus right under the recorded one.
    public var difference: Double?
    /// 95 %, by Newcombe's method: not empty where all draws agree.
    public var interval: ClosedRange<Double>?
    public var mcNemar: Double
  }

  private let session: Session
  private let reply: Turn
  private let feedback: Feedback
  private let text: String

  /// - Parameter turn: the feedback's, as people count turns, from 1.
  public init(_ entries: [Entry], at turn: Int) throws(Failure) {
    let whole = try Self.fold(entries)
    guard let recorded = whole[TurnID(turn - 1)] else { throw .unknownTurn(turn) }
    guard let feedback = recorded.feedback else { throw .notFeedback(turn) }
    // All entries before the one that adds the turn.
    var before: [Entry] = []
    var turns = 0
    for entry in entries {
      switch entry.event {
      case .promptAdded, .replyStarted: turns += 1
      default: break
      }
      if turns == turn { break }
      before.append(entry)
    }
    session = try Self.fold(before)
    guard let reply = session[feedback.on] else { throw .notFeedback(turn) }
    self.reply = reply
    self.feedback = feedback
    text = recorded.text
  }

  private static func fold(_ entries: [Entry]) throws(Failure) -> Session {
    do { return try Session(replaying: entries) } catch { throw .invalid(error) }
  }

  /// Draws `seeds` answers to each text.
  public func measure(
    instead: String, seeds: Int, with responder: any Responder, jobs: Int
  ) async throws(Failure) -> Result {
    let plans = [try plan(text), try plan(instead)]
    let texts = await concurrently(2 * seeds, jobs: jobs) { index in
      var chance = SplitMix64(seed: UInt64(index / 2 + 1))
      let request = ReplyRequest(
        plan: plans[index % 2], sampling: session.settings.sampling, seed: chance.next(),
        history: session.settings.history)
      do throws(ResponderFailure) {
        return Swift.Result<String, ResponderFailure>.success(
          try await responder.begin(request).text())
      } catch {
        return .failure(error)
      }
    }
    var drawn: [[String]] = [[], []]
    for (index, text) in texts.enumerated() {
      switch text {
      case .success(let text): drawn[index % 2].append(text)
      case .failure(let failure): throw .responder(failure)
      }
    }
    return result(side(text, drawn[0]), side(instead, drawn[1]))
  }

  private func plan(_ text: String) throws(Failure) -> PromptPlan {
    var session = session
    let command = Command.giveFeedback(feedback.kind, text, author: feedback.author, on: reply.id)
    let decision: Decision
    do { decision = try decide(command, session) } catch { throw .refused(error) }
    for event in decision.events {
      let entry = Entry(sequence: session.entryCount + 1, time: 0, event: event)
      do { try session.apply(entry) } catch { throw .invalid(error) }
    }
    guard let order = decision.order else { preconditionFailure("feedback orders a reply") }
    return PromptPlan(for: order, in: session)
  }

  private func side(_ feedback: String, _ texts: [String]) -> Side {
    let expectation = session.expectation(for: reply.id)
    let judge = { (text: String) in expectation.flatMap { Checker.judge(text, by: $0) } }
    let before = judge(reply.text)?.answer ?? reply.text
    return Side(
      feedback: feedback, outcomes: texts.map { judge($0)?.outcome },
      unchanged: Proportion(
        texts.count { (judge($0)?.answer ?? $0) == before }, of: texts.count))
  }

  private func result(_ recorded: Side, _ instead: Side) -> Result {
    let pairs = zip(instead.outcomes, recorded.outcomes).compactMap { new, old in
      new.flatMap { new in old.map { (new == .right, $0 == .right) } }
    }
    return Result(
      recorded: recorded, instead: instead,
      difference: instead.right.share.flatMap { new in recorded.right.share.map { new - $0 } },
      interval: Proportion.difference(instead.right, recorded.right),
      mcNemar: PairedTests.mcNemar(pairs.count { $0.0 && !$0.1 }, pairs.count { !$0.0 && $0.1 }))
  }
}

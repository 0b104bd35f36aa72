import SessionCore
import SessionRuntime

/// Gives equal requests one and the same reply, drawn once: all arms of a problem begin with the
/// same first attempt, and need not each wait for it.
///
/// What comes out is what the model would have written again, token for token, because a request
/// decides its reply (docs/decisions/0003). Only first attempts are kept, and only the latest few.
actor SharedReplies: Responder {
  /// First attempts that are remembered: more than sessions run at once.
  static let keptMax = 4096

  private struct Key: Hashable {
    var messages: [String]
    var sampling: String
    var seed: UInt64
  }

  private struct Recorded: Sendable {
    var recipe: Recipe
    var parts: [ReplyPart]
  }

  /// A reply that is being drawn, with those who wait for it, or one that was drawn.
  private enum State {
    case drawing([CheckedContinuation<Recorded?, Never>])
    case drawn(Recorded)
  }

  private let responder: any Responder
  private var states: [Key: State] = [:]
  private var order: [Key] = []

  init(_ responder: any Responder) { self.responder = responder }

  func begin(_ request: ReplyRequest) async throws(ResponderFailure) -> StartedReply {
    // One question and at most a system prompt: a first attempt.
    guard request.plan.openReply == nil, request.plan.messages.count <= 2,
      request.plan.messages.count(where: { $0.role == .user }) == 1
    else { return try await responder.begin(request) }
    let key = Key(
      messages: request.plan.messages.map { "\($0.role):\($0.text)" },
      sampling: "\(request.sampling)", seed: request.seed)
    switch states[key] {
    case .drawn(let reply): return Self.replay(reply)
    case .drawing:
      if let reply = await drawn(key) { return Self.replay(reply) }
      // Whoever drew it failed or was cancelled.
      return try await responder.begin(request)
    case nil:
      states[key] = .drawing([])
      do throws(ResponderFailure) {
        return tee(try await responder.begin(request), key)
      } catch {
        finish(key, nil)
        throw error
      }
    }
  }

  private func drawn(_ key: Key) async -> Recorded? {
    await withCheckedContinuation { continuation in
      guard case .drawing(let waiting) = states[key] else {
        return continuation.resume(returning: nil)
      }
      states[key] = .drawing(waiting + [continuation])
    }
  }

  private func finish(_ key: Key, _ reply: Recorded?) {
    if case .drawing(let waiting) = states[key] {
      for continuation in waiting { continuation.resume(returning: reply) }
    }
    states[key] = reply.map { .drawn($0) }
    guard reply != nil else { return }
    order.append(key)
    if order.count > Self.keptMax { states[order.removeFirst()] = nil }
  }

  /// Passes the reply on as it comes, and keeps it.
  private func tee(_ started: StartedReply, _ key: Key) -> StartedReply {
    let (parts, writer) = AsyncStream<ReplyPart>.makeStream()
    let recipe = started.recipe
    let task = Task {
      var kept: [ReplyPart] = []
      for await part in started.parts {
        kept.append(part)
        writer.yield(part)
      }
      writer.finish()
      switch kept.last {
      case .finished: finish(key, Recorded(recipe: recipe, parts: kept))
      default: finish(key, nil)
      }
    }
    writer.onTermination = { _ in task.cancel() }
    return StartedReply(recipe: recipe, parts: parts)
  }

  private static func replay(_ reply: Recorded) -> StartedReply {
    let (parts, writer) = AsyncStream<ReplyPart>.makeStream()
    // One piece instead of one a token: the journal takes it in one line.
    var text = ""
    var tokens: [Int32] = []
    for part in reply.parts {
      if case .text(let more, let drawn) = part {
        text += more
        tokens += drawn
      } else {
        if !text.isEmpty || !tokens.isEmpty { writer.yield(.text(text, tokens: tokens)) }
        writer.yield(part)
      }
    }
    writer.finish()
    return StartedReply(recipe: reply.recipe, parts: parts)
  }
}

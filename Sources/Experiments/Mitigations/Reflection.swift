import SessionCore
import SessionRuntime

/// Has the model say what went wrong before it answers again.
///
/// After *Reflect, Retry, Reward* (abstract): a failed attempt, a reflection on
/// it, a second attempt with the reflection in the context. The wording is this program's own. The
/// reflection is drawn aside, so that it is no attempt, and stands in the turn of feedback.
enum Reflection {
  static let request =
    "Say in one or two sentences what went wrong in your answer. Do not answer the question yet."

  /// The turn that the model reads.
  static func feedback(_ feedback: String, _ reflection: String) -> String {
    "\(feedback)\nYou said about your answer: \(reflection)\nNow answer the question again."
  }
}

extension Player {
  /// What the model says about its own answer; nil when it says nothing.
  func reflection(on reply: Turn, after feedback: String) async throws(PlayStop) -> String? {
    let session = await session
    var messages = session.path(to: reply.id).map { PromptPlan.Message($0.role, $0.text) }
    messages.append(.init(.user, "\(feedback)\n\(Reflection.request)"))
    let place = UInt64(session.turns.count)
    var chance = SplitMix64(seed: session.header.seed ^ place &* 0x5265_666C_6563_7431)
    let attempts = session.attempts(upTo: reply.id).count
    let request = ReplyRequest(
      plan: PromptPlan(messages: messages),
      sampling: mitigation.sampling(session.header.sampling, attempt: attempts),
      seed: chance.next(), history: .chat)
    var cost = DrawCost()
    let text = try await draw(request, &cost)?.trimmed
    if cost.requests > 0 { try await note("reflection: \(cost.words)", on: reply.id) }
    return text.flatMap { $0.isEmpty ? nil : $0 }
  }
}

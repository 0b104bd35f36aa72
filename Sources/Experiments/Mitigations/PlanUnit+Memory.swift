import SessionCore
import SessionRuntime

// Corrections of earlier problems, put before the question: after *Memory-assisted prompt editing to
// improve GPT-3 after deployment* (MemPrompt), which looks up what a person said about a similar
// question before. There the memory grows while people use the model. Here it has to be the same in
// whatever order sessions are played: what is remembered of an earlier problem is the model's first
// attempt at it without memory, and what an exact critic says about that.
extension PlanUnit {
  /// Asks the question, with what is remembered before it.
  func ask(_ text: String, _ expectation: Expectation?, on player: Player) async throws(PlayStop) {
    guard let count = mitigation.memory else {
      try await player.perform(.ask(text, expecting: expectation))
      return
    }
    var corrections: [String] = []
    var cost = DrawCost()
    for memory in memories where corrections.count < count {
      guard let request = firstRequest(of: memory),
        let reply = try await player.draw(request, &cost),
        let correction = Self.correction(of: reply, memory.problem)
      else { continue }
      corrections.append(correction)
    }
    let remembered = corrections.isEmpty ? "" : corrections.joined(separator: "\n") + "\n\n"
    let session = try await player.perform(.ask(remembered + text, expecting: expectation))
    guard let reply = session.lastReply else { return }
    try await player.note("memory: \(corrections.count) corrections; \(cost.words)", on: reply.id)
  }

  /// What the model was asked in the session of an earlier problem without a mitigation: the very
  /// request, so that its reply need not be drawn again.
  private func firstRequest(of memory: Memory) -> ReplyRequest? {
    let header = SessionHeader(
      id: "", title: "", seed: memory.seed, sampling: sampling, history: history, model: model,
      application: "")
    var entries = [Entry(sequence: 1, time: 0, event: .sessionStarted(header))]
    let commands = (system.map { [Command.instruct($0)] } ?? []) + [.ask(memory.problem.prompt)]
    var request: ReplyRequest?
    for command in commands {
      // What every session begins with is never refused.
      guard let decision = try? decide(command, Session(replaying: entries)) else { return nil }
      for event in decision.events {
        entries.append(Entry(sequence: entries.count + 1, time: 0, event: event))
      }
      // Nor invalid.
      guard let order = decision.order, let after = try? Session(replaying: entries) else {
        continue
      }
      request = ReplyRequest(
        plan: PromptPlan(for: order, in: after), sampling: sampling, seed: order.seed,
        history: history)
    }
    return request
  }

  /// What there was to say about a wrong reply; nil about a right one.
  private static func correction(of reply: String, _ problem: PlanProblem) -> String? {
    guard let expectation = problem.expectation,
      let verdict = Checker.judge(reply, by: expectation), verdict.outcome != .right
    else { return nil }
    let remark = problem.task?.critique(of: reply, tellingValue: true)
    let right = problem.answer.map { "The right answer is \($0)." }
    let said = [remark, right].compactMap(\.self).joined(separator: " ")
    guard !said.isEmpty else { return nil }
    return """
      Before, you were asked: \(problem.prompt)
      You answered: \(verdict.answer ?? reply)
      That was wrong. \(said)
      """
  }
}

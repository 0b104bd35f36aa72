import SessionCore
import SessionRuntime
import Testing

@testable import Experiments

/// Equal requests have one reply, drawn once.
@Suite struct SharedRepliesTests {
  private actor Counter {
    private(set) var count = 0
    func add() { count += 1 }
  }

  private struct Counting: Responder {
    let counter: Counter

    func begin(_ request: ReplyRequest) async throws(ResponderFailure) -> StartedReply {
      await counter.add()
      return try await SeededResponder().begin(request)
    }
  }

  private func request(_ messages: [PromptPlan.Message], seed: UInt64 = 1) -> ReplyRequest {
    ReplyRequest(
      plan: PromptPlan(messages: messages), sampling: Sampling(), seed: seed, history: .chat)
  }

  @Test func aFirstAttemptIsDrawnOnceAndIsTheSameForAll() async throws {
    let counter = Counter()
    let shared = SharedReplies(Counting(counter: counter))
    let texts = await concurrently(8, jobs: 8) { _ in
      try? await shared.begin(request([.init(.user, "Q")])).text()  // Compared below.
    }
    #expect(await counter.count == 1)
    #expect(Set(texts).count == 1)
    let alone = try await SeededResponder().begin(request([.init(.user, "Q")])).text()
    #expect(texts[0] == alone)
    _ = try await shared.begin(request([.init(.user, "Q")], seed: 2))
    #expect(await counter.count == 2)
  }

  @Test func repliesLaterInAConversationAreDrawnEachTime() async throws {
    let counter = Counter()
    let shared = SharedReplies(Counting(counter: counter))
    let messages: [PromptPlan.Message] = [
      .init(.user, "Q"), .init(.assistant, "A"), .init(.user, "No."),
    ]
    for _ in 0..<2 { _ = try await shared.begin(request(messages)).text() }
    #expect(await counter.count == 2)
  }

  @Test func aFailureIsToldAndNotRemembered() async throws {
    let shared = SharedReplies(
      ScriptedResponder(script: [.refuses(.promptTooLong(tokens: 9, limit: 8)), .reply("A")]))
    await #expect(throws: ResponderFailure.promptTooLong(tokens: 9, limit: 8)) {
      try await shared.begin(request([.init(.user, "Q")]))
    }
    #expect(try await shared.begin(request([.init(.user, "Q")])).text() == "A")
  }
}

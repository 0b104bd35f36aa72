import Testing

@testable import Inference

/// Which of several loops a prompt goes to.
@Suite struct LoopRouterTests {
  @Test("a conversation goes on where its beginning was read, and others go elsewhere")
  func affinity() {
    let router = LoopRouter(loops: 2, sequences: 4)
    let first = router.begin([1, 2, 3])
    let second = router.begin([9, 8])
    #expect(first.mailbox !== second.mailbox)
    router.end(first)
    router.end(second)
    #expect(router.begin([1, 2, 3, 4, 5]).mailbox === first.mailbox)
    #expect(router.begin([9, 8, 7]).mailbox === second.mailbox)
  }

  @Test("a loop with much more to do gets nothing, whatever it knows")
  func balance() {
    let router = LoopRouter(loops: 2, sequences: 8)
    let prompts: [[TokenID]] = (0..<8).map { [1, 2, 3, $0] }
    let tickets = prompts.map(router.begin)
    let inFirst = tickets.count { $0.mailbox === tickets[0].mailbox }
    #expect((3...5).contains(inFirst))
  }

  @Test("only so many prompts are remembered")
  func forgetting() {
    let router = LoopRouter(loops: 2, sequences: 1)
    let first = router.begin([1, 2])
    router.end(first)
    let again = router.begin([5])
    router.end(again)
    #expect(again.mailbox === first.mailbox)
    let busy = router.begin([6])
    #expect(busy.mailbox === first.mailbox)
    #expect(router.begin([1, 2]).mailbox !== first.mailbox)
  }
}

import Foundation
import Journaling
import SessionCore
import SessionRuntime
import Testing
import TestSupport

@Suite("Running a session")
struct SessionDriverTests {
  static let header = SessionHeader(
    id: "0123456789abcdef", title: "Test", seed: 3, sampling: Sampling(), model: "tutor",
    application: "terntable 0.1.0")

  /// A driver in whose world no time passes by itself.
  private func driver(
    _ responder: any Responder, journal: sending Journal? = nil,
    clock: VirtualClock = VirtualClock()
  ) throws -> SessionDriver {
    let closed = Gate()
    return try SessionDriver(
      starting: Self.header, journal: journal, responder: responder, clock: clock.read,
      sleep: { _ in await closed.pass() })
  }

  @Test("A question is answered, and everything is in the journal before it is published")
  func askAndAnswer() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a")
    let driver = try driver(
      ScriptedResponder(replies: ["12 × 7 = 84"]), journal: try Journal.create(at: path))
    let session = try await driver.perform(.ask("What is 12 × 7?"))
    #expect(session.turns.map(\.text) == ["What is 12 × 7?", "12 × 7 = 84"])
    #expect(session.turns[1].state == .complete(.endOfTurn))
    #expect(session.turns[1].tokens.count == 5)
    await driver.close()
    let contents = try JournalReader.read(path)
    #expect(try contents.session() == session)
    var published: [Entry] = []
    for await update in driver.updates {
      if case .entry(let entry) = update { published.append(entry) }
    }
    #expect(published == Array(contents.entries.dropFirst()))
  }

  @Test("Updates applied to the initial session give the driver's session")
  func updatesFold() async throws {
    let driver = try driver(ScriptedResponder(replies: ["one two", "three", "four", "five"]))
    try await driver.perform(.ask("Q"))
    try await driver.perform(.giveFeedback(.unary, "Try again."))
    try await driver.perform(.edit(.rewrite("th"), of: nil))
    try await driver.perform(.regenerate())
    try await driver.perform(.undo)
    try await driver.perform(.rate(.up))
    await driver.close()
    var session = driver.initialSession
    for await update in driver.updates {
      if case .entry(let entry) = update { try session.apply(entry) }
    }
    #expect(await driver.session == session)
    #expect(session.turns.count == 6)
  }

  @Test("Drafts show the text that is not in the journal yet, and only that")
  func drafts() async throws {
    let clock = VirtualClock()
    let gate = Gate()
    let driver = try driver(
      ScriptedResponder(replies: ["a b c"], pace: { await gate.pass() }), clock: clock)
    let task = Task { try await driver.perform(.ask("Q")) }
    var updates = driver.updates.makeAsyncIterator()
    #expect(await updates.next()?.kind == "promptAdded")
    #expect(await updates.next()?.kind == "replyStarted")
    await gate.letThrough()
    #expect(await updates.next() == .draft("a"))
    clock.advance(milliseconds: 250)
    await gate.letThrough()
    #expect(await updates.next()?.extended == "a b")
    await gate.letThrough()
    #expect(await updates.next() == .draft(" c"))
    #expect(await updates.next()?.extended == " c")
    #expect(await updates.next()?.kind == "replyFinished")
    _ = try await task.value
  }

  @Test("Text that came is journalled within 250 ms, also when no more of it comes")
  func ticker() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a")
    let clock = VirtualClock()
    let (words, ticks) = (Gate(), Gate())
    let driver = try SessionDriver(
      starting: Self.header, journal: try Journal.create(at: path),
      responder: ScriptedResponder(replies: ["a b"], pace: { await words.pass() }),
      clock: clock.read, sleep: { _ in await ticks.pass() })
    let task = Task { try await driver.perform(.ask("Q")) }
    var updates = driver.updates.makeAsyncIterator()
    _ = await updates.next()
    _ = await updates.next()
    await words.letThrough()
    #expect(await updates.next() == .draft("a"))
    clock.advance(milliseconds: 200)
    await ticks.letThrough()
    #expect(await updates.next()?.extended == "a")
    // What a reader finds now is what a kill at this moment would leave.
    let left = try JournalReader.read(path).session()
    #expect(left.turns[1].text == "a")
    #expect(left.turns[1].state == .open)
    await words.letThrough()
    _ = try await task.value
    await ticks.letThrough()
  }

  @Test("A clock that is set back does not put the journal off")
  func clockSetBack() async throws {
    let clock = VirtualClock()
    let gate = Gate()
    let driver = try driver(
      ScriptedResponder(replies: ["a b"], pace: { await gate.pass() }), clock: clock)
    let task = Task { try await driver.perform(.ask("Q")) }
    var updates = driver.updates.makeAsyncIterator()
    _ = await updates.next()
    _ = await updates.next()
    await gate.letThrough()
    #expect(await updates.next() == .draft("a"))
    clock.advance(milliseconds: -3_600_000)
    await gate.letThrough()
    #expect(await updates.next()?.extended == "a b")
    _ = try await task.value
  }

  @Test("A cancelled reply keeps what was written, and the session goes on")
  func cancel() async throws {
    let gate = Gate()
    let driver = try driver(
      ScriptedResponder(replies: ["a b c", "again"], pace: { await gate.pass() }))
    let task = Task { try await driver.perform(.ask("Q")) }
    await gate.letThrough(2)
    await gate.arrival(3)
    await driver.cancelReply()
    let session = try await task.value
    #expect(session.turns[1].text == "a b")
    #expect(session.turns[1].state == .stopped(.cancelled))
    await gate.letThrough(9)
    let next = try await driver.perform(.regenerate())
    #expect(next.turns[2].text == "again")
    #expect(next.turns[2].origin == .resampled(of: TurnID(1)))
  }

  @Test("Cancelling the task that waits for a reply cancels the reply")
  func cancelCaller() async throws {
    let gate = Gate()
    let driver = try driver(ScriptedResponder(replies: ["a b"], pace: { await gate.pass() }))
    let task = Task { try await driver.perform(.ask("Q")) }
    await gate.letThrough()
    await gate.arrival(2)
    task.cancel()
    #expect(try await task.value.turns[1].state == .stopped(.cancelled))
  }

  @Test("Cancelling without a reply does nothing")
  func cancelNothing() async throws {
    let driver = try driver(ScriptedResponder(replies: ["a"]))
    await driver.cancelReply()
    #expect(try await driver.perform(.ask("Q")).turns[1].state == .complete(.endOfTurn))
  }

  @Test("While a reply is written remarks are taken and everything else is refused")
  func duringReply() async throws {
    let gate = Gate()
    let driver = try driver(ScriptedResponder(replies: ["a b"], pace: { await gate.pass() }))
    let task = Task { try await driver.perform(.ask("Q")) }
    await gate.letThrough()
    await gate.arrival(2)
    for command in [.ask("R"), .undo, .go(TurnID(0)), .regenerate(), .instruct("S")] as [Command] {
      await #expect(throws: SessionError.refused(.replyInProgress)) {
        try await driver.perform(command)
      }
    }
    try await driver.perform(.note("So far so good.", on: TurnID(1)))
    await gate.letThrough()
    let session = try await task.value
    #expect(session.turns[1].text == "a b")
    #expect(session.notes[TurnID(1)] == ["So far so good."])
  }

  @Test("A reply that fails midway is recorded with its text and the failure's word")
  func failsMidway() async throws {
    let driver = try driver(
      ScriptedResponder(script: [.fails(after: "a b", code: "out_of_memory"), .reply("c")]))
    let session = try await driver.perform(.ask("Q"))
    #expect(session.turns[1].text == "a b")
    #expect(session.turns[1].state == .stopped(.failed("out_of_memory")))
    #expect(try await driver.perform(.regenerate()).turns[2].text == "c")
  }

  @Test("When no reply can begin, the question is kept and can be asked again")
  func failsToBegin() async throws {
    let failure = ResponderFailure.promptTooLong(tokens: 9000, limit: 4096)
    let driver = try driver(ScriptedResponder(script: [.refuses(failure), .reply("c")]))
    await #expect(throws: SessionError.responder(failure)) { try await driver.perform(.ask("Q")) }
    let session = await driver.session
    #expect(session.turns.map(\.text) == ["Q"])
    #expect(session.openReply == nil)
    let answered = try await driver.perform(.regenerate())
    #expect(answered.turns.map(\.text) == ["Q", "c"])
    #expect(answered.turns[1].origin == .answered)
  }

  @Test("Parts that end without saying how are a failure")
  func endsEarly() async throws {
    let session = try await driver(EndsEarly()).perform(.ask("Q"))
    #expect(session.turns[1].text == "a")
    #expect(session.turns[1].state == .stopped(.failed("ended_early")))
  }

  private struct EndsEarly: Responder {
    func begin(_ request: ReplyRequest) async throws(ResponderFailure) -> StartedReply {
      let started = try await ScriptedResponder(replies: ["a"]).begin(request)
      let parts = AsyncStream<ReplyPart> { writer in
        writer.yield(.text("a", tokens: [1]))
        writer.finish()
      }
      return StartedReply(recipe: started.recipe, parts: parts)
    }
  }

  @Test("A refusal leaves no trace")
  func refusal() async throws {
    let folder = try TemporaryFolder()
    let driver = try driver(
      ScriptedResponder(replies: []), journal: try Journal.create(at: folder.file("a")))
    await #expect(throws: SessionError.refused(.noReply)) {
      try await driver.perform(.regenerate())
    }
    await #expect(throws: SessionError.refused(.emptyText)) { try await driver.perform(.ask(" ")) }
    await driver.close()
    #expect(folder.names == [])
  }

  @Test("The plan a responder gets follows from the path and the history style")
  func plan() async throws {
    let driver = try driver(
      ScriptedResponder(answering: { request in
        request.plan.messages.map(\.text).joined(separator: "|") + (request.plan.openReply ?? "")
      }))
    try await driver.perform(.ask("Q"))
    let again = try await driver.perform(.giveFeedback(.unary, "Try again."))
    #expect(again.turns[3].text == "Q|Q|Try again.")
    let edited = try await driver.perform(.edit(.replace(old: "Q|Q", new: "X"), of: nil))
    #expect(edited.turns[4].text == "XQ|Q|Try again.X")
    #expect(edited.turns[4].spans == [.init(.person, bytes: 1), .init(.model, bytes: 15)])
  }
}

extension SessionUpdate {
  var kind: String? {
    guard case .entry(let entry) = self else { return nil }
    return String(describing: entry.event).prefix { $0 != "(" }.description
  }

  var extended: String? {
    guard case .entry(let entry) = self, case .replyExtended(let text, _) = entry.event else {
      return nil
    }
    return text
  }
}

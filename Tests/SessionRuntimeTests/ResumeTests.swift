import Journaling
import SessionCore
import SessionRuntime
import Testing
import TestSupport

@Suite("Going on with a recorded session")
struct ResumeTests {
  private func record(_ entries: [Entry], in folder: TemporaryFolder) throws -> String {
    let path = folder.file("a")
    let journal = try Journal.create(at: path)
    try journal.append(entries, sync: true)
    journal.close()
    return path
  }

  @Test("A reply left open by a crash is closed as interrupted, on disk too")
  func interrupted() async throws {
    let folder = try TemporaryFolder()
    let path = try record(SessionBuilder().ask("Q").openReply("half a").entries, in: folder)
    let (journal, contents) = try Journal.resume(at: path)
    let driver = try SessionDriver(
      resuming: contents, journal: journal, responder: ScriptedResponder(replies: ["whole"]))
    #expect(driver.initialSession.turns[1].state == .stopped(.interrupted))
    #expect(driver.initialSession.turns[1].text == "half a")
    #expect(try JournalReader.read(path).session() == driver.initialSession)
    let session = try await driver.perform(.regenerate())
    #expect(session.turns[2].text == "whole")
    #expect(try JournalReader.read(path).session() == session)
  }

  @Test("A session goes on where it ended, with the same seeds as if it had never stopped")
  func sameSeeds() async throws {
    let folder = try TemporaryFolder()
    let whole = SessionBuilder(seed: 5).ask("Q").reply("a").feedback(.unary).reply("b")
    let path = try record(SessionBuilder(seed: 5).ask("Q").reply("a").entries, in: folder)
    let (journal, contents) = try Journal.resume(at: path)
    let driver = try SessionDriver(
      resuming: contents, journal: journal, responder: ScriptedResponder(replies: ["b"]))
    let session = try await driver.perform(.giveFeedback(.unary, Feedback.unaryWording))
    #expect(session.turns.map(\.recipe?.seed) == whole.session.turns.map(\.recipe?.seed))
  }

  @Test("A journal whose entries contradict each other is refused")
  func contradiction() throws {
    let folder = try TemporaryFolder()
    var entries = SessionBuilder().ask("Q").reply("a").entries
    entries.append(
      Entry(sequence: entries.count + 1, time: 0, event: .replyExtended(text: "b", tokens: [])))
    let path = try record(entries, in: folder)
    #expect {
      let (journal, contents) = try Journal.resume(at: path)
      _ = try SessionDriver(
        resuming: contents, journal: journal, responder: ScriptedResponder(replies: []))
    } throws: { error in
      guard case .invalid(let entry) = error as? SessionError else { return false }
      return entry.sequence == entries.count && entry.reason == .noReplyOpen
    }
  }

  @Test("A journal that fails during a reply loses nothing that it held, and the call reports it")
  func journalFails() async throws {
    let folder = try TemporaryFolder()
    let journal = try Journal.create(at: folder.file("a"))
    let gate = Gate()
    let long = String(repeating: "x", count: 17 << 20)
    let driver = try SessionDriver(
      starting: SessionDriverTests.header, journal: journal,
      responder: ScriptedResponder(replies: [long], pace: { await gate.pass() }))
    await gate.letThrough(1)
    await #expect {
      try await driver.perform(.ask("Q"))
    } throws: { error in
      guard case .journal(.lineTooLong) = error as? SessionError else { return false }
      return true
    }
    #expect(try JournalReader.read(folder.file("a")).session().turns[1].state == .open)
  }
}

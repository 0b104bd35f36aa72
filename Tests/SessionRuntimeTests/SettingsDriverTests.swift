import Foundation
import Journaling
import SessionCore
import SessionRuntime
import Synchronization
import Testing
import TestSupport

/// Requests that follow what is set, and what is set before anybody says a word.
@Suite("Running a session with other settings")
struct SettingsDriverTests {
  /// What was asked for, in order.
  private final class Requests: Sendable {
    private let all = Mutex<[ReplyRequest]>([])
    var list: [ReplyRequest] { all.withLock { $0 } }

    var responder: ScriptedResponder {
      ScriptedResponder { request in
        self.all.withLock { $0.append(request) }
        return "reply"
      }
    }
  }

  @Test("Each reply is asked of the model in force, with the sampling and the seed in force")
  func inForce() async throws {
    let requests = Requests()
    let driver = try SessionDriver(
      starting: SessionDriverTests.header, journal: nil, responder: requests.responder,
      clock: VirtualClock().read)
    try await driver.perform(.ask("?"))
    let change = SettingsChange(
      model: "other", seed: 99, sampling: Sampling(temperature: 0.1), history: .singleMessage)
    try await driver.perform(.set(change))
    try await driver.perform(.regenerate())
    try await driver.perform(
      .regenerate(), with: DrawSettings(model: "third", sampling: Sampling(topK: 1), seed: 5))
    let asked = requests.list
    #expect(asked.map(\.model) == [nil, "other", "third"])
    #expect(asked.map(\.sampling.temperature) == [0.6, 0.1, 0.6])
    #expect(asked.map(\.history) == [.chat, .singleMessage, .singleMessage])
    #expect(asked[1].seed == ReplyOrder.seed(of: TurnID(2), sessionSeed: 99))
    #expect(asked[2].seed == 5)
  }

  @Test("An opening is in force at once and on disk only with the first word")
  func opening() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a")
    let commands = [
      Command.instruct("Be short."), .set(SettingsChange(preset: "careful")),
      .set(SettingsChange()),
    ]
    let silent = try SessionDriver(
      starting: SessionDriverTests.header, opening: commands, journal: try Journal.create(at: path),
      responder: ScriptedResponder(replies: []), clock: VirtualClock().read)
    #expect(silent.initialSession.turns.map(\.text) == ["Be short."])
    await silent.close()
    #expect(!FileManager.default.fileExists(atPath: path))
    let driver = try SessionDriver(
      starting: SessionDriverTests.header, opening: commands, journal: try Journal.create(at: path),
      responder: ScriptedResponder(replies: ["r"]), clock: VirtualClock().read)
    let session = try await driver.perform(.ask("?"))
    await driver.close()
    let read = try JournalReader.read(path)
    #expect(try read.session() == session && session.turns.count == 3)
    #expect(read.entries.count == session.entryCount)
  }

  @Test("A resumed session goes on with what was in force, and a change waits for the first word")
  func resumed() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a")
    let first = try SessionDriver(
      starting: SessionDriverTests.header, journal: try Journal.create(at: path),
      responder: ScriptedResponder(replies: ["r"]), clock: VirtualClock().read)
    try await first.perform(.ask("?"))
    try await first.perform(.set(SettingsChange(model: "other")))
    await first.close()
    let bytes = try Data(contentsOf: URL(filePath: path))
    let requests = Requests()
    for hasWord in [false, true] {
      let (journal, contents) = try Journal.resume(at: path)
      let driver = try SessionDriver(
        resuming: contents, opening: [.set(SettingsChange(seed: 8))], journal: journal,
        responder: requests.responder, clock: VirtualClock().read)
      #expect(driver.initialSession.settings.model == "other")
      #expect(driver.initialSession.settings.seed == 8)
      if hasWord { try await driver.perform(.regenerate()) }
      await driver.close()
      #expect(try (Data(contentsOf: URL(filePath: path)) == bytes) == !hasWord)
    }
    #expect(requests.list.map(\.model) == ["other"])
    let settings = try JournalReader.read(path).session().settings
    #expect(settings.model == "other" && settings.seed == 8)
  }
}

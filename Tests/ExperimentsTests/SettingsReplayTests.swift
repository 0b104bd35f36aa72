import Foundation
import Journaling
import SessionCore
import SessionRuntime
import Testing

@testable import Experiments

/// A session in which a model, a seed and settings were chosen on the way, proved and played again.
@Suite struct SettingsReplays {
  /// Two models; the session's own and `other`.
  private var models: RoutingResponder {
    let other = SeededResponder(digest: "other", name: "other")
    return RoutingResponder(own: SeededResponder()) {
      switch $0 {
      case "seeded": SeededResponder()
      case "other": other
      default: nil
      }
    }
  }

  /// A question, another model, other settings, back to the first question, the first model again.
  private func record(at path: String) async throws -> JournalContents {
    let driver = try SessionDriver(
      starting: header(), journal: Journal.create(at: path), responder: models)
    try await driver.perform(.ask("6 × 7?"))
    try await driver.perform(.set(SettingsChange(model: "other")))
    try await driver.perform(.giveFeedback(.unary, "Again."))
    try await driver.perform(
      .set(SettingsChange(seed: 99, sampling: Sampling(temperature: 0.1, maxTokens: 4))))
    try await driver.perform(.ask("And 8 × 8?"))
    try await driver.perform(.go(TurnID(1)))
    try await driver.perform(.regenerate())
    try await driver.perform(.set(SettingsChange(model: "seeded", history: .singleMessage)))
    try await driver.perform(.giveFeedback(.unary, "Again."))
    await driver.close()
    return try JournalReader.read(path)
  }

  @Test func everyReplyRecordsItsOwnModelAndSettings() async throws {
    try await withFolder { folder in
      let replies = try await record(at: folder + "/a").session().turns.compactMap(\.recipe)
      #expect(replies.map(\.model.name) == ["seeded", "other", "other", "other", "seeded"])
      #expect(replies.map(\.sampling.temperature) == [0.6, 0.6, 0.1, 0.1, 0.1])
      #expect(replies.map(\.history.rawValue) == ["chat", "chat", "chat", "chat", "singleMessage"])
      #expect(replies[2].seed == ReplyOrder.seed(of: TurnID(5), sessionSeed: 99))
    }
  }

  @Test func anExactReplayProvesEachReplyByItsOwnModel() async throws {
    try await withFolder { folder in
      let exact = try ExactReplay(try await record(at: folder + "/a"))
      #expect(exact.otherModels.keys.sorted() == ["other"] && exact.needsOwnModel)
      let report = await exact.compare(with: models)
      #expect(report.isExact && report.replies == 5, "\(report)")
      let alone = await exact.compare(with: SeededResponder())
      #expect(alone.difference?.turn == TurnID(3))
    }
  }

  @Test func aModelThatWroteNothingNeedNotBeThere() async throws {
    try await withFolder { folder in
      let driver = try SessionDriver(
        starting: header(), journal: Journal.create(at: folder + "/a"), responder: models)
      try await driver.perform(.set(SettingsChange(model: "other")))
      try await driver.perform(.ask("6 × 7?"))
      await driver.close()
      let exact = try ExactReplay(try JournalReader.read(folder + "/a"))
      #expect(!exact.needsOwnModel)
      let other = SeededResponder(digest: "other", name: "other")
      let report = await exact.compare(with: RoutingResponder { $0 == "other" ? other : nil })
      #expect(report.isExact && report.replies == 1)
    }
  }

  @Test func aReplayDrawsEachReplyAsItWasDrawnUnlessAModelOrASeedIsNamed() async throws {
    try await withFolder { folder in
      let contents = try await record(at: folder + "/a")
      let old = try contents.session()
      let recording = try Recording(contents.entries)
      let kept = RecordedUnit(recording, name: "a", keepsModels: true)
      let new = try await play(kept, into: folder + "/kept")
      #expect(new.turns.map(\.text) == old.turns.map(\.text))
      #expect(new.turns.map(\.recipe) == old.turns.map(\.recipe))
      let named = try await play(RecordedUnit(recording, name: "b"), into: folder + "/named")
      #expect(named.turns.compactMap(\.recipe).allSatisfy { $0.model.digest == "model" })
      #expect(named.turns[5].recipe?.sampling.temperature == 0.1)
      let seeded = RecordedUnit(recording, name: "c", keepsModels: true, seed: 8)
      let drawn = try await play(seeded, into: folder + "/seeded")
      #expect(drawn.turns[5].recipe?.seed == ReplyOrder.seed(of: TurnID(5), sessionSeed: 8))
    }
  }

  private func play(_ unit: RecordedUnit, into folder: String) async throws -> Session {
    let result = try #require(
      try await Run(
        [unit], into: folder, modelDigest: "d", responder: SeededResponder(), application: "test",
        others: ["other": SeededResponder(digest: "other", name: "other")]
      ).play().first)
    return try #require(result.session)
  }
}

import Foundation
import Journaling
import SessionCore
import SessionRuntime
import Testing

@testable import Experiments

/// A record with a duel in it is played again side by side, and proved by the models that wrote it.
@Suite struct DuelReplays {
  /// Two models; the session's own and `other`.
  private var models: RoutingResponder {
    let other = SeededResponder(digest: "other", name: "other")
    return RoutingResponder(own: SeededResponder()) { $0 == "other" ? other : nil }
  }

  /// A question, a reply, and a duel on it: by another model, and by other settings.
  private func record(at path: String) async throws -> JournalContents {
    let driver = try SessionDriver(
      starting: header(), journal: Journal.create(at: path), responder: models)
    try await driver.perform(.ask("6 × 7?"))
    try await driver.perform(.regenerate(TurnID(1)), with: DrawSettings(model: "other"))
    try await driver.perform(
      .giveFeedback(.critique, "No.", on: TurnID(1)),
      with: DrawSettings(sampling: Sampling(temperature: 0.1), seed: 99))
    try await driver.perform(.vote(Vote(.a, a: TurnID(2), b: TurnID(4))))
    await driver.close()
    return try JournalReader.read(path)
  }

  @Test func aModelOfThatNameIsAskedAndAnUnknownOneIsRefusedBeforeAnythingIsRecorded() async throws
  {
    try await withFolder { folder in
      let session = try await record(at: folder + "/a").session()
      #expect(session.turns[2].recipe?.model.digest == "other")
      #expect(session.turns[4].recipe?.seed == 99)
      #expect(session.turns[4].recipe?.sampling.temperature == 0.1)
      #expect(session.head == TurnID(2))
      let driver = try SessionDriver(starting: header(), journal: nil, responder: models)
      try await driver.perform(.ask("6 × 7?"))
      await #expect(throws: SessionError.responder(.noModel("nobody"))) {
        try await driver.perform(.regenerate(TurnID(1)), with: DrawSettings(model: "nobody"))
      }
      #expect(await driver.session.turns.count == 2)
    }
  }

  @Test func anExactReplayAsksEachModelForItsOwnReplies() async throws {
    try await withFolder { folder in
      let exact = try ExactReplay(try await record(at: folder + "/a"))
      #expect(exact.otherModels.keys.sorted() == ["other"])
      let report = await exact.compare(with: models)
      #expect(report.isExact && report.replies == 3, "\(report)")
      let alone = await exact.compare(with: SeededResponder())
      #expect(alone.difference?.turn == TurnID(2))
    }
  }

  @Test func aReplayDrawsEachSideAsItWasDrawn() async throws {
    try await withFolder { folder in
      let contents = try await record(at: folder + "/a")
      let old = try contents.session()
      let recording = try Recording(contents.entries)
      let kept = RecordedUnit(recording, name: "a", keepsModels: true)
      #expect(kept.otherModels == ["other"])
      let new = try await play(kept, into: folder + "/kept")
      #expect(new.turns.map(\.text) == old.turns.map(\.text))
      #expect(new.turns.map(\.recipe) == old.turns.map(\.recipe))
      #expect(new.head == old.head && new.votes.isEmpty)
      // Another model plays every side, with the settings each had.
      let other = try await play(RecordedUnit(recording, name: "b"), into: folder + "/other")
      #expect(other.turns[2].recipe?.model.digest == "model")
      #expect(other.turns[4].recipe?.sampling.temperature == 0.1)
      // Another seed leaves no seed of the record standing.
      let seeded = RecordedUnit(recording, name: "c", keepsModels: true, seed: 8)
      #expect(try await play(seeded, into: folder + "/seeded").turns[4].recipe?.seed != 99)
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

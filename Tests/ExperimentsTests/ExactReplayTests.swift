import Foundation
import Journaling
import SessionCore
import SessionRuntime
import TestSupport
import Testing

@testable import Experiments

/// An exact replay passes on what was recorded and finds the smallest difference.
@Suite struct ExactReplays {
  func record(_ commands: [Command], at path: String) async throws -> JournalContents {
    try await Replays().record(commands, by: SeededResponder(), at: path)
  }

  @Test func everyReplyOnEveryBranchIsCompared() async throws {
    try await withFolder { folder in
      let contents = try await record(Replays.everything, at: folder + "/a")
      let session = try contents.session()
      let report = try await ExactReplay(contents).compare(with: SeededResponder())
      #expect(report.isExact)
      #expect(report.replies == session.turns.count { $0.role == .assistant })
      #expect(report.repliesEqual == report.replies)
      #expect(report.tokensEqual == session.turns.reduce(0) { $0 + $1.tokens.count })
    }
  }

  @Test func oneTokenOfDifferenceIsNamedByTurnAndPlace() async throws {
    try await withFolder { folder in
      let contents = try await record(Replays.everything, at: folder + "/a")
      let session = try contents.session()
      for turn in session.turns where turn.role == .assistant {
        let seed = try #require(turn.recipe?.seed)
        let index = turn.tokens.count - 1
        let planted = SeededResponder(planted: (seed, index))
        let report = try await ExactReplay(contents).compare(with: planted)
        #expect(
          report.difference
            == .init(
              turn: turn.id,
              what: .token(
                index: index, expected: turn.tokens[index], found: turn.tokens[index] + 1000)))
        #expect(report.repliesEqual == report.replies - 1)
      }
    }
  }

  @Test(arguments: [1, 2, 8]) func recordsAreReportedInOrderHoweverManyAreComparedAtOnce(
    jobs: Int
  ) async throws {
    try await withFolder { folder in
      var records: [(record: ExactReplay, responder: any Responder)] = []
      for (index, name) in ["a", "b", "c", "d", "e"].enumerated() {
        let commands = index % 2 == 0 ? Replays.everything : [.ask("Hi")]
        let contents = try await record(commands, at: folder + "/" + name)
        records.append(
          (try ExactReplay(contents), SeededResponder(digest: index == 3 ? "other" : "model")))
      }
      var reports: [ExactReport] = []
      try await ExactReplay.compare(records, jobs: jobs) { index, report in
        #expect(index == reports.count)
        reports.append(report)
      }
      #expect(reports.map { $0.path.suffix(1) } == ["a", "b", "c", "d", "e"])
      #expect(reports.map(\.isExact) == [true, true, true, false, true])
      for (report, (record, responder)) in zip(reports, records) {
        #expect(await record.compare(with: responder) == report)
      }
    }
  }

  @Test func anotherModelIsSaidSoBeforeAnythingIsCompared() async throws {
    try await withFolder { folder in
      let contents = try await record([.ask("Hi")], at: folder + "/a")
      let report = try await ExactReplay(contents).compare(with: SeededResponder(digest: "b"))
      #expect(
        report.difference
          == .init(turn: TurnID(1), what: .model(expected: "model", found: "b")))
      #expect(report.tokensEqual == 0)
    }
  }

  @Test func aReplyThatEndsEarlyOrLateIsADifference() async throws {
    let canned = { (text: String) in ScriptedResponder(replies: [text]) }
    try await withFolder { folder in
      let contents = try await Replays().record(
        [.ask("Hi")], by: canned("one two"), at: folder + "/a")
      let token = try #require(contents.session().turns.last?.tokens.last)
      let exact = try ExactReplay(contents)
      let short = await exact.compare(with: canned("one"))
      #expect(short.difference?.what == .token(index: 1, expected: token, found: nil))
      let long = await exact.compare(with: canned("one two two"))
      #expect(long.difference?.what == .token(index: 2, expected: nil, found: token))
      let cut = await exact.compare(
        with: ScriptedResponder(script: [.reply("one two", end: .length)]))
      #expect(cut.difference?.what == .end(expected: .endOfTurn, found: .length))
      let failing = await exact.compare(
        with: ScriptedResponder(script: [.fails(after: "one", code: "x")]))
      #expect(failing.difference?.what == .failed(.scripted("x")))
    }
  }

  @Test func aJournalCutAnywhereIsStillExactAsFarAsItGoes() async throws {
    try await withFolder { folder in
      _ = try await record(Replays.everything, at: folder + "/a")
      let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: folder + "/a")))
      let firstLine = try #require(bytes.firstIndex(of: UInt8(ascii: "\n")))
      for cut in stride(from: firstLine + 1, to: bytes.count, by: 97) {
        let contents = try JournalReader.read(bytes: Array(bytes[..<cut]), path: "a")
        let report = try await ExactReplay(contents).compare(with: SeededResponder())
        #expect(report.isExact)
        #expect(report.tornBytes == contents.tornBytes)
      }
    }
  }

  /// Whatever a person does, and wherever the program is killed, the record can be drawn again;
  /// played again as a whole it gives the same tree. The seed is in the test's name.
  @Test(arguments: 0..<40) func aRecordedWalkIsExact(seed: Int) async throws {
    try await withFolder { folder in
      var generator = SeededGenerator(seed: UInt64(seed))
      let path = folder + "/walk.tern.jsonl"
      let driver = try SessionDriver(
        starting: header(seed: generator.next()), journal: Journal.create(at: path),
        responder: SeededResponder())
      // A session without a word has no journal.
      try await driver.perform(.ask("first"))
      await walk(driver, steps: 12, using: &generator)
      await driver.close()
      let whole = try JournalReader.read(path)
      try await expectExact(whole)
      try await expectSameTree(whole, folder: folder + "/whole")

      // Killed at some line, resumed, gone on with: now a reply may be cut short in the middle.
      let cut = folder + "/cut.tern.jsonl"
      let journal = try Journal.create(at: cut)
      let kept = Int.random(in: 2...whole.entries.count, using: &generator)
      try journal.append(Array(whole.entries.prefix(kept)), sync: false)
      journal.close()
      let (resumed, contents) = try Journal.resume(at: cut)
      let second = try SessionDriver(
        resuming: contents, journal: resumed, responder: SeededResponder())
      await walk(second, steps: 8, using: &generator)
      await second.close()
      try await expectExact(JournalReader.read(cut))
    }
  }

  func expectExact(_ contents: JournalContents) async throws {
    let report = try await ExactReplay(contents).compare(with: SeededResponder())
    #expect(report.isExact, "\(String(describing: report.difference))")
    #expect(
      try report.replies == contents.session().turns.count { $0.role == .assistant })
  }

  func expectSameTree(_ contents: JournalContents, folder: String) async throws {
    let unit = RecordedUnit(try Recording(contents.entries), name: "walk")
    let result = try await Replays().replay(unit, by: SeededResponder(), into: folder)
    let (old, new) = (try contents.session(), try #require(result.session))
    #expect(result.ending == .finished)
    #expect(new.turns.map(\.text) == old.turns.map(\.text))
    #expect(new.turns.map(\.parent) == old.turns.map(\.parent))
    #expect(new.head == old.head)
  }

  /// Commands at random; those that are refused are part of life.
  func walk(
    _ driver: SessionDriver, steps: Int, using generator: inout SeededGenerator
  ) async {
    for _ in 0..<steps {
      let command = RandomWalk.command(for: await driver.session, using: &generator)
      // Refusals only: this responder never fails, and the disk is not under test.
      _ = try? await driver.perform(command)
    }
  }
}

import Foundation
import SessionCore
import Testing
import TestSupport

@testable import Journaling

@Suite("The journal's format")
struct FormatTests {
  @Test("Checksums are those of RFC 3720, appendix B.4")
  func checksums() {
    #expect(Checksum.hex(Checksum.crc32c([UInt8](repeating: 0, count: 32))) == "8a9136aa")
    #expect(Checksum.hex(Checksum.crc32c([UInt8](repeating: 0xFF, count: 32))) == "62a8ab43")
    #expect(Checksum.hex(Checksum.crc32c((0..<32).map(UInt8.init))) == "46dd794e")
    #expect(Checksum.hex(Checksum.crc32c("123456789".utf8)) == "e3069283")
  }

  @Test("Every kind of event survives the way to disk and back, byte for byte")
  func roundTrip() throws {
    for entries in [Samples.everything, Samples.small] {
      let bytes = try Samples.text(entries)
      let contents = try JournalReader.read(bytes: bytes)
      #expect(contents.entries == entries)
      #expect(contents.tornBytes == 0)
      #expect(try Samples.text(contents.entries) == bytes)
      #expect(try contents.session() == Session(replaying: entries))
    }
  }

  @Test("The sample of everything looks on disk as it always did")
  func golden() throws {
    expectGolden(
      String(decoding: try Samples.text(Samples.everything), as: UTF8.self), "everything.tern.jsonl"
    )
  }

  @Test("A journal of every schema there ever was is read, and is written again as it stood")
  func fixtures() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
    for schema in 1...EventRecord.schema {
      let path = folder.appending(path: "schema-\(schema).tern.jsonl").path
      let contents = try JournalReader.read(path)
      #expect(contents.entries.count == [40, 76, 81, 88, 94][schema - 1])
      #expect(try contents.session().turns.count == [15, 33, 33, 34, 36][schema - 1])
      if schema == EventRecord.schema {
        let bytes = Array(try Data(contentsOf: URL(filePath: path)))
        #expect(try Samples.text(contents.entries) == bytes)
      }
    }
  }

  @Test("An imported session has neither recipes nor statistics, and says where it is from")
  func imported() throws {
    let entries = Samples.imported
    let read = try JournalReader.read(bytes: Journal.lines(of: entries))
    #expect(read.entries == entries)
    let session = try read.session()
    #expect(session.turns.allSatisfy { $0.recipe == nil && $0.statistics == nil })
    #expect(session.header.provenance?.imported?.conversation == "c-17")
    let fixture = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/schema-5-imported.tern.jsonl")
    #expect(try Array(Data(contentsOf: fixture)) == Journal.lines(of: entries))
  }

  @Test("Exact activations are written down in header and recipe, int8 ones are not")
  func activations() throws {
    var entries = SessionBuilder().ask("a").reply("b").entries
    let plain = String(decoding: try Samples.text(entries), as: UTF8.self)
    #expect(!plain.contains("activations"))
    for index in entries.indices {
      switch entries[index].event {
      case .sessionStarted(var header):
        header.activations = .exact
        entries[index].event = .sessionStarted(header)
      case .replyStarted(var reply):
        reply.recipe?.activations = .exact
        entries[index].event = .replyStarted(reply)
      default: break
      }
    }
    let bytes = try Samples.text(entries)
    #expect(
      String(decoding: bytes, as: UTF8.self).split(separator: #""activations":"exact""#).count == 3)
    #expect(try JournalReader.read(bytes: bytes).entries == entries)
  }

  @Test("Text keeps its bytes: composed and decomposed letters stay apart")
  func normalisation() throws {
    let entries = SessionBuilder().ask("a\u{308}").reply("\u{E4}").entries
    let read = try JournalReader.read(bytes: try Samples.text(entries)).session()
    #expect(Array(read.turns[0].text.utf8) == [0x61, 0xCC, 0x88])
    #expect(Array(read.turns[1].text.utf8) == [0xC3, 0xA4])
  }

  @Test("No byte of a journal can command a terminal, except its newlines")
  func controlCharacters() throws {
    let all = (0..<0xA0).compactMap { Unicode.Scalar(UInt32($0)) }.map { String($0) }.joined()
    let line = try JournalLine.encode(SessionBuilder().ask(all).entries[1])
    let scalars = String(decoding: line.dropLast(), as: UTF8.self).unicodeScalars
    #expect(!scalars.contains { $0.properties.generalCategory == .control })
    #expect(
      try JournalLine.decode(line.dropLast(), number: 2) == SessionBuilder().ask(all).entries[1])
  }

  @Test(
    "Times are RFC 3339 in UTC with milliseconds",
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
      (951_782_400_000, "2000-02-29T00:00:00.000Z"),
      (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
      (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
      (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
    ] as [(Timestamp, String)])
  func times(_ time: Timestamp, _ text: String) {
    #expect(TimestampText.rfc3339(time) == text)
    #expect(TimestampText.parse(text) == time)
  }

  @Test(
    "Times that do not exist are refused",
    arguments: [
      "2026-02-29T00:00:00.000Z", "2026-13-01T00:00:00.000Z", "2026-01-01T24:00:00.000Z",
      "2026-01-01 00:00:00.000Z", "+026-01-01T00:00:00.000Z", "2026-01-01T00:00:60.000Z", "",
    ])
  func wrongTimes(_ text: String) { #expect(TimestampText.parse(text) == nil) }

  @Test("Times and names for files agree")
  func compactTimes() {
    #expect(TimestampText.compact(VirtualClock.start + 12_345) == "20260101T000012Z")
    #expect(TimestampText.compact(.max) == nil)
  }

  @Test("Values that could not be read back are refused before anything is written")
  func unwritable() throws {
    let disk = SimulatedDisk()
    let journal = Journal(disk)
    let odd: [(Sampling, String)] = [
      (Sampling(temperature: .nan), "temperature"), (Sampling(topP: .infinity), "top_p"),
      (Sampling(topK: -1), "sampling.top_k"),
    ]
    for (sampling, field) in odd {
      let entries = SessionBuilder(sampling: sampling).entries
      #expect(throws: JournalError.unwritable(path: "simulated", field: field)) {
        try journal.append(entries, sync: true)
      }
    }
    let late = Entry(sequence: 1, time: .max, event: Samples.small[0].event)
    #expect(throws: JournalError.unwritable(path: "simulated", field: "time")) {
      try journal.append([late], sync: true)
    }
    #expect(disk.bytes.isEmpty)
  }

  @Test("A line longer than the limit is refused before anything is written")
  func tooLong() throws {
    let disk = SimulatedDisk()
    let journal = Journal(disk)
    let entries = SessionBuilder().ask(String(repeating: "x", count: JournalLine.bytesMax)).entries
    #expect {
      try journal.append(entries, sync: true)
    } throws: { error in
      guard case .lineTooLong(_, let bytes, let bytesMax) = error as? JournalError else {
        return false
      }
      return bytes > bytesMax
    }
    #expect(disk.bytes.isEmpty)
  }

  @Test("Random walks of commands round trip")
  func randomWalks() throws {
    let seed = SeededGenerator.testSeed(standard: 20_260_101)
    for walk in 0..<60 {
      var generator = SeededGenerator(seed: seed &+ UInt64(walk))
      let entries = RandomWalk.session(steps: 25, using: &generator).entries
      let bytes = try Samples.text(entries)
      let contents = try JournalReader.read(bytes: bytes)
      #expect(contents.entries == entries, "TEST_SEED=\(seed), walk \(walk)")
      #expect(try Samples.text(contents.entries) == bytes, "TEST_SEED=\(seed), walk \(walk)")
    }
  }
}

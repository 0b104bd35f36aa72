import SessionCore
import TestSupport
import Testing

@testable import Journaling

/// Journals of many stretches, which are read on several threads.
@Suite struct LongJournalTests {
  /// Enough lines for several rounds of stretches.
  private static let entries: [Entry] = {
    var builder = SessionBuilder(seed: 3)
    for number in 0..<400 {
      builder = builder.ask("question \(number) " + String(repeating: "x", count: 1500))
        .reply("reply \(number)")
    }
    return builder.entries
  }()

  @Test func manyStretchesGiveTheEntriesInOrderAndTheirFold() throws {
    let bytes = try Samples.text(Self.entries)
    #expect(try JournalReader.read(bytes: bytes).entries == Self.entries)
    var told: [Int] = []
    let folded = try JournalReader.fold(bytes: bytes, path: "a") { done, all in
      told.append(done)
      #expect(all == bytes.count)
    }
    #expect(try folded.session() == Session(replaying: Self.entries))
    #expect(told == told.sorted() && told.last == bytes.count && told.count > 1)
  }

  @Test(arguments: [1, 2, 200, 400, 799, 1600])
  func damageOnAnyLineIsFoundWithItsNumber(line: Int) throws {
    var bytes = try Samples.text(Self.entries)
    var start = 0
    for _ in 1..<line { start = (bytes[start...].firstIndex(of: 0x0A) ?? 0) + 1 }
    bytes[start + 8] ^= 1
    let thrown = #expect(throws: JournalError.self) {
      try JournalReader.fold(bytes: bytes, path: "a")
    }
    #expect(
      thrown.map { "\($0)" }?.contains("line: \(line),") == true, "\(String(describing: thrown))")
    #expect(try Recovery.scan(bytes, path: "a", { _ in }).count == line - 1)
  }

  @Test func aTornEndAfterManyStretchesIsLeftOut() throws {
    let bytes = try Samples.text(Self.entries)
    let folded = try JournalReader.fold(bytes: Array(bytes.dropLast(3)), path: "a")
    #expect(folded.tornBytes > 0)
    #expect(try folded.session() == Session(replaying: Self.entries.dropLast()))
  }

  @Test func aLongRecordIsGoneOnWithAsAShortOneIs() throws {
    let folder = try TemporaryFolder()
    try folder.write(try Samples.text(Self.entries.dropLast()), to: "a")
    let (journal, contents) = try Journal.resumeFolded(at: folder.file("a"))
    #expect(try contents.session().entryCount == Self.entries.count - 1)
    try journal.append(Self.entries.suffix(1), sync: false)
    #expect(try folder.bytes("a") == Samples.text(Self.entries))
  }

  @Test func theHeaderIsReadWithoutTheRest() throws {
    let folder = try TemporaryFolder()
    var bytes = try Samples.text(Self.entries)
    bytes[bytes.count - 9] ^= 1
    try folder.write(bytes, to: "a")
    #expect(try JournalReader.header(folder.file("a")).id == "session-1")
    try folder.write([], to: "b")
    #expect(throws: JournalError.empty(path: folder.file("b"))) {
      try JournalReader.header(folder.file("b"))
    }
  }
}

import Foundation
import SessionCore
import Testing
import TestSupport

@testable import Journaling

@Suite("Journals on a real disk")
struct FileTests {
  @Test("A journal is written, read and gone on with")
  func writeReadResume() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.tern.jsonl")
    let entries = Samples.everything
    let journal = try Journal.create(at: path)
    try journal.append(Array(entries[..<5]), sync: true)
    #expect(try JournalReader.read(path).entries == Array(entries[..<5]))
    journal.close()
    let (resumed, contents) = try Journal.resume(at: path)
    #expect(contents.entries == Array(entries[..<5]))
    try resumed.append(Array(entries[5...]), sync: false)
    #expect(try folder.bytes("a.tern.jsonl") == Samples.text(entries))
  }

  @Test("A second writer is told that the journal is busy, until the first is done")
  func lock() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a")
    let first = try Journal.create(at: path)
    try first.append([Samples.small[0]], sync: true)
    #expect(throws: JournalError.busy(path: path)) { _ = try Journal.resume(at: path) }
    #expect(throws: JournalError.busy(path: path)) { _ = try Journal.create(at: path) }
    first.close()
    #expect(try Journal.resume(at: path).contents.entries == [Samples.small[0]])
  }

  @Test("A torn end is set aside, and the file goes on after the last whole line")
  func tornEnd() throws {
    let folder = try TemporaryFolder()
    let whole = try Samples.text(Samples.small)
    try folder.write(whole.dropLast(7), to: "a")
    let (journal, contents) = try Journal.resume(at: folder.file("a"))
    #expect(contents.tornBytes > 0)
    #expect(contents.entries == Samples.small.dropLast())
    #expect(try folder.bytes("a.torn").count == contents.tornBytes)
    try journal.append([Samples.small[Samples.small.count - 1]], sync: true)
    #expect(try folder.bytes("a") == whole)
  }

  @Test("Reading a torn journal changes nothing")
  func readingIsHarmless() throws {
    let folder = try TemporaryFolder()
    let torn = try Samples.text(Samples.small).dropLast(7)
    try folder.write(torn, to: "a")
    #expect(try JournalReader.read(folder.file("a")).tornBytes > 0)
    #expect(try folder.bytes("a") == Array(torn))
    #expect(folder.names == ["a"])
  }

  @Test("A session without a word leaves no file")
  func nothingWritten() throws {
    let folder = try TemporaryFolder()
    do {
      let journal = try Journal.create(at: folder.file("a"))
      #expect(folder.names == ["a"])
      journal.close()
    }
    #expect(folder.names == [])
  }

  @Test("An empty file is taken, one with content is not")
  func existing() throws {
    let folder = try TemporaryFolder()
    try folder.write([], to: "empty")
    try folder.write([1], to: "full")
    _ = try Journal.create(at: folder.file("empty"))
    #expect(throws: JournalError.exists(path: folder.file("full"))) {
      _ = try Journal.create(at: folder.file("full"))
    }
    #expect(try folder.bytes("full") == [1])
  }

  @Test("Missing files, folders, pipes, empty and foreign files each have their error")
  func wrongFiles() throws {
    let folder = try TemporaryFolder()
    let missing = folder.file("missing")
    #expect(throws: JournalError.notFound(path: missing)) { try JournalReader.read(missing) }
    #expect(throws: JournalError.notFound(path: missing)) { _ = try Journal.resume(at: missing) }
    #expect(throws: JournalError.notFound(path: missing + "/a")) {
      _ = try Journal.create(at: missing + "/a")
    }
    #expect(throws: JournalError.self) { try JournalReader.read(folder.path) }
    #expect(throws: JournalError.self) { _ = try Journal.create(at: folder.path) }
    let pipe = folder.file("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    #expect(throws: JournalError.notAFile(path: pipe)) { _ = try Journal.resume(at: pipe) }
    try folder.write([], to: "empty")
    #expect(throws: JournalError.empty(path: folder.file("empty"))) {
      try JournalReader.read(folder.file("empty"))
    }
    try folder.write("hello\nworld\n".utf8, to: "foreign")
    #expect(
      throws: JournalError.damaged(path: folder.file("foreign"), line: 1, .checksumMissing)
    ) { try JournalReader.read(folder.file("foreign")) }
    try folder.write("hello".utf8, to: "foreign")
    #expect(
      throws: JournalError.damaged(path: folder.file("foreign"), line: 1, .checksumMissing)
    ) { try JournalReader.read(folder.file("foreign")) }
  }

  @Test("Repair writes what stands before the damage into a new file")
  func repair() throws {
    let folder = try TemporaryFolder()
    var bytes = try Samples.text(Samples.everything)
    let place = try Samples.text(Array(Samples.everything[..<6])).count + 30
    bytes[place] ^= 1
    try folder.write(bytes, to: "a")
    let salvage = try Recovery.repair(folder.file("a"), into: folder.file("b"))
    #expect(salvage.line == 7)
    #expect(salvage.lostBytes > 0)
    #expect(try folder.bytes("a") == bytes)
    #expect(try JournalReader.read(folder.file("b")).entries == Array(Samples.everything[..<6]))
  }

  @Test("New journals are readable by their owner only")
  func permissions() throws {
    let folder = try TemporaryFolder()
    let journal = try Journal.create(at: folder.file("a"))
    var status = stat()
    #expect(stat(folder.file("a"), &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    journal.close()
  }
}

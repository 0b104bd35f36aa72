import SessionCore
import Testing
import TestSupport

@testable import Journaling

@Suite("Power cuts and damage")
struct CrashTests {
  /// Appends entries as a session does, until the power fails; how many appends returned, and
  /// how many of those entries were promised to be durable.
  private func run(_ entries: [Entry], on disk: SimulatedDisk) -> (accepted: Int, promised: Int) {
    let journal = Journal(disk)
    var (accepted, promised) = (0, 0)
    for entry in entries {
      let sync = entry.sequence % 2 == 0
      guard (try? journal.append([entry], sync: sync)) != nil else { break }
      accepted += 1
      if sync { promised = accepted }
    }
    return (accepted, promised)
  }

  @Test("A power cut at any byte loses nothing that was accepted before it")
  func everyByte() throws {
    let entries = Samples.few
    let whole = try Samples.text(entries)
    for cut in 0...whole.count {
      let disk = SimulatedDisk(bytesLeft: cut)
      let (accepted, _) = run(entries, on: disk)
      #expect(disk.bytes == Array(whole[..<cut]))
      guard accepted > 0 else {
        // Nothing had been accepted; there is a header, if only its newline is missing, or none.
        let isWhole = JournalLine.beginsWhole(disk.bytes[...])
        #expect((try? JournalReader.read(bytes: disk.bytes)) != nil || !isWhole, "cut at \(cut)")
        continue
      }
      let contents = try JournalReader.read(bytes: disk.bytes)
      // A line that lacks only its newline is whole.
      #expect((accepted...accepted + 1).contains(contents.entries.count), "cut at \(cut)")
      #expect(contents.entries == Array(entries[..<contents.entries.count]))
      #expect(try Samples.text(contents.entries).count + contents.tornBytes - cut <= 1)
      _ = try contents.session()
    }
  }

  @Test("When the page cache is lost too, what was synced survives")
  func onlyDurableBytes() throws {
    let entries = Samples.few
    let whole = try Samples.text(entries)
    for cut in 0...whole.count {
      let disk = SimulatedDisk(bytesLeft: cut)
      let (_, promised) = run(entries, on: disk)
      guard promised > 0 else { continue }
      let contents = try JournalReader.read(bytes: Array(disk.bytes[..<disk.durable]))
      #expect(contents.entries.count >= promised)
    }
  }

  @Test("A session goes on after a power cut at any byte, without damage")
  func resumeEveryByte() throws {
    let entries = Samples.few
    let whole = try Samples.text(entries)
    let headerBytes = try JournalLine.encode(entries[0]).count
    for cut in (headerBytes - 1)...whole.count {
      let disk = SimulatedDisk(holding: Array(whole[..<cut]))
      let (journal, contents) = try Journal.resume(disk)
      let survived = contents.entries.count
      #expect(disk.setAside.count == contents.tornBytes)
      for entry in entries[survived...] { try journal.append([entry], sync: true) }
      if survived < entries.count { #expect(disk.bytes == whole, "cut at \(cut)") }
      #expect(try JournalReader.read(bytes: disk.bytes).entries == entries)
    }
  }

  @Test("Every single-byte flip is found, and its line is named")
  func everyFlip() throws {
    let entries = Samples.few
    let whole = try Samples.text(entries)
    var line = 1
    for position in whole.indices {
      for mask in [0x01, 0x20, 0xFF] as [UInt8] {
        var bytes = whole
        bytes[position] ^= mask
        try expectFound(bytes, line: line, of: entries, "byte \(position), mask \(mask)")
      }
      var split = whole
      split[position] = UInt8(ascii: "\n")
      if split != whole {
        try expectFound(split, line: line, of: entries, "newline at \(position)")
      }
      if whole[position] == UInt8(ascii: "\n") { line += 1 }
    }
  }

  private func expectFound(
    _ bytes: [UInt8], line: Int, of entries: [Entry], _ comment: Comment
  ) throws {
    do {
      let contents = try JournalReader.read(bytes: bytes)
      // Only the last line can be mistaken for a torn one.
      #expect(line == entries.count, comment)
      #expect(contents.tornBytes > 0, comment)
      #expect(contents.entries == entries.dropLast(), comment)
    } catch JournalError.damaged(_, let found, _) {
      #expect(found == line, comment)
    }
  }

  @Test("Every removed or doubled line is found, unless it is the last")
  func linesOutOfOrder() throws {
    let entries = Samples.small
    let lines = try entries.map { try JournalLine.encode($0) }
    for index in lines.indices.dropLast() {
      var fewer = lines
      fewer.remove(at: index)
      #expect(throws: JournalError.self) { try JournalReader.read(bytes: fewer.flatMap(\.self)) }
      var more = lines
      more.insert(lines[index], at: index)
      #expect(
        throws: JournalError.damaged(
          path: "-", line: index + 2, .sequence(found: index + 1, expected: index + 2))
      ) { try JournalReader.read(bytes: more.flatMap(\.self)) }
    }
  }

  @Test("A failed write leaves no part of a line, and the next one succeeds")
  func diskFullThenFreed() throws {
    let entries = Samples.small
    let disk = SimulatedDisk()
    let journal = Journal(disk)
    try journal.append(Array(entries[..<2]), sync: true)
    let before = disk.bytes
    // Fails at once, with the power on: like a full disk.
    disk.bytesLeft = -1
    #expect(throws: JournalError.self) { try journal.append([entries[2]], sync: true) }
    disk.bytesLeft = nil
    #expect(disk.bytes == before)
  }

  @Test("After a failed sync, or one that cannot be taken back, nothing more is written")
  func broken() throws {
    let entries = Samples.small
    let unsynced = SimulatedDisk()
    unsynced.failsToSync = true
    let journal = Journal(unsynced)
    #expect(throws: JournalError.self) { try journal.append([entries[0]], sync: true) }
    #expect(throws: JournalError.broken(path: "simulated")) {
      try journal.append([entries[1]], sync: false)
    }
    let cut = SimulatedDisk(bytesLeft: 10)
    let other = Journal(cut)
    #expect(throws: JournalError.self) { try other.append([entries[0]], sync: false) }
    #expect(throws: JournalError.broken(path: "simulated")) {
      try other.append([entries[0]], sync: false)
    }
  }
}

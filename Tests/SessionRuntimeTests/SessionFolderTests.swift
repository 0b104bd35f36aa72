import Foundation
import SessionCore
import SessionRuntime
import Testing
import TestSupport

@Suite("Where sessions are kept")
struct SessionFolderTests {
  @Test("The folder follows the XDG specification")
  func xdg() throws {
    let folder = { (environment: [String: String]) throws -> String in
      try SessionFolder(environment: environment).path
    }
    #expect(
      try folder(["HOME": "/house/a", "XDG_STATE_HOME": "/state"]) == "/state/terntable/sessions")
    #expect(try folder(["HOME": "/house/a"]) == "/house/a/.local/state/terntable/sessions")
    #expect(
      try folder(["HOME": "/house/a", "XDG_STATE_HOME": "relative"])
        == "/house/a/.local/state/terntable/sessions")
    #expect(throws: SessionError.noStateFolder) { try folder([:]) }
  }

  @Test("Names of journals carry the time and the session's first six digits")
  func names() {
    let folder = SessionFolder(path: "/s")
    #expect(
      folder.newJournalPath(sessionID: "0123456789", at: VirtualClock.start)
        == "/s/20260101T000000Z-012345.tern.jsonl")
  }

  @Test("Session identifiers are 32 hexadecimal digits and come from the generator")
  func identifiers() {
    var generator = SeededGenerator(seed: 1)
    let (first, second) = (
      SessionFolder.newSessionID(using: &generator), SessionFolder.newSessionID(using: &generator)
    )
    #expect(first.count == 32 && first.allSatisfy { $0.isHexDigit && !$0.isUppercase })
    #expect(first != second)
  }

  @Test("The folder is made for its owner only")
  func create() throws {
    let temporary = try TemporaryFolder()
    let folder = SessionFolder(path: temporary.file("a/b"))
    try folder.create()
    try folder.create()
    var status = stat()
    #expect(stat(folder.path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o700)
  }

  @Test("A file in the folder's place is named")
  func occupied() throws {
    let temporary = try TemporaryFolder()
    try temporary.write([], to: "a")
    #expect(throws: SessionError.folder(path: temporary.file("a"), code: EEXIST)) {
      try SessionFolder(path: temporary.file("a/b")).create()
    }
  }
}

import SessionCore
import TestSupport
import Testing

@testable import Transcripts

@Suite struct ScrubberTests {
  @Test(
    "what tells who somebody is, or opens a door, is replaced",
    arguments: [
      ("write to ann.b+c@mail.example.org.", "write to [e-mail]."),
      ("ärger@exämple.de", "[e-mail]"), ("<a@b.co>", "<[e-mail]>"),
      ("call +49 30 1234567 now", "call [phone] now"), ("+1 (555) 123-4567", "[phone]"),
      ("(555) 123-4567", "[phone]"), ("555-123-4567", "[phone]"), ("030/1234567", "[phone]"),
      ("host 192.168.0.12:80", "host [ip]:80"), ("[2001:db8::1]", "[[ip]]"),
      ("at ::ffff:1 x", "at [ip] x"),
      ("key sk-abcdEFGH1234abcdEFGH", "key [key]"), ("AKIAIOSFODNN7EXAMPLE", "[key]"),
      ("ghp_0123456789abcdefghij0123", "[key]"),
      ("t=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc-def_ghi", "t=[key]"),
      ("Zm9vYmFyQmF6UXV4MTIzNDU2Nzg5MEFCQ0RFRg", "[key]"),
      ("-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\nrest", "[key]\nrest"),
      ("in /srv/data/ann.txt, or", "in [path], or"), ("~/notes/x", "[path]"),
      ("C:\\Users\\ann\\x.txt", "[path]"), ("\\\\server\\share", "[path]"),
      ("file:///srv/x/y", "[path]"),
    ])
  func replaced(text: String, scrubbed: String) throws {
    #expect(try Scrubber().scrub(text) == scrubbed)
  }

  @Test(
    "arithmetic, dates, versions and addresses of pages are left alone",
    arguments: [
      "47 × 36 = 1692", "1200 + 240 = 1440", "1440 - 210 - 1234 = -4", "3/4 + 1/2", "10/5/2",
      "12345678901234567890", "1.2.3.4.5", "300.1.2.3", "12:30:45", "2026-01-31T09:05:00Z",
      "https://example.org/a/b", "a@b", "@ann", "x = y/z", "and/or", "0.5", "007", "1 000 000",
      "(12 + 30) × 4", "f(10) = 1000000", "Answer: 84", "abcdefghijklmnopqrstuvwxyzabcdefghijkl",
    ])
  func leftAlone(text: String) throws {
    #expect(try Scrubber().scrub(text) == text)
  }

  @Test("a pattern of the person's own is replaced; one that is none is refused")
  func patterns() throws {
    #expect(
      try Scrubber(patterns: ["Project \\w+"]).scrub("Project Orion ends") == "[removed] ends")
    #expect(throws: TranscriptError.badPattern("(")) { try Scrubber(patterns: ["("]) }
    // An empty match replaces nothing, and finds that touch become one.
    #expect(try Scrubber(patterns: ["x*"]).scrub("axxb") == "a[removed]b")
    #expect(try Scrubber(patterns: ["b@c"]).scrub("a.b@c.de") == "[e-mail]")
  }

  @Test("every text of a session is scrubbed, and offsets move with it")
  func session() throws {
    let mail = "ann@example.org"
    let session = SessionBuilder(
      title: mail, provenance: Provenance(script: mail, arm: mail, problem: mail)
    )
    .instruct(mail).ask("\(mail)?", expecting: .exact(mail)).reply("é \(mail) b")
    .judge(.wrong, mail).note(mail).rate(.down)
    .edit(.replace(old: "b", new: "\(mail) c")).reply(" \(mail)")
    .feedback(.critique, mail, author: .model(mail)).reply(mail).session
    var scrubber = try Scrubber()
    let scrubbed = scrubber.scrub(session)
    #expect(!"\(scrubbed)".contains("example"))
    #expect(scrubber.counts == [.email: 16])
    let edited = scrubbed.turns[3]
    #expect(edited.text == "é [e-mail] [e-mail] c [e-mail]")
    let parts = Authorship.parts(of: edited)
    #expect(parts.map(\.text) == ["é [e-mail] ", "[e-mail] c", " [e-mail]"])
    #expect(scrubbed.turns[2].tokens.isEmpty && !session.turns[2].tokens.isEmpty)
    #expect(edited.growth.last?.bytes == edited.text.utf8.count)
    #expect(edited.endTime == session.turns[3].endTime)
    #expect(scrubbed.turns.map(\.id) == session.turns.map(\.id))
    #expect(scrubbed.verdicts.count == 1 && scrubbed.ratings == session.ratings)
  }

  @Test("after scrubbing there is nothing to scrub, whatever the text")
  func again() throws {
    var generator = SeededGenerator(seed: SeededGenerator.testSeed(standard: 4))
    let pieces = [
      "a", "@", ".", "b.c", "+", "4930123456", "-", "192.168.0.1", "/", "srv/", "~", ":", "\n",
      "é", " ", "sk-0123456789abcdefAB", "::1", "(555)", "\\", "C:",
    ]
    let scrubber = try Scrubber()
    for _ in 0..<2000 {
      let text = (0..<12).compactMap { _ in pieces.randomElement(using: &generator) }.joined()
      let once = scrubber.rewrite(text)
      #expect(String(decoding: Array(once.text.utf8), as: UTF8.self) == once.text)
      #expect(once.position(of: text.utf8.count) == once.text.utf8.count, "\(text)")
    }
  }
}

import Foundation
import SessionCore
import TestSupport
import Testing

@testable import Transcripts

@Suite struct HTMLTests {
  @Test("a session becomes one page with changes, authorship, verdicts, notes and recipes")
  func tutoring() throws {
    let page = try TranscriptFormat.html.render([Samples.tutoring]).text
    let body = page.components(separatedBy: "</head>\n").last ?? ""
    expectGolden(body, "tutoring-body.html")
  }

  @Test("hostile text stays text")
  func hostile() throws {
    let hostile = try TranscriptFormat.html.render([Samples.hostile]).text
    let harmless = try TranscriptFormat.html.render([Samples.harmless(like: Samples.hostile)]).text
    // The markup is the same as for a session whose every text is a letter: no tag, attribute or
    // comment came from a text.
    #expect(markup(hostile) == markup(harmless))
    expectNothingHidden(hostile)
    #expect(hostile.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    #expect(hostile.contains("␀"))
    #expect(hostile.contains("␛[31m"))
    #expect(hostile.contains("⟨U+202E⟩abc⟨U+202C⟩"))
  }

  @Test("the attempts stand side by side, what is new in each of them marked")
  func sideBySide() throws {
    let page = try TranscriptFormat.html.render([Samples.tutoring]).text
    let columns = page.matches(
      of: #/<div class="column (\w+)">\n<h3><a href="#([^"]+)">(.*?)<\/a>/#
    )
    .map { "\($0.output.2) \($0.output.3): \($0.output.1)" }
    #expect(
      columns == [
        "s1-t3 Attempt 1: wrong", "s1-t5 Attempt 2: wrong", "s1-t6 Attempt 3: right",
        "s1-t3 Attempt 1: wrong", "s1-t8 Attempt 2: unknown",
      ])
    #expect(page.contains("\n2 × 7 = </span><ins>12</ins><span>\n70 + </span>"))
  }

  @Test("a page of several sessions has the metrics of each and of all")
  func metrics() throws {
    func tables(_ sessions: [Session]) throws -> Int {
      try TranscriptFormat.html.render(sessions).text.components(separatedBy: "<table>").count - 1
    }
    #expect(try tables([Samples.tutoring]) == 1)
    #expect(try tables([Samples.tutoring, Samples.hostile]) == 3)
    #expect(try tables([SessionBuilder().ask("Hi").reply("Hello").session]) == 0)
  }

  @Test("every byte of a page that could end a text or an attribute is escaped, accents or not")
  func escape() {
    #expect(
      SafeHTML().escapeText("<\u{301}>\u{301}&\u{301}\"\u{301}'\u{301}")
        == "&lt;\u{301}&gt;\u{301}&amp;\u{301}&quot;\u{301}&#39;\u{301}")
  }

  @Test("the page loads nothing and runs nothing")
  func selfContained() throws {
    let page = try TranscriptFormat.html.render([Samples.tutoring, Samples.hostile]).text
    #expect(page.contains("default-src 'none'"))
    for tag in tags(page) {
      for word in ["<script", "<link", "<img", "<iframe", "<object", " src=", " on", "http"] {
        #expect(!tag.contains(word) || tag.hasPrefix("<meta"), "\(tag)")
      }
    }
    #expect(!page.contains("@import"))
    #expect(!page.contains("url("))
  }

  @Test("what the template prints it always escapes")
  func template() {
    let template = String(decoding: PackageResources.session_html_mustache, as: UTF8.self)
    #expect(template.hasPrefix("{{% CONTENT_TYPE:\(SafeHTML.name)}}"))
    #expect(!template.contains("{{{"))
    #expect(!template.contains("{{&"))
  }

  @Test("all tags are closed in order")
  func wellFormed() throws {
    for session in [Samples.tutoring, Samples.hostile] {
      let page = try TranscriptFormat.html.render([session]).text
      var open: [Substring] = []
      for tag in tags(page) where !tag.hasPrefix("<!") {
        let name = tag.dropFirst().prefix { $0.isLetter || $0.isNumber || $0 == "/" }
        if ["meta"].contains(name) { continue }
        if name.hasPrefix("/") {
          #expect(open.popLast() == name.dropFirst())
        } else {
          open.append(name)
        }
      }
      #expect(open.isEmpty)
    }
  }

  @Test("any session at all becomes a page")
  func randomSessions() throws {
    var generator = SeededGenerator(seed: SeededGenerator.testSeed(standard: 9))
    for _ in 0..<25 {
      let session = RandomWalk.session(steps: 25, using: &generator).session
      let page = try TranscriptFormat.html.render([session]).text
      for turn in session.turns { #expect(page.contains("id=\"s1-t\(turn.id)\"")) }
      expectNothingHidden(page)
      let markdown = try TranscriptFormat.markdown.render([session]).text
      for turn in session.turns { #expect(markdown.contains("### \(turn.id) · ")) }
      expectNothingHidden(markdown)
    }
  }

  private func tags(_ page: String) -> [String] {
    page.matches(of: #/<[^>]*>/#).map { String($0.output) }
  }

  /// The page's tags without what depends on the texts.
  private func markup(_ page: String) -> [String] {
    tags(page).filter { !isWordMark($0) }.map { $0.replacing(#/ title="[^"]*"/#, with: " title") }
  }

  /// How many words changed depends on the texts.
  private func isWordMark(_ tag: String) -> Bool {
    ["<ins>", "</ins>", "<del>", "</del>", "<span>", "</span>"].contains(tag)
  }
}

extension Samples {
  /// A session of the same shape with texts that mean nothing.
  static func harmless(like session: Session) -> Session {
    SessionBuilder(
      header: SessionHeader(
        id: "i", title: "t", seed: 1, sampling: Sampling(), model: "m",
        application: "terntable 0.1.0", provenance: Provenance(arm: "a"))
    )
    .instruct("a").ask("b", expecting: .regex("r")).reply("c").judge(.wrong, "1").note("n")
    .feedback(.critique, "d", author: .judge(intent: "i", knowledge: "k"))
    .reply("e f", stopped: .failed("code"))
    .edit(.rewrite("g f")).reply("h")
    .session
  }
}

import Foundation
import Friction
import SessionCore
import TestSupport
import Testing

@testable import Transcripts

@Suite struct ReportDocumentTests {
  @Test("a page has findings, curves, flows, costs, tables and samples, and loads and runs nothing")
  func page() throws {
    let page = Self.document(arms: ["unary", "critique"]).html
    for part in [
      "<h2>What it shows</h2>", "lab", "Right at attempt k or before", "From the first attempt",
      "Tokens of a session", "Arm by arm", "Skill by skill", "Sample transcripts",
      "normalised_friction",
    ] {
      #expect(page.contains(part), "\(part)")
    }
    #expect(page.components(separatedBy: "<svg").count - 1 == 5)
    #expect(page.contains("class=\"band a\""))
    #expect(page.contains("class=\"ribbon won\""))
    #expect(page.contains("<ins>"))
    for banned in ["<script", "http://", "https://", "url(", "<img", "<link", "@import", "{{"] {
      #expect(!page.contains(banned), "\(banned)")
    }
  }

  @Test("hostile names and texts stay text")
  func hostile() {
    let page = Self.document(arms: ["<script>alert(1)</script>\u{202E}", "a\"b"]).html
    #expect(!page.contains("<script>alert"))
    #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;⟨U+202E⟩"))
    #expect(!page.contains("\u{202E}"))
    #expect(page.contains("a&quot;b"))
  }

  @Test("the Markdown names its pictures, and no name breaks a table")
  func markdown() throws {
    let (text, pictures) = Self.document(arms: ["a|b", "unary"]).markdown(stem: "lab")
    #expect(pictures.map(\.name) == ["e1-accuracy", "e1-flows", "e1-tokens"])
    for picture in pictures {
      #expect(text.contains("(lab-\(picture.name).svg)"))
      #expect(picture.svg.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\""))
      #expect(picture.svg.hasSuffix("</svg>\n"))
      #expect(!picture.svg.contains("{{"))
    }
    #expect(text.contains("| a\\|b |"))
    let tables = text.split(separator: "\n").filter { $0.hasPrefix("| ") }
    #expect(!tables.isEmpty)
  }

  @Test("a report of nothing is still a page")
  func nothing() {
    let page = ReportDocument(FrictionReport(sessions: [Session]()), title: "nothing").html
    #expect(page.contains("0 sessions"))
    #expect(page.hasSuffix("</html>\n"))
  }

  @Test("samples are the first of each outcome, and few")
  func samples() {
    var samples = SampleSessions()
    for _ in 0..<3 {
      for session in Self.sessions(arms: ["unary", "critique"]) { samples.add(session) }
    }
    #expect(samples.sessions.count == 4)
  }

  @Test("pixels have at most one decimal")
  func pixels() {
    #expect([0, 1.25, -0.04, -3.26, 100].map(\.pixels) == ["0", "1.3", "0", "-3.3", "100"])
  }

  // MARK: - Sessions

  private static func document(arms: [String]) -> ReportDocument {
    let sessions = sessions(arms: arms)
    return ReportDocument(
      FrictionReport(sessions: sessions), title: "lab", samples: Array(sessions.prefix(2)))
  }

  private static func sessions(arms: [String]) -> [Session] {
    arms.flatMap { arm in
      (0..<4).map { problem in
        let kind: Feedback.Kind = arm == "unary" ? .unary : .critique
        var builder = SessionBuilder(
          provenance: Provenance(
            script: "lab", arm: arm, problem: "p\(problem)", family: "multiplication",
            difficulty: "2x2")
        ).ask("12 × 7?", expecting: .number("84")).reply("It is 83.").judge(.wrong, "83")
          .feedback(kind, "No.")
        let isRight = problem % 2 == 0
        builder = builder.reply(isRight ? "It is 84." : "It is 82.")
          .judge(isRight ? .right : .wrong, isRight ? "84" : "82")
        return builder.session
      }
    }
  }
}

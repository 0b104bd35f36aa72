import Foundation
import SessionCore
import TestSupport
import Testing

@testable import Transcripts

@Suite struct MarkdownTests {
  @Test("a session reads from its current conversation to its branches")
  func tutoring() throws {
    expectGolden(try TranscriptFormat.markdown.render([Samples.tutoring]).text, "tutoring.md")
  }

  @Test("a reply says who drew it and how, where the session began otherwise")
  func settings() throws {
    let session = SessionBuilder().ask("?").reply("r")
      .performing(
        .set(SettingsChange(model: "other", sampling: Sampling(temperature: 0), preset: "careful"))
      ).regenerate().reply("s").session
    for format in [TranscriptFormat.markdown, .text, .html, .asciicast] {
      let text = try format.render([session]).text
      let words = "drawn again instead of turn 2; by other, greedy, at most 512 tokens"
      #expect(text.split(separator: words).count == 2, "\(format)")
    }
  }

  @Test("no text of a model gets out of its block")
  func hostile() throws {
    let text = try TranscriptFormat.markdown.render([Samples.hostile]).text
    var fence: Substring?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if let open = fence {
        if line == open { fence = nil }
      } else if line.hasPrefix("```") {
        fence = line.dropLast("text".count)
        #expect(line.hasSuffix("`text"))
      } else {
        // A mark that means something is escaped.
        let bare = line.replacing("\\\\", with: "").replacing(#/\\[<>*_\[\]`&!~|]/#, with: "")
        let isOurs =
          line.hasPrefix("#") || line.hasPrefix("- ") || line.hasPrefix("*") || line.isEmpty
        #expect(!bare.contains("<") && !bare.contains("["), "\(line)")
        #expect(isOurs || line.hasSuffix(":"), "\(line)")
      }
    }
    #expect(fence == nil)
    expectNothingHidden(text)
  }

  @Test("the fence is longer than any run of backticks in the text")
  func fence() {
    #expect(Markdown.fenced("a") == "```text\na\n```")
    #expect(Markdown.fenced("```\nb\n") == "````text\n```\nb\n````")
    #expect(Markdown.fenced("") == "```text\n\n```")
    // A backtick with an accent on it is still a backtick to a Markdown reader.
    #expect(Markdown.fenced("```\u{301}\n").hasPrefix("````text"))
  }

  @Test("several sessions stand one after the other")
  func several() throws {
    let empty = SessionBuilder(title: "").session
    let text = try TranscriptFormat.markdown.render([empty, empty]).text
    #expect(text.components(separatedBy: "# session-1\n").count == 3)
    #expect(text.contains("\n---\n"))
    #expect(text.contains("(nothing was said)"))
  }
}

/// No control character but line break and tab, and no mark that reorders text.
func expectNothingHidden(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
  let hidden = text.unicodeScalars.filter { scalar in
    (scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\t")
      || ["\u{202E}", "\u{202C}", "\u{FEFF}", "\u{2028}"].contains(scalar)
  }
  #expect(hidden.isEmpty, sourceLocation: sourceLocation)
}

import SessionCore
import TestSupport
import Testing

@testable import Transcripts

@Suite struct PlainTextTests {
  @Test("a session reads from its current conversation to its branches, without any markup")
  func tutoring() throws {
    expectGolden(try TranscriptFormat.text.render([Samples.tutoring]).text, "tutoring.txt")
  }

  @Test("no line of somebody else's text begins at the left margin")
  func hostile() throws {
    let text = try TranscriptFormat.text.render([Samples.hostile]).text
    expectGolden(text, "hostile.txt")
    expectNothingHidden(text)
    let known = [
      "[", "(", "=", "-", "Note:", "Model", "Seed", "Sampling", "History", "Begun", "Arm",
      "Program", "Session", "Conversation", "Kept from", "Written by", "Continued by",
      "</title><script>*x* # y", "    ",
    ]
    for line in text.split(separator: "\n") {
      #expect(known.contains { line.hasPrefix($0) }, "\(line)")
    }
  }

  @Test("several sessions stand one after the other, each under its title")
  func several() throws {
    let sessions = [SessionBuilder(title: "One").session, SessionBuilder(title: "Two").session]
    let text = try TranscriptFormat.text.render(sessions).text
    #expect(text.contains("One\n===\n"))
    #expect(text.contains("(nothing was said)\n\n\nTwo\n===\n"))
  }
}

import Foundation
import Testing

/// One question from the command line or a pipe.
@Suite struct AskTests {
  let terntable: Program

  init() throws { terntable = try Program() }

  @Test func theReplyAloneIsPrintedAndTheRecordProvesIt() throws {
    let session = try Scratch.folder().appending(path: "one.tern.jsonl").path
    let arguments = ["ask", "What is", "12 × 7?", "--seed", "7", "--session", session]
    let run = try terntable.run(arguments)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("Answer:") && run.output.hasSuffix("\n"))
    #expect(!run.output.contains("tutor") && !run.output.contains("What is"))
    #expect(try terntable("replay", "--exact", session).status == 0)
    let again = try terntable.run(arguments)
    #expect(again.status == 74, "\(again.errors)")

    let piped = try terntable.run(
      ["ask", "--seed", "7", "--json"], input: "What is 12 × 7?\n")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(piped.output.utf8)) as? [String: Any])
    #expect((object["text"] as? String).map { $0 + "\n" } == run.output)
    #expect(object["end"] as? String == "end_of_turn")
    #expect((object["tokens"] as? [Int])?.isEmpty == false)
  }

  @Test func whatTheModelIsToldFirstIsInTheRecord() throws {
    let run = try terntable.run(
      ["ask", "--system", "Answer with a number.", "What is 2 × 3?", "--temperature", "0"])
    #expect(run.status == 0, "\(run.errors)")
    let journal = try #require(try terntable.journals().first)
    let text = try String(contentsOf: journal, encoding: .utf8)
    #expect(text.contains(#""role":"system""#) && text.contains("Answer with a number."))
  }

  @Test func anEmptyQuestionIsRefused() throws {
    let run = try terntable.run(["ask"], input: "\n")
    #expect(run.status == 64)
    #expect(run.errors == "terntable: there is no text\n")
  }
}

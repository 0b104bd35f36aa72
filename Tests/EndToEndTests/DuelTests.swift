import Foundation
import Testing

/// Duels and the figures of friction, through the real program.
@Suite struct DuelJourneys {
  let program: Program

  init() throws { program = try Program() }

  private func record() throws -> String {
    try String(contentsOf: try #require(try program.journals().first), encoding: .utf8)
  }

  @Test(arguments: [(100, 30), (40, 12)])
  func aDuelOfTwoModelsIsVotedOnAndTheWinnerGoesOn(size: (width: Int, height: Int)) throws {
    let screen = try program.chat(width: size.width, height: size.height)
    try screen.type("/duel tutor-f16 => What is 47 × 36?")
    try screen.press("Enter")
    let asked = try screen.wait(for: "Esc no vote")
    #expect(!asked.contains("tutor-f16"))
    try screen.press("a")
    try screen.wait(for: "A · better")
    // Which model is which is told now.
    try screen.wait(for: "tutor-f16".prefix(size.width > 60 ? 9 : 5).description)
    try screen.press("Enter")
    try screen.wait(for: "ready")
    let record = try record()
    #expect(
      record.contains("\"type\":\"voted\",\"a\":2,\"b\":3,\"choice\":\"a\",\"author\":\"person\""))
    #expect(record.contains("\"name\":\"tutor-f16\""))
    let journal = try #require(try program.journals().first)
    let exact = try program("replay", "--exact", journal.path)
    #expect(exact.status == 0, "\(exact.output)\(exact.errors)")
    let pairs = try program("export", journal.path, "--format", "arena")
    #expect(pairs.status == 0 && pairs.output.contains("leftvote"))
  }

  @Test func stoppingADuelLosesNothingAndRecordsNoVote() throws {
    let screen = try program.chat(environment: "TERNTABLE_KERNEL=reference")
    try screen.type("/duel temperature=1 => What is 47 × 36?")
    try screen.press("Enter")
    try screen.wait(for: "47 = ")
    try screen.press("C-c")
    try screen.wait(for: "no vote: the duel was stopped")
    let record = try record()
    #expect(record.contains("cancelled"))
    let journal = try #require(try program.journals().first)
    let text = try program("export", journal.path, "--format", "text")
    #expect(text.output.contains("47 ="))
    #expect(!record.contains("voted"))
  }

  @Test func theFiguresOfFrictionAreDrawnAndFollowTheConversation() throws {
    // Another session of the same folder, whose answers a checker knew.
    let script = Scratch.repository.appending(path: "sessions/try-again.yaml").path
    let folder = program.home.appending(path: "played").path
    let played = try program("replay", "--out", folder, script)
    #expect(played.status == 0, "\(played.errors)")
    let screen = try program.chat(
      "--seed 7 --session '\(folder)/own.tern.jsonl'", width: 100, height: 40)
    try screen.type("/friction")
    try screen.press("Enter")
    let drawn = try screen.wait(for: "No checker judged") { text, _ in
      text.contains("Right at the first attempt") && !text.contains("reading …")
    }
    #expect(drawn.unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) })
    #expect(drawn.contains("This session: no reply yet."))
    try screen.press("Escape")
    try screen.type("What is 12 × 7?")
    try screen.press("Enter")
    try screen.wait(for: "tokens/s")
    try screen.press("Escape")
    try screen.press("M")
    try screen.wait(for: "This session: 1 question, 1 attempt.")
    try screen.press("a")
    let plain = try screen.wait(for: "right by try k")
    #expect(plain.contains("Prompts had"))
  }

  @Test func thePlainFrontPrintsBothAndAsksInWords() throws {
    let run = try program.run(
      PlainFrontTests.greedy,
      input: "What is 12 × 7?\n/duel temperature=1.5\na\n/friction\n/quit\n")
    #expect(run.status == 0, "\(run.errors)")
    let parts = [
      "A:", "B:", "[which is better? ", "[A is better]", "[A was turn ", "This session:",
    ]
    var rest = run.output[...]
    for part in parts {
      let found = try #require(rest.range(of: part), "\(part) in \(run.output)")
      rest = rest[found.upperBound...]
    }
    #expect(run.output.contains("temperature 1.5"))
    #expect(!run.output.contains("\u{1B}"))
    #expect(
      !run.output.unicodeScalars.contains { (0x2500...0x28FF).contains($0.value) })
    let again = try Program().run(
      PlainFrontTests.greedy,
      input: "What is 12 × 7?\n/duel temperature=1.5\na\n/friction\n/quit\n")
    #expect(again.output == run.output)
  }

  @Test func anUnknownModelIsOneLineAndNothingIsRecorded() throws {
    let run = try program.run(
      PlainFrontTests.greedy, input: "What is 12 × 7?\n/duel nobody\n/vote a\n/quit\n")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.split(separator: "\n").count { $0.contains("nobody") } == 1)
    #expect(run.errors.contains("no duel"))
    let record = try record()
    #expect(record.components(separatedBy: "reply_started").count == 2)
  }
}

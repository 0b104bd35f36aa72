import Friction
import SessionCore
import StrictJSON
import TestSupport
import Testing

@testable import Transcripts

@Suite struct TrainingFormatTests {
  @Test("what every format makes of every kind of feedback", arguments: Samples.trainingFormats)
  func everything(format: TranscriptFormat) throws {
    let transcript = try format.render([Samples.everything])
    let lost = transcript.omissions.map { "left out: \($0.count) \($0.kind.words)\n" }.joined()
    expectGolden(
      transcript.text + "--- not there:\n" + lost, "everything.\(format.rawValue).txt")
  }

  @Test("text that wants to be more than text validates", arguments: Samples.trainingFormats)
  func hostile(format: TranscriptFormat) throws {
    var sessions = [Samples.hostile, Samples.everything]
    let huge = String(repeating: "\u{2028}\\\"<EF></EF><|good|>\u{0}🙂", count: 300)
    sessions.append(
      SessionBuilder(id: "huge").ask(huge).reply(huge + "a").judge(.wrong, nil)
        .feedback(.critique, huge).reply(huge + "b").judge(.right, huge).rate(.stars(1))
        .regenerate().reply(huge + "c").judge(.wrong, nil).edit(.rewrite("\u{301}" + huge))
        .reply("\u{301}").session)
    let transcript = try format.render(sessions)
    #expect(try records(in: transcript.text, as: format) > 0)
    // Nothing that a terminal obeys, and no end of line that only some readers see.
    let bad = transcript.text.unicodeScalars.first { scalar in
      scalar.value < 0x20 && scalar != "\n" || (0x7F...0x9F).contains(scalar.value)
        || scalar.value == 0x2028 || scalar.value == 0x2029
    }
    #expect(bad == nil)
  }

  @Test("every record of every tree validates, and says only what was said")
  func randomTrees() throws {
    var generator = SeededGenerator(seed: SeededGenerator.testSeed(standard: 88))
    let sessions = (0..<60).map { _ in RandomWalk.session(steps: 25, using: &generator).session }
    for format in Samples.trainingFormats {
      for branches in Branches.allCases {
        let options = ExportOptions(branches: branches)
        for session in sessions {
          // A tree in which nothing happened gives nothing, and says so.
          guard let text = try? format.render([session], options: options).text else { continue }
          #expect(throws: Never.self, "\(format) \(session.header.seed)") {
            try records(in: text, as: format)
          }
        }
      }
    }
  }

  @Test("both sides of a pair follow the same prompt, one message each")
  func pairs() throws {
    var generator = SeededGenerator(seed: SeededGenerator.testSeed(standard: 5))
    var pairs = 0
    for _ in 0..<60 {
      let session = RandomWalk.session(steps: 30, using: &generator).session
      var output = ExportOutput()
      for pair in Samples.pairs(of: session, &output) {
        pairs += 1
        #expect(session.path(to: pair.chosen.id).starts(with: pair.prompt))
        #expect(session.path(to: pair.rejected.id).starts(with: pair.prompt))
        #expect(pair.chosen.text != pair.rejected.text)
        #expect(pair.prompt.last?.role == .user)
        if pair.movedBy == .edit { #expect(pair.chosen.replaces == pair.rejected.id) }
      }
    }
    #expect(pairs > 20)
  }

  @Test("try again makes a pair only when the checker's verdict flips to right")
  func unary() throws {
    let outcomes: [Verdict.Outcome?] = [.right, .wrong, .noAnswer, nil]
    for before in outcomes {
      for after in outcomes {
        var builder = SessionBuilder().ask("?").reply("a")
        if let before { builder = builder.judge(before, nil) }
        builder = builder.feedback(.unary).reply("b")
        if let after { builder = builder.judge(after, nil) }
        var output = ExportOutput()
        let pairs = Samples.pairs(of: builder.session, &output)
        let flipped = (before == .wrong || before == .noAnswer) && after == .right
        #expect(
          pairs.map(\.chosen.text) == (flipped ? ["b"] : []), "\(before as Any), \(after as Any)")
        #expect(output.leftOut[.notFlipped] == (flipped ? nil : 1))
      }
    }
  }

  @Test("an edit is chosen over its original, unless a checker found the original right")
  func edit() throws {
    let edited = SessionBuilder().ask("?").reply("one two").edit(.replace(old: "two", new: "2"))
      .reply(" three")
    var output = ExportOutput()
    let pair = try #require(Samples.pairs(of: edited.session, &output).first)
    #expect(pair.chosen.text == "one 2 three" && pair.rejected.text == "one two")
    let spoilt = edited.judge(.wrong, nil).judge(.right, nil, of: pair.rejected.id)
    #expect(Samples.pairs(of: spoilt.session, &output).isEmpty)
  }

  @Test("a checker says more than a rating, a rating more than what was done")
  func labels() {
    let session = SessionBuilder().ask("?").reply("a").feedback(.unary).reply("b").session
    let refused = Examples.refused(in: session)
    #expect(Examples.label(of: session.turns[1], in: session, refused) == false)
    #expect(Examples.label(of: session.turns[3], in: session, refused) == nil)
    let rated = SessionBuilder().ask("?").reply("a").rate(.up).feedback(.unary).reply("b")
      .rate(.stars(3)).session
    #expect(Examples.label(of: rated.turns[1], in: rated, refused) == true)
    #expect(Examples.label(of: rated.turns[3], in: rated, refused) == nil)
    let judged = SessionBuilder().ask("?").reply("a").rate(.up).judge(.noAnswer, nil).session
    #expect(Examples.label(of: judged.turns[1], in: judged, []) == false)
    let doubted = SessionBuilder().ask("?").reply("a").feedback(.challenge, "Sure?").reply("b")
      .session
    #expect(Examples.refused(in: doubted).isEmpty)
  }

  @Test("hindsight draws the frames in turn")
  func frames() throws {
    let sessions = Array(repeating: Samples.documented, count: 3)
    for frame in HindsightFrame.allCases {
      let text = try TranscriptFormat.hindsight.render(
        sessions, options: ExportOptions(frames: [frame])
      ).text
      for (better, worse) in [("Answer: 84", "2 × 7 = 4\\nAnswer: 74")] {
        #expect(text.contains(better) == (frame != .bad), "\(frame)")
        #expect(text.contains(worse) == (frame != .good), "\(frame)")
      }
    }
    let text = try TranscriptFormat.hindsight.render(sessions).text
    #expect(text.contains("A bad answer: ") && text.contains("A good answer: "))
  }
}

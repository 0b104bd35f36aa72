import SessionCore
import TestSupport
import Testing

@testable import Transcripts

@Suite struct AsciicastTests {
  @Test("a session is played turn by turn, replies and verdicts at their own times")
  func tutoring() throws {
    expectGolden(try TranscriptFormat.asciicast.render([Samples.tutoring]).text, "tutoring.cast")
  }

  @Test("each piece of a reply comes when it came; a line break or an emoji is never torn")
  func pieces() throws {
    let session = try played([
      (1000, .replyExtended(text: "one\r", tokens: [1])),
      (1250, .replyExtended(text: "\ntwo 👩\u{200D}", tokens: [2])),
      (1500, .replyExtended(text: "👧", tokens: [3])),
      (1600, .replyFinished(.endOfTurn, statistics)),
    ])
    var stage = CastStage()
    stage.play(session)
    let events = stage.events.suffix(4).map { "\($0.time) \($0.data)" }
    #expect(
      events == ["1000 one", "1250 \r\ntwo 👩\u{200D}", "1500 👧", "1600 \r\n"])
  }

  @Test("a clock that was set back makes the recording wait, not go back")
  func clock() throws {
    let session = try played([
      (900, .replyExtended(text: "a", tokens: [1])), (100, .replyExtended(text: "b", tokens: [2])),
      (950, .replyStopped(.cancelled, nil)),
    ])
    var stage = CastStage()
    stage.play(session)
    #expect(stage.events.map(\.time) == stage.events.map(\.time).sorted())
    #expect(stage.events.map(\.data).joined().contains("ab"))
  }

  @Test("only our own colours are orders to the terminal")
  func hostile() throws {
    let cast = try TranscriptFormat.asciicast.render([Samples.hostile]).text
    expectGolden(cast, "hostile.cast")
    var stage = CastStage()
    stage.play(Samples.hostile)
    for event in stage.events {
      let bare = event.data.replacing(#/\u{1B}\[(0|1|2|35|36|4;36)m/#, with: "")
        .replacing("\r\n", with: "\n")
      expectNothingHidden(bare)
    }
  }

  @Test("a further session clears the screen and goes on two seconds later")
  func several() throws {
    let session = SessionBuilder(title: "Once more").ask("a").reply("b").session
    let lines = try TranscriptFormat.asciicast.render([session, session]).text
      .split(separator: "\n")
    let first = lines.firstIndex { $0.contains(#"\u001b[H\u001b[2J\u001b[3J"#) } ?? 0
    #expect(lines.filter { $0.hasPrefix("{") }.count == 1)
    #expect(lines[first - 1].hasPrefix("[3.000,"))
    #expect(lines[first].hasPrefix("[5.000,"))
  }

  @Test("size and idle limit go into the header")
  func options() throws {
    let options = ExportOptions(
      screen: ScreenOptions(columns: 100, rows: 30, idleLimitSeconds: 1.5))
    let cast = try TranscriptFormat.asciicast.render([Samples.tutoring], options: options).text
    let header =
      #"{"version":2,"width":100,"height":30,"timestamp":1767225601,"idle_time_limit":1.5,"#
    #expect(cast.hasPrefix(header))
  }

  @Test("any recording is a valid one, and times that go back are found")
  func validity() throws {
    var generator = SeededGenerator(seed: SeededGenerator.testSeed(standard: 31))
    for _ in 0..<25 {
      let session = RandomWalk.session(steps: 25, using: &generator).session
      try check(try TranscriptFormat.asciicast.render([session]).text)
    }
    let header = #"{"version":2,"width":80,"height":24}"# + "\n"
    #expect(throws: FormatFault(line: 3, field: "[0]", .broken(.other("times never go back")))) {
      try check(header + "[1.5,\"o\",\"a\"]\n[1.25,\"o\",\"b\"]\n")
    }
    #expect(throws: FormatFault.self) { try check(header + "[1,\"x\",\"a\"]\n") }
    #expect(throws: FormatFault.self) { try check(#"{"version":3,"width":80,"height":24}"#) }
  }

  @Test("a picture of the screen is of one session")
  func picture() throws {
    let options = ExportOptions(
      screen: ScreenOptions(draw: { "<svg>\($0.turns.count) \($1)x\($2)</svg>" }))
    #expect(
      try TranscriptFormat.svg.render([Samples.tutoring], options: options).text
        == "<svg>8 80x24</svg>")
    #expect(throws: TranscriptError.oneSessionOnly("svg")) {
      try TranscriptFormat.svg.render([Samples.tutoring, Samples.tutoring], options: options)
    }
  }

  private let statistics = ReplyStatistics(promptTokens: 1, cachedTokens: 0, generatedTokens: 1)

  /// A question at 0 ms and its reply, with these events after its start.
  private func played(_ events: [(time: Timestamp, event: Event)]) throws -> Session {
    let begun = SessionBuilder().ask("?").openReply("")
    var session = try Session(
      replaying: begun.entries.map { Entry(sequence: $0.sequence, time: 0, event: $0.event) })
    for (time, event) in events {
      try session.apply(Entry(sequence: session.entryCount + 1, time: time, event: event))
    }
    return session
  }

  private func check(_ cast: String) throws {
    var check = AsciicastCheck()
    let lines = Array(cast.utf8).split(separator: UInt8(ascii: "\n"))
    for (number, line) in lines.enumerated() { try check.line(line, number: number + 1) }
    #expect(try check.end(lines: lines.count) == 1)
  }
}

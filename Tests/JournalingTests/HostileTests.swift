import SessionCore
import StrictJSON
import Testing
import TestSupport

@testable import Journaling

@Suite("Hostile journals")
struct HostileTests {
  private static let start = #"{"seq":1,"time":"2026-01-01T00:00:00.000Z","type":"session""#

  private func damage(of content: String) -> JournalDamage? {
    do {
      _ = try JournalReader.read(bytes: Samples.line(content))
      return nil
    } catch JournalError.damaged(_, 1, let damage) {
      return damage
    } catch {
      Issue.record("unexpected \(error)")
      return nil
    }
  }

  @Test("A later schema is refused with its number, whatever else the line says")
  func laterSchema() {
    #expect(throws: JournalError.schemaTooNew(path: "-", found: 6, known: 5)) {
      try JournalReader.read(bytes: Samples.line(Self.start + #","schema":6"#))
    }
  }

  @Test("A type this program does not know is an error that names line and type")
  func unknownType() throws {
    let bytes =
      try Samples.text(Array(Samples.small[..<2]))
      + Samples.line(#"{"seq":3,"time":"2026-01-01T00:00:00.000Z","type":"dreamt""#)
    #expect(throws: JournalError.damaged(path: "-", line: 3, .unknownType("dreamt"))) {
      try JournalReader.read(bytes: bytes)
    }
  }

  @Test("Missing and wrong fields are named")
  func fields() {
    #expect(damage(of: Self.start) == .fieldMissing("schema"))
    #expect(damage(of: Self.start + #","schema":0"#) == .fieldInvalid("schema"))
    #expect(damage(of: Self.start + #","schema":1,"id":7"#) == .fieldInvalid("id"))
    #expect(
      damage(of: Self.start + #","schema":1,"id":"","title":"","seed":7"#)
        == .fieldInvalid("seed"))
    #expect(
      damage(
        of: Self.start
          + #","schema":1,"id":"","title":"","seed":"7","sampling":{"temperature":1e999}"#)
        == .fieldInvalid("sampling.temperature"))
  }

  @Test("A field that is not in the format is an error that names line and field")
  func unknownField() throws {
    let before = try Samples.text(Array(Samples.small[..<2]))
    for (fields, name) in [
      (#","move":"undo","color":"red""#, "color"),
      (#","move":"undo","to":1,"a":{"b":1}"#, "a"),
    ] {
      let line = Samples.line(
        #"{"seq":3,"time":"2026-01-01T00:00:00.000Z","type":"head_moved""# + fields)
      #expect(throws: JournalError.damaged(path: "-", line: 3, .unknownField(name))) {
        try JournalReader.read(bytes: before + line)
      }
    }
    #expect(
      damage(
        of: Self.start
          + #","schema":1,"id":"","title":"","seed":"7","sampling":{"temperature":0.0,"top_k":1"#
          + #","top_p":1.0,"min_p":0.0,"repetition_penalty":1.0,"repetition_window":0"#
          + #","max_tokens":1,"mood":1},"history":"chat","model":"","application":"""#)
        == .unknownField("sampling.mood"))
  }

  @Test(
    "Lines that are not JSON are refused",
    arguments: [
      #","a":01"#, #","a":1."#, #","a":+1"#, #","a":.5"#, #","a":1e"#, #","a":-"#, #","a":NaN"#,
      #","a":tru"#, #","a":"\x""#, #","a":"\u12""#, #","a":"\ud800""#, #","a":"\udc00\ud800""#,
      #","a":"\ud800\u0041""#, ",\"a\":\"\t\"", #","a":[1,]"#, #","a":{"b" 1}"#, #","a""#,
      #","a":"#,
      #","a":1,"a":2"#, #","a":{"b":1,"b":2}"#, ",", #","a":"open"#,
      ",\"a\":" + String(repeating: "9", count: 41),
      ",\"a\":" + String(repeating: "[", count: 100_000),
      ",\"a\":" + String(repeating: "{\"a\":", count: 100_000),
    ])
  func notJSON(_ rest: String) {
    guard case .notJSON = damage(of: Self.start + rest) else {
      Issue.record("accepted")
      return
    }
  }

  @Test("Text that is not UTF-8 is refused")
  func invalidUTF8() {
    for sequence in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x82]] as [[UInt8]] {
      let content = Array(Self.start.utf8) + Array(",\"a\":\"".utf8) + sequence + [0x22]
      let checksum = Checksum.hex(Checksum.crc32c(content))
      let line = content + Array(",\"crc32c\":\"\(checksum)\"}\n".utf8)
      #expect(throws: JournalError.self) { try JournalReader.read(bytes: line) }
    }
  }

  @Test("Surrogate pairs and every escape are understood")
  func escapes() throws {
    let text = #""\ud83d\ude42\u00e9\b\f\n\r\t\/\\\"""#
    #expect(
      try JSONParser.parse(Array(text.utf8)[...])
        == .string("🙂é\u{8}\u{C}\n\r\t/\\\""))
  }

  @Test(
    "Numbers that would overflow later sums are refused",
    arguments: [
      #""spans":[{"writer":"model","bytes":9223372036854775807},{"writer":"model","bytes":9223372036854775807}]"#,
      #""spans":[{"writer":"model","bytes":9007199254740992},{"writer":"model","bytes":9007199254740992}]"#,
      #""spans":[{"writer":"model","bytes":-1}]"#, #""spans":[{"writer":"model","bytes":1}]"#,
      #""spans":[{"writer":"ghost","bytes":2}]"#,
    ])
  func spans(_ spans: String) throws {
    var bytes = try Samples.text(Array(Samples.small[..<2]))
    bytes += Samples.line(
      #"{"seq":3,"time":"2026-01-01T00:00:00.000Z","type":"reply_started","parent":1,"#
        + #""origin":{"kind":"answered"},"kept":"ab",\#(spans)"#)
    #expect(throws: JournalError.self) { try JournalReader.read(bytes: bytes) }
  }

  @Test("Turns that do not exist never crash the fold")
  func unknownTurns() throws {
    for turn in [2, 1 << 53] {
      var bytes = try Samples.text(Array(Samples.small[..<2]))
      bytes += Samples.line(
        #"{"seq":3,"time":"2026-01-01T00:00:00.000Z","type":"head_moved","move":"go","to":\#(turn)"#
      )
      let contents = try JournalReader.read(bytes: bytes)
      #expect(throws: InvalidEntry.self) { try contents.session() }
    }
  }

  @Test("Random bytes and random changes never crash")
  func noise() throws {
    let seed = SeededGenerator.testSeed(standard: 4)
    var generator = SeededGenerator(seed: seed)
    let whole = try Samples.text(Samples.everything)
    for _ in 0..<200 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...20, using: &generator) {
        bytes[Int.random(in: bytes.indices, using: &generator)] =
          UInt8.random(in: 0...255, using: &generator)
      }
      _ = try? JournalReader.read(bytes: bytes).session()
      let noise = (0..<100).map { _ in UInt8.random(in: 0...255, using: &generator) }
      _ = try? JournalReader.read(bytes: noise)
      _ = try? JournalReader.read(bytes: Samples.line(String(decoding: noise, as: UTF8.self)))
    }
  }

  @Test("Valid lines with random fields changed never crash, even with a right checksum")
  func forgeries() throws {
    let seed = SeededGenerator.testSeed(standard: 5)
    var generator = SeededGenerator(seed: seed)
    let lines = try Samples.everything.map { try JournalLine.encode($0) }
    for _ in 0..<800 {
      let index = Int.random(in: lines.indices, using: &generator)
      var content = Array(lines[index].dropLast(22))
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        content[Int.random(in: content.indices, using: &generator)] =
          Array("0123456789-\"[]{},:ae".utf8).randomElement(using: &generator) ?? 0
      }
      var forged = lines
      forged[index] =
        Array("\(String(decoding: content, as: UTF8.self)),\"crc32c\":\"".utf8)
        + Array(Checksum.hex(Checksum.crc32c(content)).utf8) + Array("\"}\n".utf8)
      _ = try? JournalReader.read(bytes: forged.flatMap(\.self)).session()
    }
  }
}

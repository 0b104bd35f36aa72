import TestSupport
import Testing

@testable import Imports

@Suite("Hostile files of conversations")
struct HostileImportTests {
  static let small =
    #"{"conversations":[{"from":"human","value":"é\"}\\"},{"from":"gpt","value":"{"}]}"#

  @Test("Lines, objects after each other and an array are told apart, however the bytes come")
  func layouts() throws {
    let pretty = "{\n \"conversations\": [\n  {\"from\": \"human\",\n \"value\": \"x\"}\n ]\n}"
    for (text, lines) in [
      ("\(Self.small)\n\(Self.small)\n", [1, 2]),
      ("\u{FEFF}\n \(Self.small)\(Self.small)", [2, 2]),
      ("[\(Self.small),\n\n\(Self.small)\n]\n", [1, 3]), ("\(pretty)\n\(pretty)", [1, 7]),
      ("[]", []), ("", []), ("  \n", []), ("[\(pretty)]", [1]),
    ] as [(String, [Int])] {
      for pieces in [1, 2, 3, 64, 4096] {
        #expect(try read(text, as: .sharegpt, pieces: pieces).map(\.line) == lines, "\(text)")
      }
    }
  }

  @Test("Errors name line and field")
  func faults() {
    let ok = Self.small
    for (text, expected) in [
      ("{}", (1, "conversations", ImportFault.Reason.missing)),
      (#"\#(ok)\#n{"conversations":7}"#, (2, "conversations", .wrongType(expected: "an array"))),
      (#"{"conversations":[{"from":"human"}]}"#, (1, "conversations[0].value", .missing)),
      (
        #"{"conversations":[{"from":"human","value":""},{"from":1,"value":""}]}"#,
        (1, "conversations[1].from", .wrongType(expected: "a text"))
      ),
      (#"{"conversations":[7]}"#, (1, "conversations[0]", .wrongType(expected: "an object"))),
      ("\(ok)\nnonsense\n", (2, "", .notAConversation)), ("7", (1, "", .notAConversation)),
      ("[\(ok) \(ok)]", (1, "", .unfinished)), ("[\(ok),", (1, "", .unfinished)),
      ("[\(ok)] \(ok)", (1, "", .notAConversation)), ("\n{", (2, "", .unfinished)),
      ("{\n\"conversations\":\n[,]}", (3, "", .notJSON)),
      (#"{"conversations":[],"conversations":[]}"#, (1, "", .notJSON)),
      (#"{"a":"\ud800"}"#, (1, "", .notJSON)),
    ] as [(String, (Int, String, ImportFault.Reason))] {
      let found = fault(text, as: .sharegpt)
      #expect(
        found == ImportFault(file: "f", line: expected.0, field: expected.1, expected.2), "\(text)")
    }
  }

  @Test("Text that is not UTF-8 is refused with its line")
  func invalidUTF8() throws {
    let bytes = Array("\(Self.small)\n{\"a\":\"".utf8) + [0xFF] + Array("\"}".utf8)
    #expect(throws: ImportError.invalid(ImportFault(file: "f", line: 2, .notUTF8))) {
      try read(bytes, as: .sharegpt)
    }
    #expect(throws: ImportError.invalid(ImportFault(file: "f", line: 2, .notUTF8))) {
      try read(Array("> a\n".utf8) + [0xC0], as: .llamaCLI)
    }
    #expect(throws: ImportError.compressed(file: "f")) {
      try read([0x1F, 0x8B, 8, 0], as: .sharegpt, pieces: 64)
    }
  }

  @Test("A line that is broken does not take the next ones with it")
  func goesOn() throws {
    let lines = [
      Self.small, #"{"conversations":[{"from":"#, Self.small, #"{"a":"never closed"#, "x",
      Self.small,
    ]
    var source = try ImportFile.source(
      of: .sharegpt, file: "f",
      read: inPieces(Array(lines.joined(separator: "\n").utf8), of: 5))
    var found: [Int] = []
    var bad: [Int] = []
    while true {
      do {
        guard let next = try source.next() else { break }
        found.append(next.line)
      } catch ImportError.invalid(let fault) {
        bad.append(fault.line)
      }
    }
    #expect(found == [1, 3, 6])
    #expect(bad == [2, 4, 5])
  }

  @Test("What exceeds a limit is refused without being kept")
  func limits() throws {
    let long = String(repeating: "x", count: ImportLimits.conversationBytesMax)
    #expect(
      fault(#"{"conversations":[{"from":"human","value":"\#(long)"}]}"#, as: .sharegpt)?.reason
        == .conversationTooLarge(bytesMax: ImportLimits.conversationBytesMax))
    let text = String(long.prefix(ImportLimits.textBytesMax + 1))
    #expect(
      fault(#"{"conversations":[{"from":"human","value":"\#(text)"}]}"#, as: .sharegpt)
        == ImportFault(
          file: "f", line: 1, field: "conversations[0]",
          .textTooLong(bytesMax: ImportLimits.textBytesMax)))
    let many = Array(
      repeating: #"{"from":"human","value":"x"}"#, count: ImportLimits.messagesMax + 1)
    #expect(
      fault(#"{"conversations":[\#(many.joined(separator: ","))]}"#, as: .sharegpt)?.reason
        == .tooManyMessages(max: ImportLimits.messagesMax))
  }

  @Test("Nesting is limited, and what is allowed does not exhaust the stack")
  func depth() throws {
    for levels in [400, 600, 100_000] {
      let open = #"{"text":"x","role":"prompter","replies":["#
      let text =
        #"{"message_tree_id":"t","prompt":"# + String(repeating: open, count: levels)
        + String(repeating: "]}", count: levels) + "}"
      if levels < 500 {
        #expect(try read(text, as: .oasst, pieces: 4096).first?.messages.count == levels)
      } else {
        #expect(fault(text, as: .oasst)?.reason == .notJSON)
      }
    }
  }

  @Test("Random bytes and random changes never crash", arguments: ImportFormat.allCases)
  func noise(format: ImportFormat) throws {
    guard format != .llm else { return }
    var generator = SeededGenerator(seed: SeededGenerator.testSeed(standard: 32))
    let whole = Array((Self.small + "\n" + FormatReadingTests.tree + "\n\n> x\n\ny\n").utf8)
    for _ in 0..<200 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...10, using: &generator) {
        bytes[Int.random(in: bytes.indices, using: &generator)] =
          Array("\"{}[],:\\>\n\u{1B}[".utf8).randomElement(using: &generator) ?? 0
      }
      for conversation in (try? read(bytes, as: format, pieces: 16)) ?? [] {
        if !conversation.messages.isEmpty { _ = try conversation.session() }
      }
    }
  }
}

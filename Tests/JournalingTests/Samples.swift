import SessionCore
import TestSupport

@testable import Journaling

/// Sessions that between them hold every kind of record.
enum Samples {
  /// Every event type, both stop causes with a word, every origin and author.
  static var everything: [Entry] {
    let header = SessionHeader(
      id: "0123456789abcdef0123456789abcdef", title: "Products", seed: 7, sampling: Sampling(),
      model: "tutor", application: "terntable 0.1.0",
      provenance: Provenance(
        script: "try-again", arm: "unary", problem: "12x7", replayOf: "89abcdef",
        forkedFrom: ForkOrigin(session: "fedcba98", turn: TurnID(3))))
    return SessionBuilder(header: header)
      .instruct("Answer with a number.")
      .ask("What is 12 × 7?", expecting: .number("84"))
      .reply("12 × 7 = 83\nAnswer: 83").judge(.wrong, "83")
      .feedback(.unary, "Try again.", author: .script)
      .reply("Answer: 82", stopped: .cancelled).judge(.noAnswer, nil)
      .edit(.replace(old: "82", new: "70 + "))
      .reply("14 = 84").judge(.right, "84")
      .regenerate().reply("Answer:", end: .length)
      .rate(.up).rate(.stars(4)).note("Better.", on: TurnID(1))
      .undo().go(TurnID(2))
      .feedback(.critique, "Check 2 × 7.", author: .model("critic"), on: TurnID(2))
      .reply("Answer: 84", stopped: .failed("out_of_memory"))
      .feedback(.challenge, "Are you sure?", author: .judge(intent: "mislead", knowledge: "gold"))
      .reply("Yes", stopped: .interrupted)
      .ask("exact", expecting: .exact("ok")).reply("ok")
      .ask("regex", expecting: .regex("^o")).reply("ok", end: .contextFull)
      .ask("within", expecting: .numberWithin("3.14", tolerance: "0.01")).reply("ok")
      .ask("any of", expecting: .anyOf(["Paris", "the city of Paris"])).reply("ok")
      .ask("boxed", expecting: .boxed("\\frac{1}{2}")).reply("ok")
      .ask("choice", expecting: .choice("B")).reply("ok")
      .ask("cells", expecting: .cells(["1: Ann, red", "2: Ben, blue"])).reply("ok")
      .ask("task", expecting: .task("multiplication:36,47")).reply("ok")
      .ask("command", expecting: .command("grep -q ok")).reply("ok")
      .ask("judge", expecting: .judge(question: "Is it polite?", reference: "ok")).reply("ok")
      .ask("judge", expecting: .judge(question: "Is it polite?", reference: nil)).reply("ok")
      .performing(.tag("#arithmetic", on: TurnID(1)))
      .performing(.tag("arithmetic", on: TurnID(1), isSet: false))
      .performing(.bookmark(TurnID(2))).undo().performing(.redo)
      .performing(.rate(nil, of: TurnID(6)))
      .go(TurnID(2))
      .edit(
        .beginning(
          InPlaceEdit.Start(
            kept: "12 × 7 = 84",
            spans: [AuthoredSpan(.model, bytes: 11), AuthoredSpan(.person, bytes: 1)],
            tokens: KeptTokens(start: 0, identifiers: [2, 2, 1, 4]))), of: TurnID(2)
      )
      .reply("\nAnswer: 84")
      .performing(.vote(Vote(.b, a: TurnID(4), b: TurnID(5))))
      .performing(
        .set(
          SettingsChange(
            model: "tutor-f16", seed: 8, sampling: Sampling(temperature: 0.2),
            history: .singleMessage,
            wordings: Wordings(tryAgain: "That is wrong. Again.", critique: "Mind: {text}"),
            preset: "careful"))
      )
      .performing(.set(SettingsChange(seed: 9)))
      .feedback(.unary, "That is wrong. Again.").reply("84")
      .entries
  }

  /// Two questions, imported; the first was answered only.
  static var imported: [Entry] {
    let header = SessionHeader(
      id: "89abcdef0123456789abcdef01234567", title: "Hello", seed: 1, sampling: Sampling(),
      model: "another-model", application: "terntable 0.1.0",
      provenance: Provenance(
        imported: ImportOrigin(
          format: "sharegpt", file: "talks.json", record: 3, conversation: "c-17", dropped: 2)))
    let asked = { (parent: TurnID?, text: String) in
      Event.promptAdded(
        PromptAdded(parent: parent, role: .user, origin: .asked(nil), text: text))
    }
    let reply = { (parent: Int, text: String) -> [Event] in
      [
        .replyStarted(ReplyStarted(parent: TurnID(parent), origin: .answered, recipe: nil)),
        .replyExtended(text: text, tokens: []), .replyFinished(.endOfTurn, nil),
      ]
    }
    let events =
      [.sessionStarted(header), asked(nil, "Hello")] + reply(0, "Good morning.")
      + [asked(TurnID(1), "Bye")] + reply(2, "Goodbye.")
    return events.enumerated().map {
      Entry(sequence: $0 + 1, time: VirtualClock.start + Timestamp($0) * 1000, event: $1)
    }
  }

  /// The beginning of ``small``, for tests that try every byte.
  static var few: [Entry] { Array(small[..<6]) }

  /// Three turns, with text outside ASCII and control characters.
  static var small: [Entry] {
    SessionBuilder(seed: .max, title: "Tab\there")
      .ask("\u{1B}[31m \"12 × 7\" \\ 🙂\u{0}?").reply("Ja\u{308}\n83")
      .feedback(.unary).reply("84").entries
  }

  static func text(_ entries: [Entry]) throws -> [UInt8] {
    var bytes: [UInt8] = []
    for entry in entries { bytes += try JournalLine.encode(entry) }
    return bytes
  }

  /// One line of a journal with the right checksum, whatever stands in it.
  static func line(_ content: String) -> [UInt8] {
    let checksum = Checksum.hex(Checksum.crc32c(content.utf8))
    return Array("\(content),\"crc32c\":\"\(checksum)\"}\n".utf8)
  }
}

extension Checksum {
  static func crc32c(_ bytes: some Sequence<UInt8>) -> UInt32 { crc32c(Array(bytes)[...]) }
}

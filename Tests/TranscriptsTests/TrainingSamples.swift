import Foundation
import SessionCore
import StrictJSON
import TestSupport

@testable import Transcripts

/// Sessions for the formats of trainers, and how their files are checked.
extension Samples {
  /// Every kind of feedback, edit, rating and verdict; several questions, several branches.
  static var everything: Session {
    let first = SessionBuilder(
      seed: 9, id: "e1", title: "Everything",
      provenance: Provenance(script: "everything", arm: "mixed", problem: "12x7")
    )
    .instruct("You are a tutor.")
    .ask("What is 12 × 7?", expecting: .number("84"))
    .reply("12 = 10 + 2\n2 × 7 = 4\nAnswer: 74").judge(.wrong, "74")
    let wrong = first.session.lastReply?.id ?? TurnID(0)
    let builder =
      first
      .feedback(.unary).reply("12 = 10 + 2\nAnswer: 84").judge(.right, "84").rate(.up)
      .ask("And 13 × 7?").reply("Answer: 91").rate(.stars(4))
      .feedback(.challenge, "Are you sure?").reply("Sorry.\nAnswer: 81").judge(.wrong, "81")
      .go(wrong).feedback(.critique, "2 × 7 is not 4.", author: .model("critic"), on: wrong)
      .reply("2 × 7 = 14\nAnswer: 84").judge(.right, "84").note("Well done.")
      .go(wrong).regenerate(wrong).reply("Answer: 80").judge(.wrong, "80").rate(.down)
      .regenerate().reply("Answer: 84").judge(.right, "84").rate(.stars(5))
      .regenerate().reply("Hm", stopped: .cancelled)
      .go(wrong).edit(.replace(old: "2 × 7 = 4", new: "2 × 7 = 14"), of: wrong)
      .reply("\n70 + 14 = 84\nAnswer: 84")
      .ask("Never answered?")
    return withTarget(18..<22, of: wrong, in: builder)
  }

  /// The critiques of a reply name these bytes of it; no command does that yet.
  private static func withTarget(
    _ target: Range<Int>, of reply: TurnID, in builder: SessionBuilder
  ) -> Session {
    let entries = builder.entries.map { entry in
      guard case .promptAdded(var prompt) = entry.event,
        case .feedback(var feedback) = prompt.origin, feedback.kind == .critique
      else { return entry }
      feedback.target = target
      prompt.origin = .feedback(feedback)
      return Entry(sequence: entry.sequence, time: entry.time, event: .promptAdded(prompt))
    }
    do {
      return try Session(replaying: entries)
    } catch {
      preconditionFailure("a target breaks a session: \(error)")
    }
  }

  /// A short one whose every export fits the document.
  static var documented: Session {
    let first = SessionBuilder(
      seed: 3, id: "5e551a", title: "12 × 7",
      provenance: Provenance(script: "demo", arm: "critique", problem: "12x7")
    )
    .ask("What is 12 × 7?", expecting: .number("84"))
    .reply("2 × 7 = 4\nAnswer: 74").judge(.wrong, "74")
    let wrong = first.session.lastReply?.id ?? TurnID(0)
    return
      first.regenerate().reply("Answer: 84").judge(.right, "84").go(wrong)
      .edit(.replace(old: "= 4", new: "= 14"), of: wrong).reply("\nAnswer: 84").go(wrong)
      .feedback(.critique, "2 × 7 is 14.", on: wrong)
      .reply("2 × 7 = 14\nAnswer: 84").judge(.right, "84").rate(.up).session
  }

  /// All pairs of a session at once.
  static func pairs(of session: Session, _ output: inout ExportOutput) -> [Examples.Pair] {
    var pairs: [Examples.Pair] = []
    Examples.eachPair(of: session, &output) { pair, _ in pairs.append(pair) }
    return pairs
  }

  static let trainingFormats = TranscriptFormat.allCases.filter {
    $0.details.purpose == .training
  }
}

/// The number of records in a text of that format.
/// - Throws: ``FormatFault`` when it is not of the format.
func records(in text: String, as format: TranscriptFormat) throws -> Int {
  guard case .lines(let make) = format.details.check else { return 0 }
  var check = make()
  let bytes = Array(text.utf8)
  var number = 0
  for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    .dropLast(bytes.isEmpty || bytes.last == UInt8(ascii: "\n") ? 1 : 0)
  {
    number += 1
    try check.line(line, number: number)
  }
  return try check.end(lines: number)
}

/// The lines of JSON Lines.
func values(_ text: String) throws -> [JSONValue] {
  try text.utf8.split(separator: UInt8(ascii: "\n")).map {
    try JSONParser.parse(Array($0)[...], depthMax: 2000)
  }
}

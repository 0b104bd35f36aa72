import SessionCore
import StrictJSON

/// Replies with marked parts: what a critique is about, what an edit replaced, who wrote which
/// part of an edited reply.
///
/// The form is this program's own: no published data set has one that holds all of these.
/// `start` and `end` count Unicode code points, as Python's strings do.
enum Spans {
  static let details = FormatDetails(
    .training, "JSON Lines, replies with marked parts: criticised, replaced, kept, written",
    fileExtension: "jsonl", source: "docs/formats/exports.md (its own)",
    readers: "anything that reads JSON Lines",
    noPlaceFor: [.verdicts, .ratings, .votes, .notes, .recipes, .times, .provenance],
    check: .jsonLines(
      .object(
        JSONField("prompt", ChatShape.prompt), JSONField("reply", .nonEmptyText),
        JSONField("spans", .array(span, atLeast: 1))), rule: spansFit),
    make: { _ in
      LineExport { session, output in
        let marks = marks(in: session)
        for reply in session.turns where reply.role == .assistant && !reply.text.isEmpty {
          let own = authored(reply) + (marks[reply.id] ?? [])
          guard !own.isEmpty else {
            output.leaveOut(.unlabelled)
            continue
          }
          let prompt = session.path(to: reply.parent)
          output.line(
            .object([
              JSONMember("prompt", ChatShape.messages(prompt)),
              JSONMember("reply", .string(reply.text)),
              JSONMember("spans", .array(own.map { $0.value(in: reply.text) })),
            ]), using: prompt.map(\.id) + [reply.id] + own.compactMap(\.turn))
        }
      }
    })

  /// Bytes of a reply, and what is to be said of them.
  private struct Mark {
    var range: Range<Int>
    var label: String
    var comment: String?
    /// The turn that says it.
    var turn: TurnID?

    func value(in text: String) -> JSONValue {
      let bytes = Array(text.utf8)
      // A byte begins a code point unless it goes on with one.
      let count = { (end: Int) in bytes[..<min(end, bytes.count)].count { $0 & 0xC0 != 0x80 } }
      var members = [
        JSONMember("start", .integer(count(range.lowerBound))),
        JSONMember("end", .integer(count(range.upperBound))),
        JSONMember("label", .string(label)),
      ]
      if let comment { members.append(JSONMember("comment", .string(comment))) }
      return .object(members)
    }
  }

  private static func authored(_ reply: Turn) -> [Mark] {
    guard case .continued = reply.origin else { return [] }
    var start = 0
    return Authorship.parts(of: reply).map { part, text in
      defer { start += text.utf8.count }
      let label =
        switch part {
        case .kept: "kept"
        case .person: "written"
        case .model: "continued"
        }
      return Mark(range: start..<start + text.utf8.count, label: label)
    }
  }

  private static func marks(in session: Session) -> [TurnID: [Mark]] {
    var marks: [TurnID: [Mark]] = [:]
    for turn in session.turns {
      if let feedback = turn.feedback, let target = feedback.target {
        marks[feedback.on, default: []].append(
          Mark(range: target, label: "criticised", comment: turn.text, turn: turn.id))
      }
      if case .continued(let original, _) = turn.origin, let before = session[original] {
        let same = zip(before.text.unicodeScalars, turn.text.unicodeScalars)
          .prefix { $0 == $1 }.reduce(0) { $0 + UTF8.width($1.0) }
        guard same < before.text.utf8.count else { continue }
        marks[original, default: []].append(
          Mark(range: same..<before.text.utf8.count, label: "replaced"))
      }
    }
    return marks
  }

  private static let span = JSONShape.object(
    JSONField("start", .count), JSONField("end", .count),
    JSONField("label", .word(["criticised", "replaced", "kept", "written", "continued"])),
    JSONField("comment", .text, optional: true))

  private static let spansFit: JSONRule = { record throws(FormatFault) in
    guard case .string(let reply) = record["reply"], case .array(let spans) = record["spans"]
    else { return }
    let length = reply.unicodeScalars.count
    for (index, span) in spans.enumerated() {
      guard case .number(let start) = span["start"], case .number(let end) = span["end"],
        let start = Int(start), let end = Int(end), start <= end, end <= length
      else {
        let words = "begins or ends outside the reply"
        throw FormatFault(field: "spans[\(index)]", .broken(.other(words)))
      }
    }
  }
}

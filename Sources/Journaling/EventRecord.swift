import SessionCore
import StrictJSON

/// An event as it stands on a line: its type's word and its fields, in the order they are written.
///
/// The wire form is spelt out by hand and separate from ``SessionCore/Event``; changing either
/// never changes the other silently. `docs/formats/journal.md` describes every record.
struct EventRecord {
  /// The schema this program writes, and the latest it reads.
  static let schema = 5

  var type: String
  var fields: [JSONMember]

  /// - Throws: ``Unwritable`` when a number has no JSON spelling.
  init(_ event: Event) throws(Unwritable) {
    switch event {
    case .sessionStarted(let header): (type, fields) = ("session", try header.wire())
    case .promptAdded(let prompt): (type, fields) = ("prompt_added", prompt.wire())
    case .replyStarted(let reply): (type, fields) = ("reply_started", try reply.wire())
    case .replyExtended(let text, let tokens):
      type = "reply_extended"
      fields = [
        JSONMember("text", .string(text)),
        JSONMember("tokens", .array(tokens.map { .integer($0) })),
      ]
    case .replyFinished(let end, let statistics):
      type = "reply_finished"
      fields = [JSONMember("end", .word(end, .replyEnds))]
      fields.add("statistics", try statistics?.wire())
    case .replyStopped(let cause, let statistics):
      type = "reply_stopped"
      fields = [JSONMember("cause", cause.wire)]
      fields.add("statistics", try statistics?.wire())
    case .headMoved(let target, let move):
      type = "head_moved"
      fields = [JSONMember("move", .word(move, .headMoves))]
      fields.add("to", target.map { .turn($0) })
    case .rated(let turn, let rating, let author):
      type = "rated"
      fields = [
        JSONMember("turn", .turn(turn)), JSONMember("rating", rating?.wire ?? .string("none")),
        JSONMember("author", author.wire),
      ]
    case .noted(let turn, let note, let author):
      type = "noted"
      fields = [
        JSONMember("turn", .turn(turn)), JSONMember("text", .string(note)),
        JSONMember("author", author.wire),
      ]
    case .tagged(let turn, let tag, let isSet, let author):
      type = "tagged"
      fields = [
        JSONMember("turn", .turn(turn)), JSONMember("tag", .string(tag)),
        JSONMember("set", .bool(isSet)), JSONMember("author", author.wire),
      ]
    case .bookmarked(let turn, let isSet, let author):
      type = "bookmarked"
      fields = [
        JSONMember("turn", .turn(turn)), JSONMember("set", .bool(isSet)),
        JSONMember("author", author.wire),
      ]
    case .judged(let turn, let verdict):
      type = "judged"
      fields = [JSONMember("turn", .turn(turn))] + (try verdict.wire())
    case .voted(let vote): (type, fields) = ("voted", vote.wire)
    case .settingsChanged(let change): (type, fields) = ("settings_changed", try change.wire())
    }
  }

  /// - Throws: ``JournalDamage/unknownType(_:)`` or what is wrong with a field.
  static func event(_ type: String, _ fields: Fields) throws(JournalDamage) -> Event {
    switch type {
    case "session": return .sessionStarted(try SessionHeader(wire: fields))
    case "prompt_added": return .promptAdded(try PromptAdded(wire: fields))
    case "reply_started": return .replyStarted(try ReplyStarted(wire: fields))
    case "reply_extended":
      return .replyExtended(
        text: try fields.string("text"), tokens: try fields.tokens("tokens"))
    case "reply_finished":
      return .replyFinished(
        try fields.word("end", .replyEnds), try ReplyStatistics(optionalIn: fields))
    case "reply_stopped":
      return .replyStopped(
        try StopCause(wire: fields, "cause"), try ReplyStatistics(optionalIn: fields))
    case "head_moved":
      return .headMoved(
        to: try fields.optionalTurn("to"), try fields.word("move", .headMoves))
    case "rated":
      return .rated(
        try fields.turn("turn"), try Rating(optionalWire: fields, "rating"),
        author: try Feedback.Author(wire: fields, "author"))
    case "noted":
      return .noted(
        try fields.turn("turn"), try fields.string("text"),
        author: try Feedback.Author(wire: fields, "author"))
    case "tagged":
      return .tagged(
        try fields.turn("turn"), try fields.string("tag"), isSet: try fields.bool("set"),
        author: try Feedback.Author(wire: fields, "author"))
    case "bookmarked":
      return .bookmarked(
        try fields.turn("turn"), isSet: try fields.bool("set"),
        author: try Feedback.Author(wire: fields, "author"))
    case "voted": return .voted(try Vote(wire: fields))
    case "settings_changed": return .settingsChanged(try SettingsChange(wire: fields))
    case "judged": return .judged(try fields.turn("turn"), try Verdict(wire: fields))
    default: throw .unknownType(type)
    }
  }
}

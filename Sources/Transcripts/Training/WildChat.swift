import Crypto
import SessionCore
import StrictJSON

/// Conversations in the shape of WildChat-1M. What only its makers could know (toxicity,
/// language, place, address) is null or left out.
///
/// Source of the field names: the card of allenai/WildChat-1M.
enum WildChat {
  static let details = FormatDetails(
    .training, "JSON Lines, one conversation a line in the shape of WildChat-1M",
    fileExtension: "jsonl", source: "allenai/WildChat-1M, its card",
    readers: "what reads WildChat; datasets",
    noPlaceFor: [
      .verdicts, .ratings, .votes, .notes, .feedbackDetails, .authorship, .recipes, .provenance,
    ],
    check: .jsonLines(
      .open(
        JSONField("conversation_hash", .nonEmptyText), JSONField("model", .text),
        JSONField("timestamp", .nullable(.text)),
        JSONField("conversation", .array(message, atLeast: 1)), JSONField("turn", .count),
        JSONField("language", .nullable(.text)), JSONField("toxic", .nullable(.bool)),
        JSONField("redacted", .nullable(.bool)))),
    make: { options in
      LineExport { session, output in
        for end in Conversations.ends(of: session, options.branches) {
          // The shape knows people and models only.
          let path = session.path(to: end).filter { $0.role != .system }
          output.line(record(path, in: session, options), using: path.map(\.id))
        }
      }
    })

  private static func record(
    _ path: [Turn], in session: Session, _ options: ExportOptions
  ) -> JSONValue {
    let model = path.last?.recipe?.model.name ?? session.header.model
    return .object([
      JSONMember("conversation_hash", .string(hash(path))),
      JSONMember("model", .string(model)),
      JSONMember("timestamp", time(path.last)),
      JSONMember(
        "conversation",
        .array(
          path.map { turn in
            .object([
              JSONMember("content", .string(turn.text)),
              JSONMember("role", .string(turn.role.rawValue)),
              JSONMember("language", .null), JSONMember("toxic", .null),
              JSONMember("redacted", .bool(options.isScrubbed)),
              JSONMember("timestamp", turn.role == .assistant ? time(turn) : .null),
              JSONMember("turn_identifier", .integer(turn.id.position + 1)),
            ])
          })),
      JSONMember("turn", .integer(path.count { $0.role == .assistant })),
      JSONMember("language", .null), JSONMember("toxic", .null),
      JSONMember("redacted", .bool(options.isScrubbed)),
    ])
  }

  /// 32 hexadecimal digits of the SHA-256 of roles and texts, as long as WildChat's own.
  private static func hash(_ path: [Turn]) -> String {
    var hash = SHA256()
    for turn in path {
      for part in [turn.role.rawValue, turn.text] {
        hash.update(data: Array("\(part.utf8.count):".utf8) + Array(part.utf8))
      }
    }
    return hash.finalize().prefix(16)
      .map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }

  /// `2026-01-01 00:00:00+00:00`.
  private static func time(_ turn: Turn?) -> JSONValue {
    guard let text = turn.flatMap({ TimestampText.rfc3339($0.time) }) else { return .null }
    return .string("\(text.prefix(10)) \(text.dropFirst(11).prefix(8))+00:00")
  }

  private static let message = JSONShape.open(
    JSONField("content", .text), JSONField("role", .word(["user", "assistant"])),
    JSONField("language", .nullable(.text), optional: true),
    JSONField("toxic", .nullable(.bool), optional: true),
    JSONField("redacted", .nullable(.bool), optional: true),
    JSONField("timestamp", .nullable(.text), optional: true),
    JSONField("turn_identifier", .nullable(.count), optional: true))
}

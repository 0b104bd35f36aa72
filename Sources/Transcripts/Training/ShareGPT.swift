import SessionCore
import StrictJSON

/// Conversations in the form of ShareGPT, which many older trainers read.
///
/// Source of the field names: axolotl, `docs/dataset-formats/conversation.qmd`.
enum ShareGPT {
  static let details = FormatDetails(
    .training, "JSON Lines, one conversation a line, as ShareGPT wrote them",
    fileExtension: "jsonl", source: "axolotl, docs/dataset-formats/conversation.qmd",
    readers: "axolotl, LLaMA-Factory, FastChat", noPlaceFor: .allButText,
    check: .jsonLines(
      .open(
        JSONField(
          "conversations",
          .array(
            .open(
              JSONField("from", .word(["system", "human", "gpt"])), JSONField("value", .text)),
            atLeast: 1)))),
    make: { options in
      LineExport { session, output in
        for end in Conversations.ends(of: session, options.branches) {
          let path = session.path(to: end)
          let messages = path.map { turn in
            JSONValue.object([
              JSONMember("from", .string(name(turn.role))),
              JSONMember("value", .string(turn.text)),
            ])
          }
          output.line(
            .object([JSONMember("conversations", .array(messages))]), using: path.map(\.id))
        }
      }
    })

  private static func name(_ role: Role) -> String {
    switch role {
    case .system: "system"
    case .user: "human"
    case .assistant: "gpt"
    }
  }
}

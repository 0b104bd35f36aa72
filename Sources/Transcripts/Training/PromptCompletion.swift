import SessionCore
import StrictJSON

/// The last attempt at each question with what led to it, as TRL's prompt-completion form: loss
/// falls on the completion only. A reply known to be bad is left out.
///
/// Source of the field names: TRL, `docs/source/dataset_formats.md`.
enum PromptCompletion {
  static let details = FormatDetails(
    .training, "JSON Lines, the last attempt at each question with its prompt (TRL)",
    fileExtension: "jsonl", source: "TRL, docs/source/dataset_formats.md, prompt-completion",
    readers: "TRL SFTTrainer, datasets", noPlaceFor: .allButText,
    check: .jsonLines(
      .object(
        JSONField("prompt", ChatShape.prompt), JSONField("completion", ChatShape.oneReply),
        JSONField("tools", .any, optional: true))),
    make: { options in
      LineExport { session, output in
        let current = Set(session.current.map(\.id))
        let refused = Examples.refused(in: session)
        for reply in session.leafReplies
        where options.branches == .all || current.contains(reply.id) {
          guard Examples.isWhole(reply) else {
            output.leaveOut(.cutReplies)
            continue
          }
          guard Examples.label(of: reply, in: session, refused) != false else {
            output.leaveOut(.badReplies)
            continue
          }
          output.line(
            record(session.path(to: reply.parent), reply),
            using: session.path(to: reply.id).map(\.id))
        }
      }
    })

  static func record(_ prompt: [Turn], _ reply: Turn) -> JSONValue {
    .object([
      JSONMember("prompt", ChatShape.messages(prompt)),
      JSONMember("completion", ChatShape.messages([reply])),
    ])
  }
}

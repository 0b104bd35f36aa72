import SessionCore
import StrictJSON

/// From a reply and a critique of it to the better reply, as TRL's prompt-completion form: the
/// prompt ends with the critique. A reply known to be bad is left out, as is one that a critique
/// did not lead to.
///
/// Source of the field names: TRL, `docs/source/dataset_formats.md`.
enum Refinement {
  static let details = FormatDetails(
    .training, "JSON Lines, a reply, its critique and the better reply (TRL)",
    fileExtension: "jsonl", source: "TRL, docs/source/dataset_formats.md, prompt-completion",
    readers: "TRL SFTTrainer, datasets", noPlaceFor: .allButText,
    check: .jsonLines(
      .object(
        JSONField("prompt", .ruled(.array(ChatShape.message, atLeast: 3), endsWithCritique)),
        JSONField("completion", ChatShape.oneReply))),
    make: { _ in
      LineExport { session, output in
        let refused = Examples.refused(in: session)
        for reply in session.turns where reply.role == .assistant {
          guard let parent = reply.parent.flatMap({ session[$0] }),
            parent.feedback?.kind == .critique
          else { continue }
          guard Examples.isWhole(reply) else {
            output.leaveOut(.cutReplies)
            continue
          }
          guard Examples.label(of: reply, in: session, refused) != false else {
            output.leaveOut(.badReplies)
            continue
          }
          let prompt = session.path(to: parent.id)
          output.line(
            PromptCompletion.record(prompt, reply), using: prompt.map(\.id) + [reply.id])
        }
      }
    })

  private static let endsWithCritique: JSONRule = { prompt throws(FormatFault) in
    guard ChatShape.roles(of: prompt).suffix(2) == ["assistant", "user"] else {
      throw FormatFault(.broken(.other("has to end with a reply and its critique")))
    }
  }
}

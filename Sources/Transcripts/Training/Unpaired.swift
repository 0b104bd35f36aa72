import SessionCore
import StrictJSON

/// Replies with a thumb up or down: TRL's unpaired preference form, for KTO and BCO.
///
/// Source of the field names: TRL, `docs/source/dataset_formats.md`.
enum Unpaired {
  static let details = FormatDetails(
    .training, "JSON Lines, replies labelled good or bad, for KTO (TRL)", fileExtension: "jsonl",
    source: "TRL, docs/source/dataset_formats.md, unpaired preference",
    readers: "TRL KTOTrainer, datasets", noPlaceFor: .allButLabels,
    check: .jsonLines(
      .object(
        JSONField("prompt", ChatShape.prompt), JSONField("completion", ChatShape.oneReply),
        JSONField("label", .bool), JSONField("tools", .any, optional: true))),
    make: { _ in
      LineExport { session, output in
        for (reply, isGood) in Examples.labelled(of: session, &output) {
          let prompt = session.path(to: reply.parent)
          output.line(
            .object([
              JSONMember("prompt", ChatShape.messages(prompt)),
              JSONMember("completion", ChatShape.messages([reply])),
              JSONMember("label", .bool(isGood)),
            ]), using: prompt.map(\.id) + [reply.id])
        }
      }
    })
}

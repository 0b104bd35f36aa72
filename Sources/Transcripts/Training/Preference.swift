import SessionCore
import StrictJSON

/// Pairs of replies to one prompt, of which one is better: TRL's preference form with an explicit
/// prompt, for DPO, CPO and ORPO. One pair a turn, one message a side.
///
/// Source of the field names: TRL, `docs/source/dataset_formats.md`.
enum Preference {
  static let details = FormatDetails(
    .training, "JSON Lines, pairs of a better and a worse reply, for DPO (TRL)",
    fileExtension: "jsonl", source: "TRL, docs/source/dataset_formats.md, preference",
    readers: "TRL DPOTrainer, datasets", noPlaceFor: .allButLabels,
    check: .jsonLines(
      .object(
        JSONField("prompt", ChatShape.prompt), JSONField("chosen", ChatShape.oneReply),
        JSONField("rejected", ChatShape.oneReply), JSONField("tools", .any, optional: true)),
      rule: ChatShape.differ("chosen", "rejected")),
    make: { _ in
      LineExport { session, output in
        Examples.eachPair(of: session, &output) { pair, output in
          output.line(
            .object([
              JSONMember("prompt", ChatShape.messages(pair.prompt)),
              JSONMember("chosen", ChatShape.messages([pair.chosen])),
              JSONMember("rejected", ChatShape.messages([pair.rejected])),
            ]), using: pair.turns)
        }
      }
    })
}

extension Examples.Pair {
  /// Every turn that stands in a record of the pair.
  var turns: [TurnID] { prompt.map(\.id) + [chosen.id, rejected.id] }
}

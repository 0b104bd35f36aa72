import SessionCore
import StrictJSON

/// Better and worse replies as positive and negative examples for the CRINGE loss (arXiv
/// 2211.05826): two lines a pair, the positive one first.
///
/// Source of the field names: ParlAI, `parlai/utils/conversations.py` (`dialog`, `id`, `text`)
/// and `projects/cringe` (`is_ltr`, `classifier_label`). That ParlAI's own teacher reads this
/// file is UNVERIFIED.
enum Cringe {
  static let details = FormatDetails(
    .training, "JSON Lines, positive and negative replies for the CRINGE loss (ParlAI)",
    fileExtension: "jsonl", source: "ParlAI, parlai/utils/conversations.py and projects/cringe",
    readers: "ParlAI (UNVERIFIED)", noPlaceFor: .allButLabels,
    check: .jsonLines(
      .object(
        JSONField("dialog", .array(.array(message, atLeast: 2), atLeast: 1)),
        JSONField("is_ltr", .bool), JSONField("classifier_label", .word(["pos", "neg"])))),
    make: { _ in
      LineExport { session, output in
        Examples.eachPair(of: session, &output) { pair, output in
          for (reply, label) in [(pair.chosen, "pos"), (pair.rejected, "neg")] {
            output.line(
              .object([
                JSONMember(
                  "dialog",
                  .array([
                    .array([
                      message("user", PlainPrompt.text(pair.prompt)), message("model", reply.text),
                    ])
                  ])),
                JSONMember("is_ltr", .bool(true)), JSONMember("classifier_label", .string(label)),
              ]), using: pair.prompt.map(\.id) + [reply.id])
          }
        }
      }
    })

  private static func message(_ id: String, _ text: String) -> JSONValue {
    .object([JSONMember("id", .string(id)), JSONMember("text", .string(text))])
  }

  private static let message = JSONShape.open(
    JSONField("id", .nonEmptyText), JSONField("text", .text))
}

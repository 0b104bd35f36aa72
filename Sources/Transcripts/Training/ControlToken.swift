import SessionCore
import StrictJSON

/// Replies behind a control token that says whether they are good or bad, so that a model can be
/// asked for good ones. The token stands at the head of the last user message.
///
/// Source of the method and of the tokens `<|good|>` and `<|bad|>`: Korbak and others,
/// *Pretraining Language Models with Human Preferences* (arXiv 2302.08582), conditional training;
/// of the field names: TRL, `docs/source/dataset_formats.md`.
enum ControlToken {
  static let good = "<|good|>"
  static let bad = "<|bad|>"

  static let details = FormatDetails(
    .training, "JSON Lines, replies behind <|good|> or <|bad|> (TRL prompt-completion)",
    fileExtension: "jsonl", source: "TRL, docs/source/dataset_formats.md, prompt-completion",
    readers: "TRL SFTTrainer, datasets", noPlaceFor: .allButLabels,
    check: .jsonLines(
      .object(
        JSONField("prompt", .ruled(ChatShape.prompt, hasToken)),
        JSONField("completion", ChatShape.oneReply))),
    make: { _ in
      LineExport { session, output in
        for (reply, isGood) in Examples.labelled(of: session, &output) {
          let path = session.path(to: reply.parent)
          var messages = path.map { ChatShape.message($0.role, $0.text) }
          guard let last = path.last else { continue }
          messages[messages.count - 1] =
            ChatShape.message(last.role, (isGood ? good : bad) + last.text)
          output.line(
            .object([
              JSONMember("prompt", .array(messages)),
              JSONMember("completion", ChatShape.messages([reply])),
            ]), using: path.map(\.id) + [reply.id])
        }
      }
    })

  private static let hasToken: JSONRule = { prompt throws(FormatFault) in
    guard case .array(let messages) = prompt, case .string(let text) = messages.last?["content"],
      text.utf8.starts(with: good.utf8) || text.utf8.starts(with: bad.utf8)
    else {
      throw FormatFault(
        .broken(.other("the last message has to begin with \(good) or \(bad)")))
    }
  }
}

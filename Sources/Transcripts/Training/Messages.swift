import SessionCore
import StrictJSON

/// Sessions as JSON Lines in TRL's conversational form for supervised fine-tuning:
///
///     {"messages":[{"role":"user","content":"…"},{"role":"assistant","content":"…"}]}
///
/// One line a conversation, from the system prompt to its last reply. A reply that was edited in
/// place or drawn again stands in the conversation in its last version only; feedback turns and
/// the attempts they are about stay, because they are what the model read. Non-ASCII characters
/// are not escaped. Source of the field names: TRL, `docs/source/dataset_formats.md`.
enum Messages {
  static let details = FormatDetails(
    .training, "JSON Lines, one conversation a line, as TRL reads them", fileExtension: "jsonl",
    source: "TRL, docs/source/dataset_formats.md, conversational language modelling",
    readers: "TRL SFTTrainer, axolotl, LLaMA-Factory, datasets", noPlaceFor: .allButText,
    check: .jsonLines(
      .object(
        JSONField("messages", ChatShape.conversation), JSONField("tools", .any, optional: true))),
    make: { options in
      LineExport { session, output in
        for end in Conversations.ends(of: session, options.branches) {
          let path = session.path(to: end)
          output.line(
            .object([JSONMember("messages", ChatShape.messages(path))]), using: path.map(\.id))
        }
      }
    })
}

/// The conversations of a session that have something to teach.
enum Conversations {
  /// The last replies of the conversations, each with something said in it.
  static func ends(of session: Session, _ branches: Branches) -> [TurnID] {
    switch branches {
    case .current:
      let last = session.current.last { isReply($0) }
      return last.map { [$0.id] } ?? []
    case .all:
      var answered: Set<TurnID> = []
      for reply in session.turns where isReply(reply) {
        // Up to the first turn that is known to have a reply under it.
        var next = reply.parent
        while let id = next, answered.insert(id).inserted { next = session[id]?.parent }
      }
      return session.turns.filter { isReply($0) && !answered.contains($0.id) }.map(\.id)
    }
  }

  /// A reply that failed before its first word teaches nothing.
  static func isReply(_ turn: Turn) -> Bool { turn.role == .assistant && !turn.text.isEmpty }
}

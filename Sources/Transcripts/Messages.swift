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
struct Messages: SessionExport {
  static let details = FormatDetails(
    .training, "JSON Lines, one conversation a line, as TRL reads them", fileExtension: "jsonl",
    source: "TRL, docs/source/dataset_formats.md (conversational language modelling)",
    readers: "TRL SFTTrainer, axolotl, LLaMA-Factory, datasets",
    noPlaceFor: [
      .verdicts, .ratings, .notes, .feedbackDetails, .authorship, .recipes, .times, .provenance,
    ],
    check: .jsonLines(
      .object(
        JSONField("messages", ChatShape.conversation), JSONField("tools", .any, optional: true))
    ),
    make: { options in Messages(branches: options.branches) })

  let branches: Branches

  mutating func add(_ session: Session, to output: inout ExportOutput) {
    for end in Conversations.ends(of: session, branches) {
      let path = session.path(to: end)
      output.line(
        .object([JSONMember("messages", ChatShape.messages(path))]), using: path.map(\.id))
    }
  }
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

/// Messages as `{"role":…,"content":…}`, which most trainers read, and how they are checked.
enum ChatShape {
  static func messages(_ path: some Sequence<Turn>) -> JSONValue {
    .array(path.map { message($0.role, $0.text) })
  }

  static func message(_ role: Role, _ text: String) -> JSONValue {
    .object([
      JSONMember("role", .string(role.rawValue)), JSONMember("content", .string(text)),
    ])
  }

  static let message = JSONShape.open(
    JSONField("role", .word(["system", "user", "assistant", "tool", "developer"])),
    JSONField("content", .text))

  /// At least one message of the assistant, or there is nothing to learn.
  static let conversation = JSONShape.ruled(.array(message, atLeast: 1)) {
    value throws(FormatFault) in
    guard roles(of: value).contains("assistant") else {
      throw FormatFault(.broken(.assistantPresent))
    }
  }

  /// The roles of an array of messages.
  static func roles(of value: JSONValue) -> [String] {
    guard case .array(let messages) = value else { return [] }
    return messages.map { message in
      guard case .string(let role) = message["role"] else { return "" }
      return role
    }
  }
}

extension JSONValue {
  /// The value of that key in an object.
  subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }
}

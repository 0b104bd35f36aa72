import SessionCore

/// Sessions as JSON Lines in TRL's conversational form for supervised fine-tuning:
///
///     {"messages":[{"role":"user","content":"…"},{"role":"assistant","content":"…"}]}
///
/// One line a conversation, from the system prompt to its last reply. A reply that was edited in
/// place or drawn again stands in the conversation in its last version only; feedback turns and
/// the attempts they are about stay, because they are what the model read. Non-ASCII characters
/// are not escaped. Source of the field names: TRL, `docs/source/dataset_formats.md`.
enum Messages {
  static func lines(_ sessions: [Session], branches: Branches) -> Transcript {
    var transcript = Transcript(text: "")
    for session in sessions {
      let ends = ends(of: session, branches)
      let paths = ends.map { session.path(to: $0) }
      for path in paths { transcript.text += line(path) + "\n" }
      transcript.omissions += omissions(session, paths)
    }
    return transcript
  }

  /// The last replies of the conversations, each with something said in it.
  private static func ends(of session: Session, _ branches: Branches) -> [TurnID] {
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
  private static func isReply(_ turn: Turn) -> Bool {
    turn.role == .assistant && !turn.text.isEmpty
  }

  private static func omissions(_ session: Session, _ paths: [[Turn]]) -> [Omission] {
    let title = Wording.title(of: session)
    guard !paths.isEmpty else { return [Omission(kind: .session, count: 1, title: title)] }
    let exported = Set(paths.joined().map(\.id))
    let dropped = session.turns.filter { !exported.contains($0.id) }
    let current = Set(session.current.map(\.id))
    let unanswered = dropped.filter { current.contains($0.id) }.count
    let opinions =
      session.verdicts.count + session.ratings.count
      + session.notes.values.reduce(0) { $0 + $1.count }
    return [
      Omission(kind: .otherBranches, count: dropped.count - unanswered, title: title),
      Omission(kind: .unanswered, count: unanswered, title: title),
      Omission(kind: .opinions, count: opinions, title: title),
    ].filter { $0.count > 0 }
  }

  private static func line(_ path: [Turn]) -> String {
    let messages = path.map { turn in
      #"{"role":\#(JSONText.quoted(turn.role.rawValue)),"content":\#(JSONText.quoted(turn.text))}"#
    }
    return #"{"messages":[\#(messages.joined(separator: ","))]}"#
  }
}

/// Strings in JSON.
enum JSONText {
  /// In quotes, with only what RFC 8259 §7 requires escaped.
  static func quoted(_ text: String) -> String {
    var quoted = "\"".unicodeScalars
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted.append(contentsOf: "\\\"".unicodeScalars)
      case "\\": quoted.append(contentsOf: "\\\\".unicodeScalars)
      case "\n": quoted.append(contentsOf: "\\n".unicodeScalars)
      case "\r": quoted.append(contentsOf: "\\r".unicodeScalars)
      case "\t": quoted.append(contentsOf: "\\t".unicodeScalars)
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        let fill = String(repeating: "0", count: 4 - digits.count)
        quoted.append(contentsOf: "\\u\(fill)\(digits)".unicodeScalars)
      default: quoted.append(scalar)
      }
    }
    quoted.append("\"")
    return String(quoted)
  }
}

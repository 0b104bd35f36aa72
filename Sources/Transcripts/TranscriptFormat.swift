import SessionCore

/// The formats sessions can be exported in; each is made in a file of its own.
public enum TranscriptFormat: String, CaseIterable, Sendable {
  /// For people, as plain text: the whole tree, the current conversation first.
  case markdown
  /// For people, as one page without scripts or outside parts: the whole tree with its changes.
  case html
  /// For trainers: one JSON object a line, `{"messages":[{"role":…,"content":…}]}`.
  case messages

  /// The format of that name.
  /// - Throws: ``TranscriptError/unknownFormat(_:known:)``.
  public init(named name: String) throws(TranscriptError) {
    guard let format = Self(rawValue: name) else {
      throw .unknownFormat(name, known: Self.allCases.map(\.rawValue))
    }
    self = format
  }

  /// The sessions in this format, and what of them it has no place for.
  /// - Throws: ``TranscriptError/nothingToExport`` when not a line comes of them.
  public func render(
    _ sessions: [Session], branches: Branches = .current
  ) throws(TranscriptError) -> Transcript {
    switch self {
    case .markdown: return Transcript(text: Markdown.document(sessions))
    case .html: return Transcript(text: HTML.page(sessions))
    case .messages:
      let transcript = Messages.lines(sessions, branches: branches)
      guard !transcript.text.isEmpty else { throw .nothingToExport }
      return transcript
    }
  }
}

/// Which conversations of a session become examples; formats for people always show all.
public enum Branches: String, CaseIterable, Sendable {
  /// The one the head is on.
  case current
  /// One for every reply that no other reply came after.
  case all
}

/// An exported text.
public struct Transcript: Equatable, Sendable {
  public var text: String
  /// What the format has no place for, worth telling whoever asked.
  public var omissions: [Omission] = []
}

/// Something of a session that is not in a transcript of it.
public struct Omission: Equatable, Sendable {
  /// What was left out.
  public enum Kind: Equatable, Sendable {
    /// Turns of other branches.
    case otherBranches
    /// Prompts at the end of a conversation that were never answered.
    case unanswered
    /// Verdicts, ratings and notes.
    case opinions
    /// The whole session: it has no reply.
    case session
  }
  public var kind: Kind
  /// How many of them; at least 1.
  public var count: Int
  /// ``SessionHeader/title`` of the session.
  public var title: String
}

/// Why there is no transcript: facts only, the wording is elsewhere.
public enum TranscriptError: Error, Equatable, Sendable {
  case unknownFormat(String, known: [String])
  /// The sessions hold nothing that the format can say.
  case nothingToExport
}

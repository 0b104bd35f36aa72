import Journaling
import SessionCore

/// What a session's driver tells whoever shows the session.
public enum SessionUpdate: Equatable, Sendable {
  /// An entry that is in the journal already.
  case entry(Entry)
  /// Text of the open reply that is not in the journal yet: all of it, in place of what the last
  /// draft said. An entry that extends or ends the reply takes the draft's place.
  case draft(String)
}

/// Why a session cannot do what was asked: facts, no prose.
public enum SessionError: Error, Equatable, Sendable {
  /// The person can mend it.
  case refused(Refusal)
  /// No reply was begun. What was asked is recorded; ``SessionCore/Command/regenerate(_:)`` asks
  /// again.
  case responder(ResponderFailure)
  /// The journal cannot be read or written; what did not reach it did not happen.
  case journal(JournalError)
  /// The journal's entries do not follow from each other.
  case invalid(InvalidEntry)
  /// Neither `XDG_STATE_HOME` nor `HOME` names a folder.
  case noStateFolder
  /// The folder for sessions cannot be made; `code` is the system's `errno`.
  case folder(path: String, code: Int32)
}

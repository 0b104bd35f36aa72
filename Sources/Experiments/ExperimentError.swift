import Journaling
import SessionCore
import SessionRuntime

/// Why a script or a record cannot be played. What is wrong inside a script is a ``ScriptError``.
public enum ExperimentError: Error, Equatable, Sendable {
  /// A folder or a journal in it cannot be made or renamed; `code` is the system's `errno`.
  case folder(path: String, code: Int32)
  /// The folder holds a finished session of this name that was planned otherwise (another
  /// script, model or choice): nothing is overwritten.
  case otherPlan(path: String)
  /// A record cannot be read, or a new one not written.
  case journal(JournalError)
  /// The record's entries do not follow from each other.
  case invalid(path: String, InvalidEntry)
  /// The session could not go on for a reason that is not the model's.
  case session(unit: String, SessionError)
  /// The model could not write, and not because a prompt was too long for it.
  case responder(unit: String, ResponderFailure)
  /// A reply broke off with this code.
  case replyFailed(unit: String, code: String)
  /// Not a list of seeds such as `1,2,5..8`.
  case badSeedList(String)
  case tooManySeeds(Int, limit: Int)
}

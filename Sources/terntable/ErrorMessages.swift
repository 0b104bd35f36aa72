import ArgumentParser
import Checkpoints
import Experiments
import Imports
import Inference
import Journaling
import ModelLibrary
import SessionCore
import SessionRuntime
import TerminalUI
import Transcripts

/// One line for a person, and the exit code for a script.
struct CommandFailure: Error {
  var text: String
  var exitCode: ExitCode

  init(_ text: String, _ exitCode: ExitCode) {
    self.text = text
    self.exitCode = exitCode
  }
}

/// The documented exit codes; see `terntable --help`.
extension ExitCode {
  static let checkFailed = ExitCode(1)
  static let usage = ExitCode(64)
  static let badData = ExitCode(65)
  static let noInput = ExitCode(66)
  static let unavailable = ExitCode(69)
  static let bug = ExitCode(70)
  static let inputOutput = ExitCode(74)
  static let unfinished = ExitCode(75)
  static let badConfiguration = ExitCode(78)
  static let interrupted = ExitCode(130)
}

/// Words an error: what, where, what to do. Every typed error of every module ends up here.
func commandFailure(for error: any Error) -> CommandFailure {
  switch error {
  case let failure as CommandFailure: failure
  case let failure as ModelFailure: commandFailure(for: failure)
  case let error as JournalError: commandFailure(for: error)
  case let error as SessionError: commandFailure(for: error)
  case let entry as InvalidEntry: commandFailure(for: entry)
  case let error as LibraryError: commandFailure(for: error)
  case let error as ImportError: commandFailure(for: error)
  case let error as CheckpointError: commandFailure(for: error)
  case let error as TranscriptError: commandFailure(for: error)
  case let error as ScriptError: commandFailure(for: error)
  case let error as ExperimentError: commandFailure(for: error)
  case let failure as InspectionFailure: commandFailure(for: failure)
  case let error as InferenceError: CommandFailure(text(for: error), .badData)
  case let refusal as Refusal: CommandFailure(text(for: refusal), .usage)
  default: CommandFailure("unexpected error: \(error)", .bug)
  }
}

/// Words why a reply cannot be looked into.
private func commandFailure(for failure: InspectionFailure) -> CommandFailure {
  switch failure {
  case .noTokens(let id):
    CommandFailure("the record of turn \(id) has no tokens to look into", .usage)
  case .otherModel(let id, let name):
    CommandFailure(
      "turn \(id) was written by another model: /model \(Plain.line(name)) lets it answer again",
      .usage)
  case .noSuchToken(let number, let count):
    CommandFailure("there is no token \(number): the reply has \(count)", .usage)
  case .noSuchAlternative(let number, let count):
    CommandFailure("there is no alternative \(number): \(count) are told", .usage)
  case .endsReply: CommandFailure(text(for: InputError.branchEnds), .usage)
  case .sameToken: CommandFailure(text(for: InputError.branchIsSame), .usage)
  case .responder(let failure): commandFailure(for: SessionError.responder(failure))
  }
}

/// Words a refusal for the person who can mend it.
func text(for refusal: Refusal) -> String {
  switch refusal {
  case .emptyText: "there is no text"
  case .replyInProgress: "the model is still answering; Ctrl-C stops it"
  case .noReply: "there is no reply yet"
  case .unknownTurn(let id): "there is no turn \(id); /tree lists them"
  case .notAReply(let id): "turn \(id) is not a reply of the model"
  case .textNotFound(let old): "\"\(old)\" does not occur in the reply"
  case .editChangesNothing: "the edit changes nothing"
  case .nothingToUndo: "there is nothing to undo"
  case .nothingToRedo: "there is nothing to redo"
  case .badTag(let text):
    "\"\(text)\" is no tag: one word of \(Tag.charactersMax) characters at most"
  case .ratingOutOfRange(let stars): "a rating is +, - or 1 to 5, not \(stars)"
  case .noRating: "the reply has no rating to take back"
  case .notComparable(let a, let b):
    "turns \(a) and \(b) are not two replies to one question"
  case .tooLateForInstruction: "the system prompt comes before the first question"
  case .badWording:
    "a wording says something, and a critique's has \(Wordings.placeholder) where your text goes"
  }
}

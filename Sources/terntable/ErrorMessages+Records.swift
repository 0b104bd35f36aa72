import Foundation
import Journaling
import SessionCore
import SessionRuntime

/// Words what is wrong with a journal.
func commandFailure(for error: JournalError) -> CommandFailure {
  switch error {
  case .notFound(let path): CommandFailure("\(path): there is no such file or folder", .noInput)
  case .exists(let path):
    CommandFailure("\(path): the file exists already; choose another name", .inputOutput)
  case .busy(let path):
    CommandFailure("\(path): another program is writing this session; close it first", .unavailable)
  case .empty(let path): CommandFailure("\(path): the journal is empty", .badData)
  case .notAFile(let path): CommandFailure("\(path): not an ordinary file", .badData)
  case .tooLarge(let path, let bytesMax):
    CommandFailure("\(path): larger than \(bytesMax) bytes", .badData)
  case .damaged(let path, let line, let damage):
    CommandFailure(
      "\(path):\(line): \(text(for: damage))"
        + (line > 1 ? "; the lines before it are whole" : ""), .badData)
  case .schemaTooNew(let path, let found, let known):
    CommandFailure(
      "\(path): written in schema \(found) by a later Terntable; this one knows up to \(known)",
      .badData)
  case .lineTooLong(let path, let bytes, let bytesMax):
    CommandFailure("\(path): a line of \(bytes) bytes is over the limit of \(bytesMax)", .badData)
  case .unwritable(let path, let field):
    CommandFailure("\(path): \(field) cannot be written down", .badData)
  case .broken(let path):
    CommandFailure("\(path): an earlier write failed; nothing more is recorded", .inputOutput)
  case .system(let path, let operation, let code):
    CommandFailure("\(path): \(operation): \(systemText(code))", .inputOutput)
  }
}

private func text(for damage: JournalDamage) -> String {
  switch damage {
  case .tooLong(let bytesMax): "damaged: the line is longer than \(bytesMax) bytes"
  case .checksumMissing: "damaged: the line has no checksum"
  case .checksumMismatch(let found, let computed):
    "damaged: the checksum says \(found), the line says \(computed)"
  case .notJSON(let offset): "damaged: not JSON at byte \(offset)"
  case .fieldMissing(let field): "the field \"\(field)\" is missing"
  case .fieldInvalid(let field): "the field \"\(field)\" has a value that is not allowed"
  case .unknownField(let field): "the field \"\(field)\" is unknown to this version"
  case .unknownType(let type): "records of type \"\(type)\" are unknown to this version"
  case .sequence(let found, let expected):
    "line number \(found) stands where \(expected) is due: a line is missing or doubled"
  }
}

/// Words what a session could not do.
func commandFailure(for error: SessionError) -> CommandFailure {
  switch error {
  case .refused(let refusal): CommandFailure(text(for: refusal), .usage)
  case .responder(.promptTooLong(let tokens, let limit)):
    CommandFailure(promptTooLong(tokens: tokens, limit: limit), .badData)
  case .responder(let failure): CommandFailure(text(for: failure), .unavailable)
  case .journal(let error): commandFailure(for: error)
  case .invalid(let entry): commandFailure(for: entry)
  case .noStateFolder:
    CommandFailure(
      "no place for sessions: set HOME or XDG_STATE_HOME, or give --session FILE",
      .badConfiguration)
  case .folder(let path, let code):
    CommandFailure("\(path): cannot make the folder: \(systemText(code))", .inputOutput)
  }
}

/// Words an entry that does not follow from those before it.
func commandFailure(for entry: InvalidEntry) -> CommandFailure {
  let reason =
    switch entry.reason {
    case .sessionNotStarted: "it does not begin with a session header"
    case .startedTwice: "a second session header"
    case .replyOpen: "a reply is still open before it"
    case .noReplyOpen: "no reply is open before it"
    case .wrongOrigin: "its origin does not fit its place"
    case .unknownTurn(let id): "it names turn \(id), which is not there"
    }
  return CommandFailure("entry \(entry.sequence) of the journal: \(reason)", .badData)
}

/// Words why no reply was begun.
func text(for failure: ResponderFailure) -> String {
  switch failure {
  case .promptTooLong(let tokens, let limit): promptTooLong(tokens: tokens, limit: limit)
  case .inference(let error): text(for: error)
  case .scriptExhausted(let replies): "all \(replies) scripted replies are used up"
  case .scripted(let code): code
  case .endedEarly: "the model stopped without saying why"
  case .noModel(let name): "there is no model \(name) at hand; terntable model list shows them"
  }
}

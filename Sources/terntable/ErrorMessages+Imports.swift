import Imports

/// Words why conversations cannot be imported.
func commandFailure(for error: ImportError) -> CommandFailure {
  switch error {
  case .unknownFormat(let name, let known):
    CommandFailure("there is no import format \"\(name)\"; there are \(list(known))", .usage)
  case .invalid(let fault): CommandFailure(text(for: fault), .badData)
  case .nothingToImport(let file): CommandFailure("\(file): no conversation in it", .badData)
  case .compressed(let file):
    CommandFailure("\(file): made by gzip; use: zcat FILE | terntable import -", .badData)
  case .fileTooLarge(let file, let bytesMax):
    CommandFailure("\(file): larger than \(bytesMax) bytes; cut it into parts", .badData)
  case .unreadable(let file, let code):
    CommandFailure("\(file): \(systemText(code))", .noInput)
  case .exists(let path):
    CommandFailure("\(path): the file exists already; choose another --out", .inputOutput)
  case .unwritable(let path, let code):
    CommandFailure("\(path): cannot write: \(systemText(code))", .inputOutput)
  case .journal(let error): commandFailure(for: error)
  case .database(let file, let reason): CommandFailure("\(file): \(reason)", .badData)
  }
}

/// Words a place in a file that is not as its format says.
func text(for fault: ImportFault) -> String {
  let field = fault.field.isEmpty ? "" : " \(fault.field):"
  return "\(fault.file):\(fault.line):\(field) \(text(for: fault.reason))"
}

private func text(for reason: ImportFault.Reason) -> String {
  switch reason {
  case .notJSON: "not JSON"
  case .notUTF8: "not UTF-8 text"
  case .unfinished: "the JSON object does not end"
  case .notAConversation: "a JSON object is expected here; see --from"
  case .missing: "missing; see --from"
  case .wrongType(let expected): "has to be \(expected)"
  case .conversationTooLarge(let bytesMax): "a conversation of more than \(bytesMax) bytes"
  case .textTooLong(let bytesMax): "a message of more than \(bytesMax) bytes"
  case .tooManyMessages(let max): "more than \(max) messages in one conversation"
  case .unknownParent(let id): "no message \"\(id)\" of this tree stands before it"
  case .noPrompt: "no line begins with \"> \" behind an empty one, as prompts of llama-cli do"
  }
}

/// Words why messages are left out.
func text(for reason: ImportedConversation.Drop) -> String {
  switch reason {
  case .tool: "results of tools"
  case .unknownRole: "messages of unknown roles"
  case .empty: "messages of white space"
  case .lateSystem: "system prompts that do not come first"
  case .unprompted: "replies that nothing came before"
  case .replyUnderReply: "replies under replies that have others"
  case .deleted: "deleted messages and those under them"
  case .part: "parts of messages that are no text"
  }
}

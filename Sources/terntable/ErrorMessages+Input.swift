import TerminalUI

/// Words what a person typed or pressed and cannot be done.
func text(for error: InputError) -> String {
  switch error {
  case .refused(let refusal): text(for: refusal)
  case .unknownCommand(let name, let nearest):
    nearest.map { "there is no /\(name); did you mean /\($0)?" }
      ?? "there is no /\(name); /help lists the commands"
  case .missingArgument(let entry): "type \(entry.usage)"
  case .unexpectedArgument(let entry, let argument):
    "/\(entry.name) stands alone; \"\(argument)\" is too much"
  case .badArgument(let entry, let argument):
    "\"\(argument)\" does not fit; type \(entry.usage)"
  case .noEarlierAttempt: "there is no earlier attempt to compare with"
  case .noOtherVersion: "there is no other version on that side"
  case .lineTooLong(let bytes, let limit):
    "the line has \(bytes) bytes, more than \(limit); it is left out"
  }
}

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
  case .branchEnds: "that ends the reply: nothing could follow it; choose another"
  case .branchIsSame: "that token stands there already; choose another"
  case .noPrompt: "nothing was asked yet; type a message"
  case .noTurnBelow(let id, let count):
    count == 0
      ? "there is no turn below turn \(id)"
      : "below turn \(id) there \(count == 1 ? "is 1 turn" : "are \(count) turns")"
  case .changedHead(let line, let text):
    "line \(line) of the head cannot say \"\(Plain.line(text))\"; nothing was sent"
  case .endlessHead:
    "the head of the file has no second line of dashes; nothing was sent"
  case .noDuel: "there is no duel that waits for a vote; /duel begins one"
  case .needsScreen: "that needs a screen; /export writes to a file"
  case .notFound(let text): "\"\(text)\" is nowhere here"
  case .tooLongToCopy(let bytes, let limit):
    "\(bytes) bytes are too many for the clipboard (\(limit)); /export writes them to a file"
  case .stillLoading: "the model is still being loaded, and one message waits for it already"
  case .modelOnItsWay: "a model is still being loaded; Ctrl-C stops that"
  case .unknownSetting(let name):
    "there is no setting \"\(name)\"; there are \(list(Setting.Name.allCases.map(\.rawValue)))"
  case .badSetting(let name, let value):
    value.isEmpty
      ? "\(name.rawValue) needs a value: \(name.domain)"
      : "\(name.rawValue) cannot be \"\(value)\": \(name.domain)"
  case .noModel(let why): why
  case .lineTooLong(let bytes, let limit):
    "the line has \(bytes) bytes, more than \(limit); it is left out"
  }
}

/// Words for what has no error of its own.
enum TerntableWords {
  /// Words why a key cannot be bound.
  static func text(for problem: Keymap.Problem) -> String {
    switch problem {
    case .unknownContext(let name):
      "there is no context \"\(name)\"; there are "
        + list(Keymap.Context.allCases.map(\.rawValue))
    case .unknownDeed(let name, let context, let known):
      "nothing is called \"\(name)\" in \(context.rawValue); there are \(list(known))"
    case .unknownKey(let name):
      "there is no key \"\(name)\"; write it as the help does, such as Ctrl-T, Alt-b, Enter, t"
    case .taken(let key, let deeds): "\(key) would mean two things: \(deeds)"
    case .unknownEditingMode(let name):
      "there is no editing mode \"\(name)\"; there are "
        + list(Keymap.EditingMode.allCases.map(\.rawValue))
    }
  }
}

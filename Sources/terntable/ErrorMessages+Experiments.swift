import ArgumentParser
import Experiments
import SessionCore
import Foundation

/// Words a place in a script that is not as the format says.
func commandFailure(for error: ScriptError) -> CommandFailure {
  let file = error.file == "-" ? "standard input" : error.file
  let key = error.keyPath.isEmpty ? "" : " \(error.keyPath):"
  let text = text(for: error.reason)
  return CommandFailure("\(file):\(error.line):\(error.column):\(key) \(text)", .badData)
}

private func text(for reason: ScriptError.Reason) -> String {
  switch reason {
  case .yaml(let reason): terntable.text(for: reason)
  case .wrongShape(let expected, let found): "wanted is \(name(expected)), found \(name(found))"
  case .outOfRange(let value, let allowed): "\(value) is not in \(allowed)"
  case .emptyText: "the text is empty"
  case .emptyList: "there is nothing in it"
  case .badName(let name, let bytesMax):
    "\"\(name)\" is no name: letters, digits, - and _, at most \(bytesMax)"
  case .repeatedName(let name): "\"\(name)\" is there twice"
  case .unsupportedVersion(let found, let supported):
    "format version \"\(found)\" is unknown; this program reads \(supported)"
  case .badNumber(let number): "\"\(number)\" is no number in decimal digits"
  case .badPattern(let pattern, let bytesMax):
    "\"\(pattern)\" is no regular expression of at most \(bytesMax) bytes"
  case .noPromptYet: "the first turn has to be a prompt"
  case .cannotRepeat(let key): "\(key) cannot be repeated; feedback turns can"
  case .unreadableFile(let path): "cannot read \(path)"
  case .dataSet(let error): commandFailure(for: error).text
  case .tooFewProblems(let found, let wanted):
    "only \(found) different problems of this kind, \(wanted) wanted"
  case .optionOfAnotherSource(let key, let source): "\"\(key)\" is no option of \(source)"
  default: textOfExpectations(reason) ?? textOfKeys(reason)
  }
}

/// Words the reasons that are about checkers.
private func textOfExpectations(_ reason: ScriptError.Reason) -> String? {
  switch reason {
  case .badChoice(let text): "\"\(text)\" is not the letter of an option"
  case .badRow(let text): "\"\(text)\" is no row such as \"1: Ann, red, cat\""
  case .unknownTask(let key, let families):
    "\"\(key)\" is no item of a task family; docs/method/tasks.md has the keys; families: "
      + list(families)
  case .commandTooLong(let bytesMax): "a command has at most \(bytesMax) bytes"
  case .commandNotAllowed:
    "a checker or a critic is a command: write \"allow_commands: true\" if it may be run"
  default: nil
  }
}

/// Words the reasons that are about keys, words and placeholders.
private func textOfKeys(_ reason: ScriptError.Reason) -> String {
  switch reason {
  case .unknownKey(let key, let allowed, let nearest):
    "unknown key \"\(key)\"\(meant(nearest)); allowed: \(list(allowed))"
  case .missingKey(let key): "the key \"\(key)\" is missing"
  case .missingOneOf(let keys): "one of these keys has to be here: \(list(keys))"
  case .conflictingKeys(let keys): "these keys exclude each other: \(list(keys))"
  case .unknownValue(let value, let allowed, let nearest):
    "unknown value \"\(value)\"\(meant(nearest)); allowed: \(list(allowed))"
  case .unknownPlaceholder(let word, let allowed, let nearest):
    "unknown placeholder {\(word)}\(meant(nearest)); allowed: \(list(allowed))"
  case .unfilledPlaceholder(let word, let problem):
    "the problem \"\(problem)\" has nothing for {\(word)}"
  case .placeholderWithoutProblems(let word):
    "{\(word)} needs \"problems\"; {{\(word)}} stands for the text itself"
  default: "\(reason)"
  }
}

private func meant(_ nearest: String?) -> String {
  nearest.map { "; did you mean \"\($0)\"?" } ?? ""
}

private func name(_ shape: ScriptError.Shape) -> String {
  switch shape {
  case .text: "a text"
  case .wholeNumber: "a whole number"
  case .number: "a number"
  case .truth: "true or false"
  case .list: "a list"
  case .mapping: "keys with values"
  case .nothing: "nothing"
  case .either(let shapes): shapes.map(name).joined(separator: " or ")
  }
}

/// Words why a script or a record cannot be played.
func commandFailure(for error: ExperimentError) -> CommandFailure {
  switch error {
  case .folder(let path, let code):
    CommandFailure("\(path): \(systemText(code))", .inputOutput)
  case .otherPlan(let path):
    CommandFailure(
      "\(path): a finished session of another script, model or choice; "
        + "choose another --out",
      .badData)
  case .journal(let error): commandFailure(for: error)
  case .invalid(let path, let entry):
    CommandFailure("\(path): \(commandFailure(for: entry).text)", .badData)
  case .session(let unit, let error):
    CommandFailure(
      "\(unit): \(commandFailure(for: error).text)",
      commandFailure(for: error).exitCode)
  case .responder(let unit, let failure):
    CommandFailure("\(unit): \(text(for: failure))", .unavailable)
  case .replyFailed(let unit, let code):
    CommandFailure("\(unit): the model failed (\(code))", .unavailable)
  case .badSeedList(let text):
    CommandFailure(
      "--seed: \"\(text)\" is no list of seeds such as 1,2,5..8", .usage)
  case .tooManySeeds(let count, let limit):
    CommandFailure("--seed: \(count) seeds are over the limit of \(limit)", .usage)
  }
}

/// Words a place in a data set that is not as its layout says.
func commandFailure(for error: DataSetError) -> CommandFailure {
  let place = error.line > 0 ? "\(error.file):\(error.line)" : error.file
  let exitCode: ExitCode =
    if case .cannotRead(let code) = error.reason { code == ENOENT ? .noInput : .inputOutput } else {
      .badData
    }
  return CommandFailure("\(place): \(text(for: error.reason))", exitCode)
}

private func text(for reason: DataSetError.Reason) -> String {
  switch reason {
  case .cannotRead(let code): systemText(code)
  case .tooLarge(let bytes, let limit): "\(bytes) bytes are over the limit of \(limit)"
  case .lineTooLong(let bytes, let limit): "a line of \(bytes) bytes is over the limit of \(limit)"
  case .tooManyLines(let limit): "more than \(limit) lines"
  case .empty: "there is no record in it"
  case .notJSON(let offset): "not JSON at byte \(offset) of the line"
  case .notAnObject: "a record is an object with fields"
  case .missing(let field): "the field \"\(field)\" is missing; \"fields\" says where things stand"
  case .wrongShape(let field): "the field \"\(field)\" has another shape than its layout wants"
  case .noAnswer(let field): "the field \"\(field)\" does not mark its answer"
  case .notANumber(let field, let text): "the field \"\(field)\": \"\(text)\" is no number"
  case .badOption(let field, let text, let options):
    "the field \"\(field)\": \"\(text)\" is none of the \(options) options"
  case .badPattern(let field, let text):
    "the field \"\(field)\": \"\(text)\" is no regular expression"
  case .badRow(let field, let text):
    "the field \"\(field)\": \"\(text)\" is no row such as \"1: Ann, red, cat\""
  case .tooLongForCommand(let bytes, let limit):
    "question and answer, \(bytes) bytes, are over the limit of \(limit) for a command"
  }
}

/// Words what of a chat its script will not do as it was.
func text(for remark: SessionScript.Remark) -> String {
  switch remark {
  case .stopped(let id): "turn \(id) was stopped; played, it is drawn to its end"
  case .chosenToken(let id):
    "turn \(id) goes on from a token that was chosen; played, from its text"
  case .unanswered(let id): "turn \(id) got no reply then; played, it gets one at once"
  case .lostPlace: "a move before the first turn, or to a reply that never came, is left out"
  case .activations(let precision):
    "the model read \(precision.rawValue) activations: play it with --activations \(precision.rawValue)"
  }
}

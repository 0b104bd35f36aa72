import ArgumentParser
import ModelLibrary
import StrictYAML

/// Words why a model is not found, not written down or not fetched.
func commandFailure(for error: LibraryError) -> CommandFailure {
  switch error {
  case .noHome:
    CommandFailure(
      "no place for models: set HOME, or XDG_CONFIG_HOME and XDG_DATA_HOME", .badConfiguration)
  case .list(let path, let line, let column, let fault):
    CommandFailure("\(path):\(line):\(column): \(text(for: fault))", .badConfiguration)
  case .badName(_, let fault): CommandFailure(text(for: fault), .usage)
  case .nameTaken(let name, let path, let line):
    CommandFailure(
      "\(path):\(line): has the name \"\(name)\" already; choose another, or --replace", .usage)
  case .cannotAdd(let path, let lines):
    CommandFailure(
      "\(path): laid out so that nothing can be added by itself; add by hand: \(lines)",
      .badConfiguration)
  case .pinnedOther(let name, let file, let expected, let found, let line):
    CommandFailure(
      "\(file): line \(line) of models.yaml pins \(name) to SHA-256 \(expected), the file has \(found); "
        + "if that is meant: terntable model add \(name) \(file) --replace", .badData)
  case .busy(let path):
    CommandFailure("\(path): another program is fetching this file; wait for it", .unavailable)
  case .system(let path, let operation, let code):
    CommandFailure("\(path): cannot \(operation): \(systemText(code))", .inputOutput)
  default: downloadFailure(error)
  }
}

private func downloadFailure(_ error: LibraryError) -> CommandFailure {
  switch error {
  case .badAddress(let address, let fault):
    CommandFailure("\(address): \(text(for: fault))", .usage)
  case .exists(let path):
    CommandFailure(
      "\(path): the file is there already; terntable model add NAME \(path) gives it a name, "
        + "--replace fetches it again", .inputOutput)
  case .noLibcurl:
    CommandFailure(
      "downloads need libcurl: apt-get install libcurl4, or fetch the file by other means and add "
        + "its path", .unavailable)
  case .unreachable(let address, _, let message):
    CommandFailure("\(address): \(message)", .unavailable)
  case .status(let address, let status):
    CommandFailure(
      "\(address): the server answers \(status)\(words(forStatus: status))",
      [404, 410].contains(status) ? .noInput : .unavailable)
  case .badAnswer(let address, let fault):
    CommandFailure("\(address): \(text(for: fault))", .unavailable)
  case .incomplete(let path, let bytes, let total, let message):
    CommandFailure(
      "the connection ended after \(bytes)\(total.map { " of \($0)" } ?? "") bytes"
        + "\(message.isEmpty ? "" : " (\(message))"); they are in \(path); run again to go on",
      .unfinished)
  case .tooLong(let address, let limit):
    CommandFailure("\(address): sends more than \(limit) bytes", .badData)
  case .noRoom(let path, let needed, let free):
    CommandFailure("\(path): needs \(needed) bytes more, the disk has \(free)", .inputOutput)
  case .notGGUF(let address):
    CommandFailure(
      "\(address): not a GGUF model file; the address of the file itself is due, not of a page "
        + "about it", .badData)
  case .checksum(let address, let expected, let found):
    CommandFailure(
      "\(address): the file has SHA-256 \(found), not \(expected); it was thrown away", .badData)
  case .cancelled(let path, let bytes):
    CommandFailure(
      "stopped; \(bytes) bytes are in \(path); run again to go on", .interrupted)
  default: CommandFailure("unexpected error: \(error)", .bug)
  }
}

private func words(forStatus status: Int) -> String {
  switch status {
  case 401, 403: " (not for everybody: fetch it by other means and add its path)"
  case 404, 410: " (there is no such file)"
  case 429: " (too many requests: try again later)"
  default: ""
  }
}

private func text(for fault: AddressFault) -> String {
  switch fault {
  case .notAnAddress: "not an address; https://HOST/PATH is due"
  case .plain: "http:// is for this machine only; use https://"
  case .downgrade: "a redirect from https:// to http:// is not followed"
  case .otherScheme(let scheme): "\(scheme):// is not supported; use https://"
  case .hasPassword: "addresses with a name or a password in them are not used"
  case .tooManyRedirects(let most): "more than \(most) redirects"
  }
}

private func text(for fault: AnswerFault) -> String {
  switch fault {
  case .otherRange(let range):
    "sends another part of the file than was asked for (\"\(range)\")"
  case .emptyRedirect: "a redirect that does not say where to"
  }
}

private func text(for fault: ListFault) -> String {
  switch fault {
  case .yaml(let reason): text(for: reason)
  case .notAMapping: "names with their models are due, such as \"falcon: {path: falcon.gguf}\""
  case .badName(let name, let bytesMax):
    "\"\(name)\" is no name: letters, digits, ., - and _, at most \(bytesMax), not ending in .gguf"
  case .bundledName(let name): "\(name) is a model that comes with the program; choose another name"
  case .nameTwice(let name, let line): "the name \"\(name)\" stands in line \(line) already"
  case .unknownKey(let key, let allowed): "unknown key \"\(key)\"; allowed: \(list(allowed))"
  case .missingKey(let key): "the key \"\(key)\" is missing"
  case .emptyText: "the text is empty"
  case .wrongShape(let expected): "\(expected) is due here"
  case .badDigest(let digest): "\"\(digest)\" is no SHA-256: 64 hexadecimal digits"
  case .unknownValue(let value, let allowed):
    "unknown value \"\(value)\"; allowed: \(list(allowed))"
  case .tooMany(let count, let limit): "\(count) are over the limit of \(limit)"
  }
}

/// Words why a text is no YAML document of ours.
func text(for reason: YAMLFault.Reason) -> String {
  switch reason {
  case .notUTF8: "the file is not UTF-8 text"
  case .tooLarge(let bytes, let limit): "\(bytes) bytes are over the limit of \(limit)"
  case .tooManyAliases(let count, let limit): "\(count) aliases are over the limit of \(limit)"
  case .tooManyNodes(let limit): "more than \(limit) values once aliases are put in"
  case .tooDeep(let limit): "nested more than \(limit) levels deep"
  case .syntax(let words): "not YAML: \(words)"
  case .empty: "the file is empty"
  case .repeatedKey(let key): "the key \"\(key)\" is written twice"
  }
}

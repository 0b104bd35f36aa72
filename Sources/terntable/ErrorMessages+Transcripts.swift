import Transcripts

/// Words why there is no transcript.
func commandFailure(for error: TranscriptError) -> CommandFailure {
  switch error {
  case .unknownFormat(let name, let known):
    CommandFailure("there is no export format \"\(name)\"; there are \(list(known))", .usage)
  case .unknownTable(let name, let known):
    CommandFailure("there is no table \"\(name)\"; there are \(list(known))", .usage)
  case .nothingToExport:
    CommandFailure("there is nothing in the sessions that this format can say", .badData)
  case .oneSessionOnly(let format):
    CommandFailure("\(format) has room for one session; name one file", .usage)
  case .needsFile(let format):
    CommandFailure("\(format) is no text; name a file with -o, not one that ends in .gz", .usage)
  case .cannotWrite(let path, let reason):
    CommandFailure("\(path): cannot write: \(reason)", .inputOutput)
  case .badSplit(let text, let fault):
    CommandFailure("--split \"\(text)\": \(words(for: fault))", .usage)
  case .badPattern(let pattern):
    CommandFailure("--scrub-pattern: \"\(pattern)\" is no regular expression", .usage)
  }
}

private func words(for fault: SplitPlan.Fault) -> String {
  switch fault {
  case .notNameAndShare: "write names with shares above 0, such as train=0.9,test=0.1"
  case .badName(let name):
    "\"\(name)\" cannot name a file; use letters, digits, - and _, at most 64"
  case .nameTwice(let name): "\"\(name)\" is there twice"
  case .sharesDoNotAddUp: "the shares do not add up to 1"
  }
}

/// Words what an export had no place for: a line a kind, however many sessions there are.
func texts(for omissions: [Omission]) -> [String] {
  omissions.map { "left out: \($0.count) \($0.kind.words)" }
}

/// Words what is wrong with a file that claims to be of a format.
func commandFailure(for fault: FormatFault, in path: String) -> CommandFailure {
  let file = path == "-" ? "standard input" : path
  let line = fault.line > 0 ? ":\(fault.line)" : ""
  let field = fault.field.isEmpty ? "" : " \(fault.field):"
  return CommandFailure("\(file)\(line):\(field) \(words(for: fault.reason))", .badData)
}

/// What is wrong, without the place.
func words(for reason: FormatFault.Reason) -> String {
  switch reason {
  case .notUTF8: "the text is not UTF-8"
  case .hidden(let code):
    "a character that is not to be seen, U+"
      + String(repeating: "0", count: max(0, 4 - String(code, radix: 16).count))
      + String(code, radix: 16, uppercase: true)
  case .notJSON(let offset): "not JSON at byte \(offset) of the record"
  case .tooLong(let bytesMax): "a record is longer than \(bytesMax) bytes"
  case .empty: "there is no record in it"
  case .missing: "the field is missing"
  case .unknown: "the format has no such field"
  case .wrongType(let expected, let found): "wanted is \(expected), found \(found)"
  case .notAllowed(let found, let allowed):
    "\"\(found.prefix(100))\" is not allowed; allowed: \(list(allowed))"
  case .tooFew(let count, let atLeast): "\(count) long, has to be at least \(atLeast)"
  case .tooMany(let count, let atMost): "\(count) long, may be at most \(atMost)"
  case .broken(let rule): words(for: rule)
  }
}

private func words(for rule: FormatFault.Rule) -> String {
  switch rule {
  case .promptEndsWithUser: "the last message of a prompt cannot be the assistant's"
  case .replyIsAssistant: "has to be one message of the assistant"
  case .assistantPresent: "there is no message of the assistant"
  case .sidesDiffer: "both sides are the same"
  case .sameCount(let one, let other): "\(one) here, \(other) there; they have to be equally many"
  case .rolesAlternate: "two messages of one side follow each other"
  case .uniqueName(let name): "\"\(name)\" is there twice"
  case .parentIsAbove: "the message is not a reply to the one it stands under"
  case .notOurLine: "no line that a transcript of this program has outside of texts"
  case .notEscaped: "a character that means something to Markdown; it has to follow a \\"
  case .notClosed(let what): "\(what) that begins here does not end"
  case .strayQuotation: "a quotation mark inside a field; it has to be doubled, the field quoted"
  case .other(let words): words
  }
}

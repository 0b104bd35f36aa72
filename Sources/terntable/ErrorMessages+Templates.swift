import Inference

/// Words what is wrong with a chat template, or odd about a model file.
func text(for fault: TemplateFault) -> String {
  switch fault {
  case .syntax(let found, let expected): "\(Plain.line(found)) stands where \(expected) is due"
  case .unsupported(let construct): "\(Plain.line(construct)) is not supported"
  case .undefined(let name): "\(Plain.line(name)) is used and does not exist"
  case .wrongType(let operation, let value): "\(Plain.line(operation)) does not take \(value)"
  case .raised(let message): "it refuses this chat: \(Plain.line(message))"
  case .limitExceeded(let limit):
    switch limit {
    case .steps: "it does not end within \(limit.maximum) steps"
    case .textScalars: "it makes a text longer than \(limit.maximum) characters"
    case .nesting: "it is nested deeper than \(limit.maximum) levels"
    case .integers: "a number has more than 64 bits"
    }
  }
}

func text(for warning: ModelWarning) -> String {
  switch warning {
  case .templateReplaced:
    "the file's chat template is the known wrong one of BitNet 2B-4T; the format the model was "
      + "trained on is used instead"
  case .templateUnusable(let error): text(for: error)
  case .beginningTwice(let token):
    "the file and its chat template both ask for \(Plain.line(token)) at the beginning; it is "
      + "written once"
  case .noStopToken: "no token ends a reply; only --max-tokens does"
  case .replyEndIsNoToken:
    "the chat template ends a reply without a token, so the model may talk on into the next turn"
  case .missingPreTokenizer(let assumed):
    "the file names no pre-tokenizer; \(assumed) is assumed"
  case .bytesWithoutToken(let bytes):
    "the vocabulary has no token for byte\(bytes.count == 1 ? "" : "s") "
      + list(bytes.map { "\($0)" }) + ": texts lose them"
  }
}

/// Says on standard error what is odd about a model file.
func tellWarnings(of opened: OpenedModel) {
  for line in warnings(of: opened) { say(line) }
}

/// What is odd about a model file, a line each.
func warnings(of opened: OpenedModel) -> [String] {
  opened.model.info.warnings.map { "\(Plain.line(opened.name)): \(text(for: $0))" }
}

import ArgumentParser
import Foundation
import Inference

/// Words what is wrong with a model file or a request to a model.
func commandFailure(for failure: ModelFailure) -> CommandFailure {
  let place =
    LanguageModel.bundledNames.contains(failure.name)
    ? "the bundled model \(failure.name)" : failure.path
  let error: InferenceError
  switch failure.cause {
  case .library(let error): return commandFailure(for: error)
  case .engine(let cause): error = cause
  }
  switch error {
  case .cannotRead(_, let code):
    return CommandFailure(
      "\(place): cannot read the model file: \(systemText(code)); give --model a GGUF file, "
        + "\"\(bundledModelName)\" or a name of terntable model list",
      code == ENOENT ? .noInput : .inputOutput)
  case .bundledModelMissing(let name):
    return CommandFailure(
      "the bundled model \(name) is missing: keep the folder terntable_Inference.resources, with "
        + "\(name).gguf in it, beside the program, or give --model a GGUF file", .badConfiguration)
  case .kernelUnavailable(let name, let available):
    return CommandFailure(
      "TERNTABLE_KERNEL=\(name) cannot run here; available: \(list(available))", .badConfiguration)
  default:
    return CommandFailure("\(place): \(text(for: error))", exitCode(for: error))
  }
}

private func exitCode(for error: InferenceError) -> ExitCode {
  switch error {
  case .invalidParameter, .emptyPrompt: .usage
  case .outOfMemory: .unavailable
  case .cancelled: .interrupted
  default: .badData
  }
}

/// What is wrong, without the file's name.
func text(for error: InferenceError) -> String {
  fileText(error) ?? contentText(error) ?? requestText(error) ?? "\(error)"
}

private func fileText(_ error: InferenceError) -> String? {
  switch error {
  case .notGGUF: "not a GGUF model file"
  case .unsupportedVersion(let version):
    "GGUF version \(version) is not supported; versions 2 and 3 are"
  case .truncated(let offset, let needed, let available):
    "the file ends too early: \(needed) bytes are due at byte \(offset), \(available) are left; "
      + "was the download complete?"
  case .limitExceeded(let limit, let value, let offset):
    "damaged at byte \(offset): \(value) exceeds the limit for \(limit) (\(limit.maximum))"
  case .invalidUTF8(let offset): "damaged at byte \(offset): the text is not UTF-8"
  case .unknownValueType(let key, let code, let offset):
    "damaged at byte \(offset): \"\(key)\" has the unknown value type \(code)"
  case .duplicateKey(let key, let offset): "damaged at byte \(offset): \"\(key)\" stands twice"
  case .duplicateTensor(let tensor, let offset):
    "damaged at byte \(offset): tensor \"\(tensor)\" stands twice"
  case .invalidAlignment(let alignment): "the alignment \(alignment) is not a power of two"
  case .misalignedTensor(let tensor, let offset, let alignment):
    "tensor \"\(tensor)\" begins at byte \(offset), which is no multiple of \(alignment)"
  case .tensorOutOfBounds(let tensor, let offset, let bytes, let fileBytes):
    "tensor \"\(tensor)\" (\(bytes) bytes at byte \(offset)) reaches past the end of the file "
      + "(\(fileBytes) bytes); was the download complete?"
  case .unfittingTensor(let tensor, let type, let bytes):
    "tensor \"\(tensor)\" has \(bytes) bytes, which fits none of the layouts known as ggml type "
      + "\(type)"
  case .overlappingTensors(let tensor, let next, let offset):
    "damaged: tensor \"\(tensor)\" reaches into \"\(next)\", which begins at byte \(offset)"
  default: nil
  }
}

private func contentText(_ error: InferenceError) -> String? {
  switch error {
  case .missingKey(let key): "the key \"\(key)\" is missing"
  case .wrongValueType(let key, let expected, let found):
    "the key \"\(key)\" is \(found), not \(expected)"
  case .unsupportedHyperparameter(let key, let value): "\(key) = \(value) is not supported"
  case .unsupportedArchitecture(let name, let supported):
    "the architecture \"\(name)\" is not supported; supported: \(list(supported))"
  case .unsupportedTensorType(let tensor, let type, let supported):
    "tensor \"\(tensor)\" has ggml type \(type), which is not supported here; supported: "
      + list(supported)
  case .missingTensor(let tensor): "tensor \"\(tensor)\" is missing"
  case .unexpectedTensor(let tensor):
    "tensor \"\(tensor)\" is not part of this architecture as supported here"
  case .unexpectedShape(let tensor, let expected, let found):
    "tensor \"\(tensor)\" has the shape \(found), not \(expected)"
  case .invalidTernaryCode(let tensor, let offset):
    "tensor \"\(tensor)\" holds a code that is not ternary at byte \(offset)"
  case .rotatedBasis(let key):
    "the weights are kept in a rotated basis (\"\(key)\"), which is not supported: they would "
      + "give fluent nonsense"
  case .nonFiniteWeight(let tensor, let row):
    "tensor \"\(tensor)\", row \(row): a weight is not a finite number"
  case .unsupportedTokenizer(let name, let supported):
    "the tokenizer \"\(name)\" is not supported; supported: \(list(supported))"
  case .unsupportedPreTokenizer(let name, let supported):
    "the pre-tokenizer \"\(name)\" is not supported; supported: \(list(supported))"
  case .tokenizerCountMismatch(let key, let expected, let found):
    "\"\(key)\" has \(found) elements, not \(expected)"
  case .missingByteToken(let byte): "no token stands for byte \(byte)"
  case .invalidMerge(let index): "merge rule \(index) names tokens that do not exist"
  case .duplicateToken(let first, let second):
    "tokens \(first) and \(second) stand for the same bytes"
  case .missingChatTemplate: "the file has no chat template"
  case .chatTemplate(let line, let fault): "the chat template, line \(line): \(text(for: fault))"
  default: nil
  }
}

private func requestText(_ error: InferenceError) -> String? {
  switch error {
  case .emptyPrompt: "the text has no tokens"
  case .promptTooLong(let tokens, let limit): promptTooLong(tokens: tokens, limit: limit)
  case .tokenOutOfRange(let token, let size): "token \(token) is outside the vocabulary of \(size)"
  case .invalidParameter(let name, let value): "\(name) cannot be \(value)"
  case .outOfMemory(let bytes): "no memory left for \(bytes) bytes of keys and values"
  case .cancelled: "stopped"
  default: nil
  }
}

func promptTooLong(tokens: Int, limit: Int) -> String {
  "the conversation has \(tokens) tokens and the model reads at most \(limit); /undo or start a "
    + "new session"
}

func list(_ names: [String]) -> String { names.joined(separator: ", ") }

/// The system's words for an `errno`.
func systemText(_ code: Int32) -> String { String(cString: strerror(code)) }

import ArgumentParser
import Checkpoints

/// Words why a checkpoint cannot be converted.
func commandFailure(for error: CheckpointError) -> CommandFailure {
  switch error {
  case .unreadable(let path, let code):
    CommandFailure("\(path): cannot read: \(systemText(code))", .noInput)
  case .unwritable(let path, let code):
    CommandFailure("\(path): cannot write: \(systemText(code))", .inputOutput)
  case .noWeights(let folder):
    CommandFailure(
      "\(folder): neither model.safetensors nor model.safetensors.index.json is there; name the "
        + "weights' files", .noInput)
  case .cancelled: CommandFailure("stopped", .interrupted)
  default:
    CommandFailure(
      fileText(error) ?? fieldText(error) ?? weightText(error) ?? "\(error)", .badData)
  }
}

private func fileText(_ error: CheckpointError) -> String? {
  switch error {
  case .tooLarge(let path, let bytes, let most):
    "\(path): \(bytes) bytes; at most \(most) are read of such a file"
  case .notJSON(let path, let offset):
    "\(path): not JSON at byte \(offset) of it (or a key stands twice, or it is nested too deeply)"
  case .damaged(let path, let fault): "\(path): \(text(for: fault))"
  case .duplicateTensor(let name, let paths): "tensor \"\(name)\" is in \(list(paths)); name one"
  case .indexMismatch(let path, let entry):
    "\(path): \"\(entry)\" is not where the index says; is the download complete?"
  default: nil
  }
}

private func text(for fault: SafetensorsFault) -> String {
  switch fault {
  case .truncated(let needed, let available):
    "cut off: \(needed) bytes are due, \(available) are there; was the download complete?"
  case .headerTooLarge(let bytes, let most):
    "the header has \(bytes) bytes, at most \(most) are read; is it a safetensors file?"
  case .tooManyTensors(let count, let most): "\(count) tensors; at most \(most) are read"
  case .entry(let tensor, let field):
    "damaged: \"\(field)\" of tensor \"\(tensor)\" is missing, doubled or of a wrong kind"
  case .unknownElements(let tensor, let name):
    "tensor \"\(tensor)\" has the unknown element type \"\(name)\""
  case .wrongSize(let tensor, let expected, let found):
    "damaged: tensor \"\(tensor)\" has \(found) bytes, its shape needs \(expected)"
  case .outOfBounds(let tensor, let end, let available):
    "tensor \"\(tensor)\" ends at byte \(end) of \(available); was the download complete?"
  case .overlap(let first, let second):
    "damaged: tensors \"\(first)\" and \"\(second)\" share bytes"
  case .gap(let tensor?, let bytes):
    "damaged: \(bytes) bytes before tensor \"\(tensor)\" belong to none"
  case .gap(nil, let bytes): "damaged: the last \(bytes) bytes belong to no tensor"
  }
}

private func fieldText(_ error: CheckpointError) -> String? {
  switch error {
  case .missingField(let path, let field, let expected):
    "\(path): \"\(field)\" has to be \(expected)"
  case .unsupportedField(let path, let field, let value, let supported):
    "\(path): \"\(field)\" is \(value), which cannot be converted" + alternatives(supported)
  case .unsupportedTokenizer(let path, let part, let value, let supported):
    "\(path): \"\(part)\" is \(value), which model files have no word for"
      + alternatives(supported)
  case .invalidTokenNumber(let path, let token, let number):
    "\(path): token \"\(token)\" has the number \(number), which is taken or outside the "
      + "vocabulary of config.json"
  default: nil
  }
}

private func alternatives(_ supported: [String]) -> String {
  supported.isEmpty ? "" : "; supported: \(list(supported))"
}

private func weightText(_ error: CheckpointError) -> String? {
  switch error {
  case .missingTensor(let name): "tensor \"\(name)\" is missing"
  case .unexpectedTensor(let name, let path):
    "\(path): tensor \"\(name)\" is not part of this architecture as supported here"
  case .unexpectedShape(let tensor, let expected, let found):
    "tensor \"\(tensor)\" has the shape \(found), not \(expected)"
  case .unsupportedElements(let tensor, let type, let supported):
    "tensor \"\(tensor)\" holds \(type); supported: \(list(supported))"
  case .unevenRows(let tensor, let columns, let block, let type):
    "tensor \"\(tensor)\" has rows of \(columns) weights, which are no whole blocks of \(block), "
      + "as \(type) has them"
  case .invalidCode(let tensor, let row):
    "tensor \"\(tensor)\", row \(row): a packed code is not ternary"
  case .notFinite(let tensor, let row):
    "tensor \"\(tensor)\", row \(row): not a finite number, or a scale of 0"
  case .severalScales(let tensor, let type):
    "tensor \"\(tensor)\" has a scale a row and \(type) has one a tensor; use --type TQ2_0"
  case .scaleOutOfRange(let tensor, let scale, let type):
    "tensor \"\(tensor)\" has the scale \(scale), which \(type) cannot hold; use --type I2_S"
  case .notTernary(let tensor):
    "tensor \"\(tensor)\" is not ternary, and config.json does not say that it is rounded: this "
      + "is no checkpoint of a ternary model"
  case .unknownScales(let tensor):
    "tensor \"\(tensor)\" is packed, and config.json has no quantization_config to say what its "
      + "scale means"
  default: nil
  }
}

/// Why a checkpoint cannot be read or converted. Cases carry facts; the words for people are made
/// elsewhere.
package enum CheckpointError: Error, Sendable, Equatable {
  // MARK: Files

  /// A file could not be opened, read or mapped; `errno` is the system's reason.
  case unreadable(path: String, errno: Int32)
  /// The output could not be written.
  case unwritable(path: String, errno: Int32)
  /// A folder without any of the files that hold weights.
  case noWeights(folder: String)
  /// A file of JSON is longer than `bytesMax`.
  case tooLarge(path: String, bytes: Int, bytesMax: Int)
  /// Not JSON, or the same key twice, or nested too deeply; `offset` is in the JSON's bytes.
  case notJSON(path: String, offset: Int)
  /// A safetensors file is not as its format says.
  case damaged(path: String, SafetensorsFault)
  /// Two files hold a tensor of the same name.
  case duplicateTensor(String, paths: [String])
  /// The index names a tensor or a file that is not there.
  case indexMismatch(path: String, entry: String)

  // MARK: What the files say

  /// A field is absent or has another type than its meaning calls for.
  case missingField(path: String, field: String, expected: String)
  /// A field has a value that cannot be converted; `supported` may be empty.
  case unsupportedField(path: String, field: String, value: String, supported: [String])
  /// The tokenizer does something that model files have no words for.
  case unsupportedTokenizer(path: String, part: String, value: String, supported: [String])
  /// Two tokens have one number, or a number lies outside the vocabulary.
  case invalidTokenNumber(path: String, token: String, number: Int)

  // MARK: Weights

  case missingTensor(String)
  /// A tensor that this architecture does not have; leaving it out would change the numbers.
  case unexpectedTensor(String, path: String)
  case unexpectedShape(tensor: String, expected: [Int], found: [Int])
  case unsupportedElements(tensor: String, type: String, supported: [String])
  /// Rows are not whole blocks of the type asked for.
  case unevenRows(tensor: String, columns: Int, block: Int, type: String)
  /// A two-bit code that stands for nothing.
  case invalidCode(tensor: String, row: Int)
  /// A weight or a scale is infinite or not a number.
  case notFinite(tensor: String, row: Int)
  /// Rows have different scales, and the type has one for the whole tensor.
  case severalScales(tensor: String, type: String)
  /// A scale beyond what f16 holds.
  case scaleOutOfRange(tensor: String, scale: Float, type: String)
  /// Weights that are not ternary, in a checkpoint that does not say it was trained to be.
  case notTernary(tensor: String)
  /// Packed weights in a checkpoint that does not say what their scales mean.
  case unknownScales(tensor: String)
  /// The task was cancelled.
  case cancelled
}

/// How a safetensors file is not as its format says.
package enum SafetensorsFault: Error, Sendable, Equatable {
  /// Fewer bytes than the header's length needs, or its length itself.
  case truncated(needed: UInt64, available: UInt64)
  case headerTooLarge(bytes: UInt64, bytesMax: UInt64)
  case tooManyTensors(count: Int, countMax: Int)
  /// An entry lacks a field, has one too many, or one of the wrong type.
  case entry(tensor: String, field: String)
  case unknownElements(tensor: String, name: String)
  /// Elements times their size is not the length of the bytes.
  case wrongSize(tensor: String, expected: UInt64, found: UInt64)
  case outOfBounds(tensor: String, end: UInt64, available: UInt64)
  /// Bytes of the first tensor belong to the second too.
  case overlap(String, String)
  /// Bytes before this tensor, or behind the last, belong to none.
  case gap(before: String?, bytes: UInt64)
}

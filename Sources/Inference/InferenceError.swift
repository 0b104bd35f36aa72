/// What can go wrong between a model file and a generated token. Cases carry facts (names,
/// byte offsets, limits); the words for people are made elsewhere.
public enum InferenceError: Error, Sendable, Equatable {
  // MARK: The file

  /// The file could not be opened or mapped; `errno` is the system's reason.
  case cannotRead(path: String, errno: Int32)
  /// The program was built without this bundled model.
  case bundledModelMissing(String)
  /// The file does not start with `GGUF`; `magic` holds the first bytes there are (at most 4).
  case notGGUF(magic: [UInt8])
  /// The version of the format is neither 2 nor 3.
  case unsupportedVersion(UInt32)
  /// The file ends too early: at `offset` `needed` bytes were due and `available` were left.
  case truncated(offset: UInt64, needed: UInt64, available: UInt64)
  /// A count or length in the file is above a named limit.
  case limitExceeded(limit: FileLimit, value: UInt64, offset: UInt64)
  /// A name or a piece of text in the file is not UTF-8.
  case invalidUTF8(offset: UInt64)
  /// A metadata value has a type code the format does not define.
  case unknownValueType(key: String, code: UInt32, offset: UInt64)
  /// The same metadata key twice.
  case duplicateKey(String, offset: UInt64)
  /// The same tensor name twice.
  case duplicateTensor(String, offset: UInt64)
  /// `general.alignment` is not a power of two from 1 to 65,536.
  case invalidAlignment(UInt64)
  /// A tensor's data do not start at a multiple of the alignment.
  case misalignedTensor(String, offset: UInt64, alignment: UInt64)
  /// A tensor's data reach past the end of the file.
  case tensorOutOfBounds(String, offset: UInt64, bytes: UInt64, fileBytes: UInt64)
  /// The bytes a tensor has to itself are those of none of the layouts that go by its type's
  /// number.
  case unfittingTensor(String, type: UInt32, bytes: UInt64)
  /// The first tensor's data reach into the second's, which begin at `offset`.
  case overlappingTensors(String, String, offset: UInt64)

  // MARK: The model in it

  /// A required metadata key is absent.
  case missingKey(String)
  /// A metadata value has another type than the key calls for.
  case wrongValueType(key: String, expected: String, found: String)
  /// A hyperparameter this engine cannot work with.
  case unsupportedHyperparameter(key: String, value: String)
  /// The architecture is none of `supported`.
  case unsupportedArchitecture(String, supported: [String])
  /// A tensor's element type is none of `supported`; `type` is ggml's number.
  case unsupportedTensorType(tensor: String, type: UInt32, supported: [String])
  /// A required tensor is absent.
  case missingTensor(String)
  /// A tensor this architecture does not have; leaving it out would change the numbers.
  case unexpectedTensor(String)
  /// A tensor's dimensions (fastest first, as in the file) differ from the hyperparameters'.
  case unexpectedShape(tensor: String, expected: [UInt64], found: [UInt64])
  /// The weights are kept in a rotated basis, as this key says.
  case rotatedBasis(key: String)
  /// A two-bit weight code that the tensor's type does not have, in the block at `offset`.
  case invalidTernaryCode(tensor: String, offset: UInt64)
  /// A weight or scale is infinite or not a number.
  case nonFiniteWeight(tensor: String, row: Int)

  // MARK: Tokenizer and template

  /// `tokenizer.ggml.model` is none of `supported`.
  case unsupportedTokenizer(String, supported: [String])
  /// `tokenizer.ggml.pre` is none of `supported`.
  case unsupportedPreTokenizer(String, supported: [String])
  /// Two arrays of the tokenizer that must be equally long are not.
  case tokenizerCountMismatch(key: String, expected: Int, found: Int)
  /// No token stands for this single byte, so some texts could not be encoded.
  case missingByteToken(UInt8)
  /// A merge rule's parts or result are not in the vocabulary.
  case invalidMerge(index: Int)
  /// Two ordinary tokens stand for the same bytes.
  case duplicateToken(TokenID, TokenID)
  /// The file has no chat template.
  case missingChatTemplate
  /// The chat template cannot be read, or cannot lay this chat out; lines count from 1.
  case chatTemplate(line: Int, TemplateFault)

  // MARK: Requests

  /// A request without a token to start from.
  case emptyPrompt
  /// More prompt tokens than the context holds.
  case promptTooLong(tokens: Int, limit: Int)
  /// A token that is not in the vocabulary.
  case tokenOutOfRange(TokenID, vocabularySize: Int)
  /// A sampling or benchmark parameter outside its range.
  case invalidParameter(name: String, value: Double)
  /// The kernel path asked for does not exist or cannot run on this machine.
  case kernelUnavailable(String, available: [String])
  /// The system has no memory left for a request's keys and values.
  case outOfMemory(bytes: Int)
  /// The task that waited for the result was cancelled.
  case cancelled
}

/// The named limits a model file is held to before anything is allocated for it.
public enum FileLimit: Sendable, CaseIterable {
  /// Bytes of a metadata key or tensor name.
  case nameBytes
  /// Bytes of one text value; templates are the longest.
  case stringBytes
  /// Elements of one array; the largest vocabularies have about 300,000 merges.
  case arrayCount
  /// Metadata entries.
  case keyCount
  /// Tensors.
  case tensorCount
  /// Dimensions of a tensor.
  case dimensionCount
  /// Elements of a tensor.
  case elementCount
  /// Arrays inside arrays.
  case nesting

  /// The largest value allowed.
  public var maximum: UInt64 {
    switch self {
    case .nameBytes: 1 << 10
    case .stringBytes: 1 << 20
    case .arrayCount: 1 << 22
    case .keyCount, .tensorCount: 1 << 16
    case .dimensionCount: 4
    case .elementCount: 1 << 40
    case .nesting: 2
    }
  }
}

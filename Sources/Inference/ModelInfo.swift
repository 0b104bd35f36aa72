/// What a model file says and is.
public struct ModelInfo: Sendable, Equatable {
  /// `general.name`, or the file's name where that is absent.
  public let name: String
  /// `general.architecture`.
  public let architecture: String
  /// Weights of all tensors.
  public let parameters: Int
  /// Tensors of each element type, by ggml's name: `["TQ2_0": 42, "F32": 25, "Q8_0": 1]`.
  public let tensorTypes: [String: Int]
  /// Tokens a prompt and its reply may have together.
  public let contextLength: Int
  /// Width of the residual stream.
  public let embeddingLength: Int
  /// Transformer blocks.
  public let blockCount: Int
  /// Attention heads.
  public let headCount: Int
  /// Width of the feed-forward layers.
  public let feedForwardLength: Int
  /// Tokens in the vocabulary.
  public let vocabularySize: Int
  /// The chat template's text; nil where the file has none.
  public let chatTemplate: String?
  /// SHA-256 of the file, 64 lowercase hexadecimal digits.
  public let sha256: String
  /// SHA-256 of the chat template's UTF-8; nil where the file has none.
  public let templateSHA256: String?
  /// Size of the file.
  public let fileBytes: Int
  /// Bytes of weights that one decoded token reads from memory.
  public let weightBytesPerToken: Int
  /// The kernel path in use: `reference`, `avx2` or `avx512`.
  public internal(set) var kernel: String
}

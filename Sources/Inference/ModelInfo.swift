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
  /// The chat template's text as it is used; nil where the file has none.
  public let chatTemplate: String?
  /// A short chat as the model sees it; nil where the template cannot lay it out.
  public let samplePrompt: RenderedPrompt?
  /// Tokens that the file names for a purpose (`bos_token`, `eos_token` …), and those that end a
  /// reply (`stop`), in this order.
  public let specialTokens: [SpecialToken]
  /// What is odd about the file but does not keep it from running.
  public let warnings: [ModelWarning]
  /// SHA-256 of the file, 64 lowercase hexadecimal digits.
  public let sha256: String
  /// SHA-256 of `chatTemplate`'s UTF-8; nil where the file has none.
  public let templateSHA256: String?
  /// Size of the file.
  public let fileBytes: Int
  /// Bytes of weights that one decoded token reads from memory.
  public let weightBytesPerToken: Int
  /// The kernel path in use: `reference`, `avx2`, `avx512` or `neon`.
  public internal(set) var kernel: String
}

/// A token with a purpose.
public struct SpecialToken: Sendable, Equatable {
  /// What it is for: `bos_token`, `eos_token`, `unk_token`, `pad_token` or `stop`.
  public let purpose: String
  public let id: TokenID
  /// Its spelling.
  public let text: String
}

/// What is odd about a model file but does not keep it from running. Cases carry facts; the words
/// are made elsewhere.
public enum ModelWarning: Sendable, Equatable {
  /// The file's chat template is known to be wrong; the trained one is used instead.
  case templateReplaced
  /// The chat template cannot be used.
  case templateUnusable(InferenceError)
  /// Both the file's flag and the template ask for the beginning-of-text token; it is written once.
  case beginningTwice(String)
  /// Nothing ends a reply but the limit of tokens.
  case noStopToken
  /// The template does not end a reply with a token, only the file's end-of-text token does.
  case replyEndIsNoToken
  /// The file names no pre-tokenizer; this one is assumed.
  case missingPreTokenizer(assumed: String)
  /// No token stands for these bytes, so a text loses them.
  case bytesWithoutToken([UInt8])
}

/// What a model file says about its tokenizer.
struct TokenizerDefinition {
  /// `tokenizer.ggml.token_type`'s values.
  enum Kind: Int64 {
    case normal = 1
    case unknown = 2
    case control = 3
    case userDefined = 4
    case unused = 5
    case byte = 6
  }

  /// `gpt2` or `llama`.
  var model: String
  /// The pre-tokenizer's name; nil where the file has none.
  var pre: String?
  var texts: [String]
  /// One a token; those of old files are all normal.
  var types: [Int64]
  /// One a token, for `llama`.
  var scores: [Float] = []
  var merges: [String] = []
  /// Tokens with a purpose: `bos`, `eos`, `eot`, `unknown`, `padding`.
  var named: [String: TokenID] = [:]
  var addsBeginning: Bool?
  var addsSpacePrefix: Bool?

  static let models = ["gpt2", "llama"]
}

extension TokenizerDefinition {
  /// - Throws: `unsupportedTokenizer`, `missingKey`, `wrongValueType`, `tokenizerCountMismatch`,
  ///   `tokenOutOfRange`.
  init(_ file: GGUFFile) throws(InferenceError) {
    let modelKey = "tokenizer.ggml.model"
    guard let model = try file.string(modelKey) else { throw .missingKey(modelKey) }
    guard TokenizerDefinition.models.contains(model) else {
      throw .unsupportedTokenizer(model, supported: TokenizerDefinition.models)
    }
    let texts = try file.strings("tokenizer.ggml.tokens")
    let typesKey = "tokenizer.ggml.token_type"
    let types = try file.integers(typesKey) ?? Array(repeating: 1, count: texts.count)
    guard types.count == texts.count else {
      throw .tokenizerCountMismatch(key: typesKey, expected: texts.count, found: types.count)
    }
    self.init(model: model, pre: try file.string("tokenizer.ggml.pre"), texts: texts, types: types)
    if model == "gpt2" {
      merges = try file.strings("tokenizer.ggml.merges")
    } else {
      let scoresKey = "tokenizer.ggml.scores"
      guard case .floats(let values) = file.metadata[scoresKey] else {
        throw .missingKey(scoresKey)
      }
      scores = values.map { Float($0) }
      guard scores.count == texts.count else {
        throw .tokenizerCountMismatch(key: scoresKey, expected: texts.count, found: scores.count)
      }
    }
    for name in ["bos", "eos", "eot", "unknown", "padding"] {
      guard let id = try file.integer("tokenizer.ggml.\(name)_token_id") else { continue }
      guard id < UInt64(texts.count) else {
        throw .tokenOutOfRange(TokenID(clamping: id), vocabularySize: texts.count)
      }
      named[name] = TokenID(id)
    }
    addsBeginning = try file.bool("tokenizer.ggml.add_bos_token")
    addsSpacePrefix = try file.bool("tokenizer.ggml.add_space_prefix")
  }
}

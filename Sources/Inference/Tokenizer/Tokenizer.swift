/// A token's number in its model's vocabulary.
public typealias TokenID = Int32

/// Turns text into tokens and tokens into bytes: byte-level BPE, over bytes and ids only.
///
/// Swift strings compare by canonical equivalence (é equals e and a combining accent), which
/// would mix up tokens; no comparison of strings is made here.
public struct Tokenizer: Sendable {
  /// `tokenizer.ggml.token_type`'s values.
  private enum Kind: Int64 {
    case normal = 1
    case unknown = 2
    case control = 3
    case userDefined = 4
    case unused = 5
    case byte = 6
  }

  private let pieces: [[UInt8]]
  private let controls: Set<TokenID>
  private let specials: [[UInt8]: TokenID]
  private let byteTokens: [TokenID]  // (256)
  private let merges: [TokenPair: Merge]

  /// The token that ends a text, where the file names one.
  let endOfText: TokenID?
  /// The token that ends a turn, where the file names one.
  let endOfTurn: TokenID?
  /// The token every prompt begins with, where the file asks for one.
  public let beginning: TokenID?

  /// Reads the tokenizer of a model file.
  ///
  /// - Throws: `unsupportedTokenizer`, `unsupportedPreTokenizer`, `missingKey`,
  ///   `wrongValueType`, `tokenizerCountMismatch`, `missingByteToken`, `invalidMerge`,
  ///   `duplicateToken`, `tokenOutOfRange`.
  init(_ file: GGUFFile) throws(InferenceError) {
    let modelKey = "tokenizer.ggml.model"
    guard let model = try file.string(modelKey) else { throw .missingKey(modelKey) }
    guard model == "gpt2" else { throw .unsupportedTokenizer(model, supported: ["gpt2"]) }
    let preKey = "tokenizer.ggml.pre"
    guard let pre = try file.string(preKey) else { throw .missingKey(preKey) }
    guard PreTokenizer.supported.contains(pre) else {
      throw .unsupportedPreTokenizer(pre, supported: PreTokenizer.supported)
    }
    let texts = try file.strings("tokenizer.ggml.tokens")
    let typesKey = "tokenizer.ggml.token_type"
    let types = try file.integers(typesKey) ?? Array(repeating: 1, count: texts.count)
    guard types.count == texts.count else {
      throw .tokenizerCountMismatch(key: typesKey, expected: texts.count, found: types.count)
    }
    var builder = VocabularyBuilder()
    for (index, text) in texts.enumerated() {
      let special = types[index] != Kind.normal.rawValue && types[index] != Kind.byte.rawValue
      try builder.add(text, special: special, control: types[index] == Kind.control.rawValue)
    }
    pieces = builder.pieces
    controls = builder.controls
    specials = builder.specials
    byteTokens = try builder.byteTokens()
    merges = try builder.merges(try file.strings("tokenizer.ggml.merges"))
    func special(_ name: String) throws(InferenceError) -> TokenID? {
      guard let id = try file.integer("tokenizer.ggml.\(name)_token_id") else { return nil }
      guard id < UInt64(texts.count) else {
        throw .tokenOutOfRange(TokenID(clamping: id), vocabularySize: texts.count)
      }
      return TokenID(id)
    }
    endOfText = try special("eos")
    endOfTurn = try special("eot")
    let begins = try file.bool("tokenizer.ggml.add_bos_token") ?? false
    beginning = begins ? try special("bos") : nil
  }

  /// Tokens in the vocabulary.
  var vocabularyCount: Int { pieces.count }

  /// The tokens of a text. Control tokens never come out of it: a text that spells one is
  /// plain bytes like any other.
  public func encode(_ text: String) -> [TokenID] {
    var words = PreTokenizer(text)
    var merger = BytePairMerger(merges: merges)
    var tokens: [TokenID] = []
    while let word = words.next() {
      merger.merge(word.map { byteTokens[Int($0)] }, into: &tokens)
    }
    return tokens
  }

  /// The bytes a token adds to a text: none for a control token or an id outside the vocabulary.
  public func bytes(of token: TokenID) -> [UInt8] {
    guard token >= 0, token < pieces.count, !controls.contains(token) else { return [] }
    return pieces[Int(token)]
  }

  /// A token for people to read: its bytes as UTF-8 with U+FFFD for what is not; a control
  /// token's name.
  public func piece(of token: TokenID) -> String {
    guard token >= 0, token < pieces.count else { return "" }
    return String(decoding: pieces[Int(token)], as: UTF8.self)
  }

  /// Whether a token is a control token.
  func isControl(_ token: TokenID) -> Bool { controls.contains(token) }

  /// The special token of this name, such as `<|im_end|>`.
  public func id(ofSpecial name: String) -> TokenID? { specials[Array(name.utf8)] }

  /// The text of some tokens, control tokens left out, invalid UTF-8 as U+FFFD.
  public func decode(_ tokens: some Sequence<TokenID>) -> String {
    String(decoding: tokens.flatMap { bytes(of: $0) }, as: UTF8.self)
  }
}

/// Gathers a vocabulary: tokens by id, and the tables that encoding needs.
private struct VocabularyBuilder {
  private(set) var pieces: [[UInt8]] = []
  private(set) var controls: Set<TokenID> = []
  private(set) var specials: [[UInt8]: TokenID] = [:]
  private var ordinary: [[UInt8]: TokenID] = [:]

  mutating func add(_ text: String, special: Bool, control: Bool) throws(InferenceError) {
    let id = TokenID(pieces.count)
    if special {
      pieces.append(Array(text.utf8))
      if control { controls.insert(id) }
      if specials[Array(text.utf8)] == nil { specials[Array(text.utf8)] = id }
      return
    }
    let bytes = ByteAlphabet.bytes(text) ?? Array(text.utf8)
    pieces.append(bytes)
    if let other = ordinary.updateValue(id, forKey: bytes) { throw .duplicateToken(other, id) }
  }

  func byteTokens() throws(InferenceError) -> [TokenID] {
    var tokens: [TokenID] = []
    for byte in UInt8.min...UInt8.max {
      guard let token = ordinary[[byte]] else { throw .missingByteToken(byte) }
      tokens.append(token)
    }
    return tokens
  }

  /// Reads merge rules: two tokens in the byte alphabet with a space between them.
  func merges(_ lines: [String]) throws(InferenceError) -> [TokenPair: Merge] {
    var merges: [TokenPair: Merge] = [:]
    merges.reserveCapacity(lines.count)
    for (rank, line) in lines.enumerated() {
      let text = Array(line.unicodeScalars)
      // The alphabet has no space, so the only space separates.
      let halves = text.split(separator: " ", omittingEmptySubsequences: false)
      guard halves.count == 2,
        let left = bytes(halves[0]), let right = bytes(halves[1]),
        let leftID = ordinary[left], let rightID = ordinary[right],
        let result = ordinary[left + right]
      else { throw .invalidMerge(index: rank) }
      let pair = TokenPair(leftID, rightID)
      if merges[pair] == nil { merges[pair] = Merge(rank: UInt32(rank), result: result) }
    }
    return merges
  }

  private func bytes(_ scalars: ArraySlice<Unicode.Scalar>) -> [UInt8]? {
    var bytes: [UInt8] = []
    for scalar in scalars {
      guard let byte = ByteAlphabet.byte(scalar) else { return nil }
      bytes.append(byte)
    }
    return bytes
  }
}

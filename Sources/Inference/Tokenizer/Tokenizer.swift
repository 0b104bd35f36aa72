/// A token's number in its model's vocabulary.
public typealias TokenID = Int32

/// Turns text into tokens and tokens into bytes, over bytes and ids only.
///
/// Swift strings compare by canonical equivalence (é equals e and a combining accent), which
/// would mix up tokens; no comparison of strings is made here.
public struct Tokenizer: Sendable {
  private typealias Kind = TokenizerDefinition.Kind

  /// How text between whole tokens becomes tokens.
  private enum Vocabulary: Sendable {
    case bytePair(BytePairVocabulary)
    case sentencePiece(SentencePieceVocabulary)
  }

  private let pieces: [[UInt8]]
  private let controlIDs: Set<TokenID>
  private let specials: [[UInt8]: TokenID]
  private let vocabulary: Vocabulary
  /// Tokens that are whole wherever their spelling stands, as in `tokenizers` and llama.cpp.
  private let userDefined: SpellingTable<UInt8>

  /// Spellings that stand for one token where a chat template writes them.
  let controls: SpellingTable<UInt32>
  /// The tokens that the file names for a purpose, by the names templates know them by:
  /// `bos_token`, `eos_token`, `unk_token`, `pad_token`.
  let named: [String: TokenID]
  /// The token that ends a text, where the file names one.
  let endOfText: TokenID?
  /// The token that ends a turn, where the file names one.
  let endOfTurn: TokenID?
  /// The token every prompt begins with, where the file asks for one.
  public let beginning: TokenID?
  /// The pre-tokenizer that was taken because the file names none; nil where it names one.
  let assumedPreTokenizer: String?

  /// - Throws: what `TokenizerDefinition.init` and `Tokenizer.init(definition:)` throw.
  init(_ file: GGUFFile) throws(InferenceError) {
    // Files of BitNet 2B-4T have Llama 3's vocabulary and do not say so.
    let architecture = try file.string("general.architecture") ?? ""
    let isBitNet = architecture == "bitnet-b1.58" || architecture == "bitnet-25"
    try self.init(TokenizerDefinition(file), standardPre: isBitNet ? "llama-bpe" : "default")
  }

  /// - Parameter standardPre: the pre-tokenizer of definitions that name none.
  /// - Throws: `unsupportedPreTokenizer`, `missingByteToken`, `invalidMerge`, `duplicateToken`.
  init(_ definition: TokenizerDefinition, standardPre: String) throws(InferenceError) {
    let isBytePair = definition.model == "gpt2"
    assumedPreTokenizer = isBytePair && definition.pre == nil ? standardPre : nil
    var gathered = GatheredTokens()
    var whole: [(units: [UInt8], token: TokenID)] = []
    var spelled: [(units: [UInt32], token: TokenID)] = []
    for (index, text) in definition.texts.enumerated() {
      let kind = Kind(rawValue: definition.types[index]) ?? .normal
      try gathered.add(text, kind, isBytePair: isBytePair)
      if kind == .userDefined { whole.append((Array(text.utf8), TokenID(index))) }
      if [.control, .unknown, .userDefined].contains(kind) {
        spelled.append((text.unicodeScalars.map(\.value), TokenID(index)))
      }
    }
    pieces = gathered.pieces
    controlIDs = gathered.controls
    specials = gathered.specials
    userDefined = SpellingTable(whole)
    controls = SpellingTable(spelled)
    var begins = definition.addsBeginning
    if isBytePair {
      let pre = definition.pre ?? standardPre
      guard let pattern = PreTokenizer.pattern(pre) else {
        throw .unsupportedPreTokenizer(pre, supported: PreTokenizer.supported)
      }
      // Llama 3's family, unless a file says otherwise: whole words first, text begins marked.
      var isLlama3 = false
      if case .llama3(digits: 3) = pattern { isLlama3 = true }
      vocabulary = .bytePair(
        try BytePairVocabulary(
          gathered.ordinary, rules: definition.merges, pattern: pattern, ignoresMerges: isLlama3))
      begins = begins ?? isLlama3
    } else {
      vocabulary = .sentencePiece(
        SentencePieceVocabulary(
          gathered.ordinary, scores: definition.scores,
          byteTokens: try gathered.sentencePieceBytes(),
          addsSpacePrefix: definition.addsSpacePrefix ?? true))
      begins = begins ?? true
    }
    endOfText = definition.named["eos"]
    endOfTurn = definition.named["eot"]
    beginning = begins == true ? definition.named["bos"] : nil
    named = [
      "bos_token": definition.named["bos"], "eos_token": endOfText,
      "unk_token": definition.named["unknown"], "pad_token": definition.named["padding"],
    ].compactMapValues(\.self)
  }

  /// Bytes that a text loses because no token stands for them.
  var lostBytes: [UInt8] {
    if case .bytePair(let vocabulary) = vocabulary { return vocabulary.lostBytes }
    return []
  }

  /// Tokens in the vocabulary.
  var vocabularyCount: Int { pieces.count }

  /// The tokens of a text. Control tokens never come out of it: a text that spells one is
  /// plain bytes like any other. Tokens that the file calls user-defined do.
  public func encode(_ text: String) -> [TokenID] {
    let bytes = Array(text.utf8)
    var tokens: [TokenID] = []
    tokens.reserveCapacity(bytes.count / 3)
    guard !userDefined.isEmpty else {
      encode(bytes, 0..<bytes.count, into: &tokens)
      return tokens
    }
    var start = 0
    var index = 0
    while index < bytes.count {
      guard let (token, length) = userDefined.match(bytes, at: index) else {
        index += 1
        continue
      }
      encode(bytes, start..<index, into: &tokens)
      tokens.append(token)
      index += length
      start = index
    }
    encode(bytes, start..<index, into: &tokens)
    return tokens
  }

  private func encode(_ bytes: [UInt8], _ range: Range<Int>, into tokens: inout [TokenID]) {
    switch vocabulary {
    case .bytePair(let vocabulary): vocabulary.encode(bytes, range, into: &tokens)
    case .sentencePiece(let vocabulary): vocabulary.encode(bytes, range, into: &tokens)
    }
  }

  /// The bytes a token adds to a text: none for a control token or an id outside the vocabulary.
  public func bytes(of token: TokenID) -> [UInt8] {
    guard token >= 0, token < pieces.count, !controlIDs.contains(token) else { return [] }
    return pieces[Int(token)]
  }

  /// A token for people to read: its bytes as UTF-8 with U+FFFD for what is not; a control
  /// token's name.
  public func piece(of token: TokenID) -> String {
    guard token >= 0, token < pieces.count else { return "" }
    return String(decoding: pieces[Int(token)], as: UTF8.self)
  }

  /// What `named` spells.
  var namedSpecials: [String: String] { named.mapValues { piece(of: $0) } }

  /// Whether a token stands for a whole spelling that no text between becomes by itself: control
  /// tokens, and those that the file calls user-defined or unknown.
  public func isSpecial(_ token: TokenID) -> Bool {
    guard token >= 0, token < pieces.count else { return false }
    return controlIDs.contains(token) || specials[pieces[Int(token)]] == token
  }

  /// Whether a token is a control token.
  func isControl(_ token: TokenID) -> Bool { controlIDs.contains(token) }

  /// The special token of this name, such as `<|im_end|>`.
  public func id(ofSpecial name: String) -> TokenID? { specials[Array(name.utf8)] }

  /// The text of some tokens, control tokens left out, invalid UTF-8 as U+FFFD.
  public func decode(_ tokens: some Sequence<TokenID>) -> String {
    String(decoding: tokens.flatMap { bytes(of: $0) }, as: UTF8.self)
  }
}

/// A vocabulary as it is read: tokens by id and by their bytes.
private struct GatheredTokens {
  private(set) var pieces: [[UInt8]] = []
  private(set) var controls: Set<TokenID> = []
  private(set) var specials: [[UInt8]: TokenID] = [:]
  private(set) var ordinary = TokenTable()
  private var byteTokens: [UInt8: TokenID] = [:]

  mutating func add(
    _ text: String, _ kind: TokenizerDefinition.Kind, isBytePair: Bool
  ) throws(InferenceError) {
    let id = TokenID(pieces.count)
    let bytes = Array(text.utf8)
    switch kind {
    case .normal where isBytePair, .byte where isBytePair:
      try addOrdinary(ByteAlphabet.bytes(text) ?? bytes, id)
    case .normal:
      try addOrdinary(bytes, id)
      pieces[Int(id)] = Array(text.replacing("\u{2581}", with: " ").utf8)
    case .byte:
      // `<0x0A>`.
      guard bytes.count == 6, text.hasPrefix("<0x"),
        let byte = UInt8(text.dropFirst(3).dropLast(), radix: 16)
      else { return pieces.append(bytes) }
      pieces.append([byte])
      byteTokens[byte] = id
    case .unknown, .control, .userDefined, .unused:
      pieces.append(bytes)
      if kind == .control || (kind == .unknown && !isBytePair) { controls.insert(id) }
      if specials[bytes] == nil { specials[bytes] = id }
    }
  }

  private mutating func addOrdinary(_ bytes: [UInt8], _ id: TokenID) throws(InferenceError) {
    pieces.append(bytes)
    if let other = ordinary.insert(bytes, id) { throw .duplicateToken(other, id) }
  }

  /// The tokens that stand for single bytes in a SentencePiece vocabulary.
  func sentencePieceBytes() throws(InferenceError) -> [TokenID] {
    var tokens: [TokenID] = []
    for byte in UInt8.min...UInt8.max {
      guard let token = byteTokens[byte] else { throw .missingByteToken(byte) }
      tokens.append(token)
    }
    return tokens
  }
}

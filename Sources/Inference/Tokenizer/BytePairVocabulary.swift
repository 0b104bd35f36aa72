/// Byte-level BPE: bytes of words merged by the file's rules.
struct BytePairVocabulary: Sendable {
  /// (256); nil for bytes the vocabulary has no token for, which a text loses, as it does in
  /// `tokenizers` and llama.cpp: SmolLM2's has none for some control characters.
  private let byteTokens: [TokenID?]
  private let merges: MergeTable
  private let pattern: PreTokenizer.Pattern
  /// Whole words that are tokens whatever the merges would make of them; nil where merges decide.
  private let words: TokenTable?

  /// - Parameters:
  ///   - tokens: ordinary tokens by their bytes.
  ///   - rules: two tokens in the byte alphabet with a space between them, most important first.
  ///   - ignoresMerges: whether a word that is a token is that token.
  /// - Throws: `invalidMerge`.
  init(
    _ tokens: TokenTable, rules: [String], pattern: PreTokenizer.Pattern,
    ignoresMerges: Bool
  ) throws(InferenceError) {
    self.pattern = pattern
    words = ignoresMerges ? tokens : nil
    byteTokens = (UInt8.min...UInt8.max).map { tokens[[$0]] }
    var table = MergeTable(count: rules.count)
    var both: [UInt8] = []
    for (rank, rule) in rules.enumerated() {
      // The alphabet has no space, so the only space separates.
      both.removeAll(keepingCapacity: true)
      guard let cut = ByteAlphabet.appendHalves(of: rule, to: &both),
        let leftToken = tokens[both[..<cut]], let rightToken = tokens[both[cut...]],
        let result = tokens[both]
      else { throw .invalidMerge(index: rank) }
      table.insert(
        leftToken, rightToken, MergeTable.Merge(rank: UInt32(rank), result: result))
    }
    merges = table
  }

  /// Bytes of UTF-8 without a token.
  var lostBytes: [UInt8] {
    (UInt8.min...UInt8.max).filter { byte in
      byteTokens[Int(byte)] == nil && !(0xC0...0xC1).contains(byte) && byte < 0xF5
    }
  }

  /// Appends the tokens of a part of a text.
  func encode(_ bytes: [UInt8], _ range: Range<Int>, into output: inout [TokenID]) {
    var scanner = PreTokenizer(bytes, range, pattern)
    var merger = BytePairMerger(merges: merges)
    var cache = WordCache()
    while let word = scanner.next() {
      cache.append(word, of: bytes, to: &output) { output in
        if let whole = words?[bytes[word]] { return output.append(whole) }
        merger.merge(bytes[word].compactMap { byteTokens[Int($0)] }, into: &output)
      }
    }
  }
}

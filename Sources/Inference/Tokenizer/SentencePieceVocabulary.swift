/// SentencePiece BPE: characters merged by the score of what they become, the highest first;
/// characters that are no token become one token a byte.
struct SentencePieceVocabulary: Sendable {
  private static let space: [UInt8] = [0xE2, 0x96, 0x81]  // ▁, U+2581

  private let tokens: TokenTable
  private let byteTokens: [TokenID]  // (256)
  private let merges: MergeTable
  private let addsSpacePrefix: Bool
  /// Whether no token has a blank behind another character, so that words can be merged alone.
  private let blanksBeginWords: Bool

  /// - Parameters:
  ///   - tokens: ordinary tokens by their bytes, blanks as ▁.
  ///   - scores: one a token of the vocabulary.
  ///   - byteTokens: the token of every byte.
  init(
    _ tokens: TokenTable, scores: [Float], byteTokens: [TokenID], addsSpacePrefix: Bool
  ) {
    self.tokens = tokens
    self.byteTokens = byteTokens
    self.addsSpacePrefix = addsSpacePrefix
    var blanksBegin = true
    tokens.forEach { piece, _ in
      var hasOther = false
      for range in SentencePieceVocabulary.characters(piece) {
        let isBlank = piece[range].elementsEqual(SentencePieceVocabulary.space)
        if isBlank, hasOther { blanksBegin = false }
        hasOther = hasOther || !isBlank
      }
    }
    blanksBeginWords = blanksBegin
    merges = SentencePieceVocabulary.merges(tokens, scores)
  }

  /// Every way to put a token together from two, ranked by the token's score.
  private static func merges(_ tokens: TokenTable, _ scores: [Float]) -> MergeTable {
    var ordered: [(piece: ArraySlice<UInt8>, token: TokenID)] = []
    tokens.forEach { ordered.append(($0, $1)) }
    ordered.sort {
      let (first, second) = (scores[Int($0.token)], scores[Int($1.token)])
      return first != second ? first > second : $0.token < $1.token
    }
    var rules: [(left: TokenID, right: TokenID, merge: MergeTable.Merge)] = []
    var rank: UInt32 = 0
    var previous = Float.nan
    for (piece, token) in ordered {
      // Equal scores have one rank: the leftmost of them goes first.
      if scores[Int(token)] != previous { rank += 1 }
      previous = scores[Int(token)]
      for range in characters(piece).dropFirst() {
        guard let left = tokens[piece[..<range.lowerBound]],
          let right = tokens[piece[range.lowerBound...]]
        else { continue }
        rules.append((left, right, MergeTable.Merge(rank: rank, result: token)))
      }
    }
    var table = MergeTable(count: rules.count)
    for rule in rules { table.insert(rule.left, rule.right, rule.merge) }
    return table
  }

  /// Appends the tokens of a part of a text.
  func encode(_ text: [UInt8], _ range: Range<Int>, into output: inout [TokenID]) {
    guard !range.isEmpty else { return }
    var bytes: [UInt8] = addsSpacePrefix ? SentencePieceVocabulary.space : []
    bytes.reserveCapacity(range.count * 5 / 4)
    for byte in text[range] {
      if byte == 0x20 { bytes += SentencePieceVocabulary.space } else { bytes.append(byte) }
    }
    var merger = BytePairMerger(merges: merges)
    var cache = WordCache()
    var start = 0
    while start < bytes.count {
      let end = wordEnd(bytes, start)
      cache.append(start..<end, of: bytes, to: &output) { output in
        merge(bytes[start..<end], &merger, into: &output)
      }
      start = end
    }
  }

  /// Where the next word begins: at a blank behind another character.
  private func wordEnd(_ bytes: [UInt8], _ start: Int) -> Int {
    guard blanksBeginWords else { return bytes.count }
    var index = start
    while isBlank(bytes, index) { index += 3 }
    while index < bytes.count, !isBlank(bytes, index) { index += 1 }
    return index
  }

  private func isBlank(_ bytes: [UInt8], _ index: Int) -> Bool {
    index + 2 < bytes.count && bytes[index] == 0xE2 && bytes[index + 1] == 0x96
      && bytes[index + 2] == 0x81
  }

  private func merge(
    _ word: ArraySlice<UInt8>, _ merger: inout BytePairMerger, into output: inout [TokenID]
  ) {
    // A character without a token stands between two runs that merge by themselves.
    var run: [TokenID] = []
    for range in SentencePieceVocabulary.characters(word) {
      if let token = tokens[word[range]] {
        run.append(token)
        continue
      }
      merger.merge(run, into: &output)
      run.removeAll(keepingCapacity: true)
      output.append(contentsOf: word[range].map { byteTokens[Int($0)] })
    }
    merger.merge(run, into: &output)
  }

  /// The bytes of each character of valid UTF-8.
  private static func characters(_ bytes: ArraySlice<UInt8>) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let first = bytes[index]
      let length = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
      let end = min(index + length, bytes.endIndex)
      ranges.append(index..<end)
      index = end
    }
    return ranges
  }
}

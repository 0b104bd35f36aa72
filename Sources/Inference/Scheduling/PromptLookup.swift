/// Foretells a text by what followed where it read the same before (prompt lookup decoding: Saxena
/// 2023; Yang et al., "Inference with Reference", 2023). An answer that is corrected or edited says
/// most of itself again.
enum PromptLookup {
  /// Tokens at the end that have to stand somewhere before in the same order.
  static let matchedTokens = 4

  /// Rows of a step that cost a model hardly more than one, by the bytes of weights that a token
  /// reads: the more of them, the longer the arithmetic of further rows waits for memory anyway.
  /// 0 where a second row costs as much as the first.
  static func rows(weightBytesPerToken bytes: Int) -> Int {
    bytes < Engine.sharedWeightBytes ? 0 : bytes < 256 << 20 ? 2 : 4
  }

  /// Appends to `draft` what followed the last such place, `count` tokens at most. Goes through the
  /// text once.
  static func foretell(
    _ tokens: [TokenID], atMost count: Int, into draft: inout [TokenID]
  ) {
    guard count > 0, tokens.count > matchedTokens else { return }
    tokens.withUnsafeBufferPointer { tokens in
      let end = tokens.count
      for next in stride(from: end - 1, through: matchedTokens, by: -1)
      where tokens[next - 1] == tokens[end - 1]
        && (2...matchedTokens).allSatisfy({ tokens[next - $0] == tokens[end - $0] })
      {
        draft.append(contentsOf: tokens[next..<min(next + count, end)])
        return
      }
    }
  }
}

import Testing

@testable import Inference

/// Tokens by their bytes.
@Suite struct TokenTableTests {
  @Test func everyTokenIsFoundByExactlyItsBytes() {
    var random = SeededGenerator(seed: 3)
    var expected: [[UInt8]: TokenID] = [:]
    var table = TokenTable()
    for token in 0..<20_000 {
      let spelling = (0..<Int(random.next() % 6)).map { _ in UInt8(random.next() % 12) }
      let other = table.insert(spelling, TokenID(token))
      #expect(other == expected[spelling])
      if other == nil { expected[spelling] = TokenID(token) }
    }
    #expect(table.count == expected.count)
    for (spelling, token) in expected {
      #expect(table[spelling] == token)
      #expect(table[([9] + spelling + [9])[1..<1 + spelling.count]] == token)
      #expect(table[spelling + [200]] == nil)
    }
    var seen: [[UInt8]: TokenID] = [:]
    table.forEach { seen[Array($0)] = $1 }
    #expect(seen == expected)
  }
}

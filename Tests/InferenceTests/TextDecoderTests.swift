import Testing

@testable import Inference

@Suite struct TextDecoderTests {
  let tokenizer: Tokenizer

  init() throws {
    tokenizer = try TinyModel.standard.get().tokenizer
  }

  @Test func aCharacterSplitOverTokensAppearsOnceItIsComplete() {
    var decoder = TextDecoder(tokenizer)
    let bytes = Array("a👍é".utf8)
    let parts = bytes.map { decoder.append(bytes: [$0]) }
    #expect(parts == ["a", "", "", "", "👍", "", "é"])
    #expect(decoder.finish().isEmpty)
  }

  @Test func whatIsLeftUnfinishedBecomesAReplacementCharacter() {
    var decoder = TextDecoder(tokenizer)
    #expect(decoder.append(bytes: [0xf0, 0x9f]).isEmpty)
    #expect(decoder.finish() == "\u{FFFD}")
    #expect(decoder.finish().isEmpty)
    #expect(decoder.append(bytes: [0xe2, 0x41]) == "\u{FFFD}A")
  }

  @Test func thePiecesJoinedAreTheWholeDecodedAtOnce() {
    var random = SeededGenerator(seed: 9)
    let interesting: [UInt8] = [
      0x41, 0x80, 0xbf, 0xc0, 0xc2, 0xdf, 0xe0, 0xa0, 0xed, 0x9f, 0xef, 0xf0, 0x90, 0xf4, 0x8f,
      0xf5, 0xff,
    ]
    for _ in 0..<3000 {
      let bytes = (0..<random.next() % 12).map { _ in
        interesting[Int(random.next() % UInt64(interesting.count))]
      }
      var decoder = TextDecoder(tokenizer)
      var joined = ""
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = Int(random.next() % 3) + 1
        joined += decoder.append(bytes: Array(rest.prefix(count)))
        rest = rest.dropFirst(count)
      }
      joined += decoder.finish()
      #expect(Array(joined.utf8) == Array(String(decoding: bytes, as: UTF8.self).utf8))
    }
  }

  @Test func controlTokensAddNothing() {
    var decoder = TextDecoder(tokenizer)
    #expect(decoder.append(1).isEmpty)
    #expect(decoder.append(TokenID(3 + 0x41)) == "A")
  }
}

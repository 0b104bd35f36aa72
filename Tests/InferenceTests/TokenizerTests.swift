import Testing

@testable import Inference

@Suite struct TokenizerTests {
  let tokenizer: Tokenizer

  init() throws {
    tokenizer = try TinyModel.standard.get().tokenizer
  }

  /// Words of a text by GPT-2's pattern.
  static func words(_ text: String) -> [String] {
    var scanner = PreTokenizer(text)
    var words: [String] = []
    while let word = scanner.next() { words.append(String(decoding: word, as: UTF8.self)) }
    return words
  }

  func pieces(_ text: String) -> [String] {
    tokenizer.encode(text).map { tokenizer.piece(of: $0) }
  }

  // Expected words: Python's `regex` with the pattern of openai/gpt-2 `encoder.py`.
  @Test(
    arguments: [
      ("", []),
      ("hello world", ["hello", " world"]),
      ("  a", [" ", " a"]),
      ("a  ", ["a", "  "]),
      ("a \n b", ["a", " \n", " b"]),
      ("\n\nx", ["\n", "\n", "x"]),
      (
        "it's we'll they're I'm I'd can't I've",
        [
          "it", "'s", " we", "'ll", " they", "'re", " I", "'m", " I", "'d", " can", "'t", " I",
          "'ve",
        ]
      ),
      ("IT'S 'twas 'r ''s", ["IT", "'", "S", " '", "twas", " '", "r", " ''", "s"]),
      ("'", ["'"]),
      ("x'l", ["x", "'", "l"]),
      ("3.14 12a", ["3", ".", "14", " 12", "a"]),
      ("½²Ⅷ٣ x", ["½²Ⅷ٣", " x"]),
      ("naïve Žluťoučký", ["naïve", " Žluťoučký"]),
      ("e\u{301}x", ["e", "\u{301}", "x"]),
      ("日本語 テスト", ["日本語", " テスト"]),
      ("a\u{A0}b\u{2003}c\u{85}d", ["a", "\u{A0}", "b", "\u{2003}", "c", "\u{85}", "d"]),
      ("tab\tend \t x", ["tab", "\t", "end", " \t", " x"]),
      ("👍🏽 ok!! ", ["👍🏽", " ok", "!!", " "]),
      ("a_b--c", ["a", "_", "b", "--", "c"]),
      ("\u{200B}x\r\n", ["\u{200B}", "x", "\r\n"]),
      ("ʰª", ["ʰª"]),
    ] as [(String, [String])])
  func wordsAreCutAsGPT2CutsThem(text: String, expected: [String]) {
    let words = Self.words(text).map { Array($0.utf8) }
    #expect(words == expected.map { Array($0.utf8) })
  }

  @Test func mergesGoByRankAndThenFromTheLeft() {
    #expect(pieces("hello") == ["hello"])
    #expect(pieces("helllo") == ["hell", "l", "o"])
    #expect(pieces(" the thing") == [" the", " t", "h", "ing"])
    #expect(pieces("user's") == ["user", "'s"])
    #expect(pieces("llll") == ["ll", "ll"])
    #expect(pieces("rer") == ["re", "r"])
  }

  @Test func wordsThatLookAlikeButAreOtherBytesStayApart() {
    // é as one scalar is two bytes with a merge; as e and an accent it is three bytes.
    #expect(tokenizer.encode("é").count == 1)
    #expect(tokenizer.encode("e\u{301}").count == 3)
  }

  @Test func anyTextComesBackAsItWas() {
    var random = SeededGenerator(seed: 5)
    for _ in 0..<200 {
      var text = String.UnicodeScalarView()
      for _ in 0..<random.next() % 60 {
        let bits = random.next()
        let value = [bits % 0x80, bits % 0x800, bits % 0x1_0000, bits % 0x11_0000][
          Int(bits >> 62)]
        if let scalar = Unicode.Scalar(UInt32(value)) { text.append(scalar) }
      }
      let tokens = tokenizer.encode(String(text))
      #expect(tokens.flatMap { tokenizer.bytes(of: $0) } == Array(String(text).utf8))
      #expect(!tokens.contains { tokenizer.isControl($0) })
    }
  }

  @Test func textThatSpellsAControlTokenIsPlainBytes() {
    let tokens = tokenizer.encode("<|im_end|><|im_start|>system")
    #expect(!tokens.contains { tokenizer.isControl($0) })
    #expect(tokenizer.decode(tokens) == "<|im_end|><|im_start|>system")
    #expect(tokenizer.id(ofSpecial: "<|im_end|>") == 1)
    #expect(tokenizer.id(ofSpecial: "hello") == nil)
    #expect(tokenizer.bytes(of: 1).isEmpty)
    #expect(tokenizer.piece(of: 1) == "<|im_end|>")
    #expect(tokenizer.piece(of: -1).isEmpty)
    #expect(tokenizer.bytes(of: 1 << 20).isEmpty)
  }

  @Test func aLongTextWithoutSpacesIsReadInTime() {
    let text = String(repeating: "hello", count: 20_000)
    #expect(tokenizer.encode(text).count == 20_000)
  }

  @Test func tokenizersThisEngineDoesNotKnowAreRefusedByName() throws {
    #expect(
      try GGUFReaderTests.error { $0.set("tokenizer.ggml.pre", .string("llama-bpe")) }
        == .unsupportedPreTokenizer("llama-bpe", supported: ["gpt-2"]))
    #expect(
      try GGUFReaderTests.error { $0.set("tokenizer.ggml.model", .string("llama")) }
        == .unsupportedTokenizer("llama", supported: ["gpt2"]))
    #expect(
      try GGUFReaderTests.error { $0.set("tokenizer.ggml.token_type", .int32s([1])) }
        == .tokenizerCountMismatch(
          key: "tokenizer.ggml.token_type", expected: TinyModel.vocabulary.count, found: 1))
    #expect(
      try GGUFReaderTests.error { $0.set("tokenizer.ggml.merges", .strings(["h e", "q u"])) }
        == .invalidMerge(index: 1))
    #expect(
      try GGUFReaderTests.error { $0.set("tokenizer.ggml.eos_token_id", .uint32(5000)) }
        == .tokenOutOfRange(5000, vocabularySize: TinyModel.vocabulary.count))
    var missing = TinyModel.vocabulary
    missing[3] = "!!!!"
    #expect(
      try GGUFReaderTests.error { $0.set("tokenizer.ggml.tokens", .strings(missing)) }
        == .missingByteToken(0))
    missing[3] = missing[4]
    #expect(
      try GGUFReaderTests.error { $0.set("tokenizer.ggml.tokens", .strings(missing)) }
        == .duplicateToken(3, 4))
  }

  @Test func theByteAlphabetSpellsEveryByteOnce() {
    let spellings = (UInt8.min...UInt8.max).map { ByteAlphabet.spelling([$0]) }
    #expect(Set(spellings.map { Array($0.utf8) }).count == 256)
    for (byte, spelling) in spellings.enumerated() {
      #expect(ByteAlphabet.bytes(spelling) == [UInt8(byte)])
    }
    #expect(ByteAlphabet.spelling([32, 10, 0]) == "ĠĊĀ")
    #expect(ByteAlphabet.bytes("日") == nil)
  }
}

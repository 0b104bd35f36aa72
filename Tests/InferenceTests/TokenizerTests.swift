import Testing

@testable import Inference

@Suite struct TokenizerTests {
  let tokenizer: Tokenizer

  init() throws {
    tokenizer = try TinyModel.standard.get().tokenizer
  }

  /// Words of a text by GPT-2's pattern.
  static func words(_ text: String) -> [String] {
    words(text, .gpt2)
  }

  static func words(_ text: String, _ pattern: PreTokenizer.Pattern) -> [String] {
    let bytes = Array(text.utf8)
    var scanner = PreTokenizer(bytes, 0..<bytes.count, pattern)
    var words: [String] = []
    while let word = scanner.next() { words.append(String(decoding: bytes[word], as: UTF8.self)) }
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

  // What `tokenizers` makes of random texts is compared in Tests/Interop.
  @Test func otherPatternsCutNumbersLineEndsAndPunctuationTheirOwnWay() {
    let text = "It'S 12345 a1!\n\n x--y"
    #expect(
      Self.words(text, .llama3(digits: 3))
        == ["It", "'S", " ", "123", "45", " a", "1", "!\n\n", " x", "--", "y"])
    #expect(
      Self.words(text, .llama3(digits: 1)).prefix(8)
        == ["It", "'S", " ", "1", "2", "3", "4", "5"])
    #expect(
      Self.words(text, .smolLM)
        == [
          "It", "'", "S", " ", "1", "2", "3", "4", "5", " a", "1", "!", "\n\n", " x", "--", "y",
        ])
    #expect(
      Self.words(text, .standard)
        == ["It", "'", "S", " ", "123", "45", " a", "1", "!", "\n\n", " x", "--", "y"])
  }

  @Test func bytesWithoutATokenAreLostAndThatIsSaid() throws {
    var writer = TinyModel().writer()
    var missing = TinyModel.vocabulary
    missing[3] = "!!!!"
    missing[4] = "????"
    writer.set("tokenizer.ggml.tokens", .strings(missing))
    let model = try withFile(writer.bytes()) { try LanguageModel(contentsOf: $0) }
    #expect(model.info.warnings == [.bytesWithoutToken([0, 1])])
    #expect(model.tokenizer.decode(model.tokenizer.encode("th\u{0}e")) == "the")
  }

  @Test func aFileWithoutAPreTokenizerIsReadAndSaysSo() throws {
    var writer = TinyModel().writer()
    writer.metadata.removeAll { $0.0 == "tokenizer.ggml.pre" }
    let model = try withFile(writer.bytes()) { try LanguageModel(contentsOf: $0) }
    #expect(model.info.warnings == [.missingPreTokenizer(assumed: "default")])
  }

  /// A SentencePiece vocabulary: 3 special tokens, bytes, and these with falling scores.
  static func sentencePiece(_ pieces: [String]) throws(InferenceError) -> Tokenizer {
    let bytes = (0..<256).map { value in
      let digits = String(value, radix: 16, uppercase: true)
      return "<0x" + String(repeating: "0", count: 2 - digits.count) + digits + ">"
    }
    let texts = ["<unk>", "<s>", "</s>"] + bytes + pieces
    return try Tokenizer(
      TokenizerDefinition(
        model: "llama", pre: nil, texts: texts,
        types: [2, 3, 3] + bytes.map { _ in 6 } + pieces.map { $0 == "<t>" ? 4 : 1 },
        scores: texts.indices.map { -Float($0) }, named: ["bos": 1, "eos": 2]),
      standardPre: "default")
  }

  @Test func sentencePieceMergesByScoreAndFallsBackToBytes() throws {
    let tokenizer = try Self.sentencePiece([
      "▁h", "el", "lo", "▁hel", "▁", "h", "e", "l", "o", "<t>",
    ])
    func pieces(_ text: String) -> [String] {
      tokenizer.encode(text).map { tokenizer.piece(of: $0) }
    }
    #expect(pieces("hello") == [" hel", "lo"])
    #expect(pieces("hello hello") == [" hel", "lo", " hel", "lo"])
    #expect(pieces("<t>he") == ["<t>", " h", "e"])
    #expect(tokenizer.encode("é") == [263, 3 + 0xC3, 3 + 0xA9])
    #expect(tokenizer.decode(tokenizer.encode("hé<s>l\n")) == " hé<s>l\n")
    #expect(tokenizer.beginning == 1)
    #expect(tokenizer.encode("").isEmpty)
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
      try GGUFReaderTests.error { $0.set("tokenizer.ggml.pre", .string("tekken")) }
        == .unsupportedPreTokenizer("tekken", supported: PreTokenizer.supported))
    #expect(
      try GGUFReaderTests.error { $0.set("tokenizer.ggml.model", .string("t5")) }
        == .unsupportedTokenizer("t5", supported: ["gpt2", "llama"]))
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

@testable import Inference

/// A model of random ternary weights, the same on every machine: nothing is downloaded.
struct TinyModel {
  var width = 256
  var feedForward = 512
  var layers = 2
  var heads = 4
  var keyHeads = 2
  var context = 128
  /// ggml's number of the linear layers' type: 35 (TQ2_0), 34 (TQ1_0), 8, 1 or 0 as below.
  var linearType: UInt32 = 35
  /// ggml's number of the embedding's type: 8 (Q8_0), 1 (F16) or 0 (F32).
  var tableType: UInt32 = 8
  var hasOutputHead = false
  /// Tokens in all; those beyond the usual ones are spelt by their number.
  var vocabularySize = 0

  /// The default model's file, made once.
  static let standardWriter = TinyModel().writer()
  /// The default model, loaded once.
  static let standard = Swift.Result { try TinyModel().load() }

  /// A model with an output head of its own, loaded once: its replies vary more than those of
  /// a random model whose head is its embedding.
  static let lively = Swift.Result { try TinyModel(hasOutputHead: true).load() }

  static let control = ["<|im_start|>", "<|im_end|>", "<|endoftext|>"]
  static let mergeRules = [
    "h e", "l l", "he ll", "hell o", "Ġ t", "Ġt he", "i n", "in g", "r e", "Ġ a", "a n", "an d",
    "Ġ w", "Ġw o", "r l", "rl d", "e r", "u s", "us er", "' s", "Ġ Ġ", "Ċ Ċ", "Ã ©",
  ]
  static let chatML =
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + "
    + "message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}"
    + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"

  static var vocabulary: [String] {
    control + (UInt8.min...UInt8.max).map { ByteAlphabet.spelling([$0]) }
      + mergeRules.map { $0.split(separator: " ").joined() }
  }

  func writer() -> GGUFWriter {
    var writer = GGUFWriter()
    var vocabulary = TinyModel.vocabulary
    for number in vocabulary.count..<max(vocabulary.count, vocabularySize) {
      vocabulary.append("<\(number)>")
    }
    writer.metadata = [
      ("general.architecture", .string("bitnet")),
      ("general.name", .string("Tiny")),
      ("bitnet.context_length", .uint32(UInt32(context))),
      ("bitnet.embedding_length", .uint32(UInt32(width))),
      ("bitnet.block_count", .uint32(UInt32(layers))),
      ("bitnet.feed_forward_length", .uint32(UInt32(feedForward))),
      ("bitnet.attention.head_count", .uint32(UInt32(heads))),
      ("bitnet.attention.head_count_kv", .uint32(UInt32(keyHeads))),
      ("bitnet.attention.layer_norm_rms_epsilon", .float32(1e-5)),
      ("bitnet.rope.freq_base", .float32(10_000)),
      ("bitnet.vocab_size", .uint32(UInt32(vocabulary.count))),
      ("tokenizer.ggml.model", .string("gpt2")),
      ("tokenizer.ggml.pre", .string("gpt-2")),
      ("tokenizer.ggml.tokens", .strings(vocabulary)),
      ("tokenizer.ggml.token_type", .int32s(vocabulary.indices.map { $0 < 3 ? 3 : 1 })),
      ("tokenizer.ggml.merges", .strings(TinyModel.mergeRules)),
      ("tokenizer.ggml.eos_token_id", .uint32(1)),
      ("tokenizer.chat_template", .string(TinyModel.chatML)),
    ]
    var random = SeededGenerator(seed: 7)
    func add(_ name: String, _ shape: [Int], _ type: UInt32, _ bytes: [UInt8]) {
      writer.tensors.append(
        GGUFWriter.Tensor(name: name, shape: shape.map(UInt64.init), type: type, bytes: bytes))
    }
    func table(_ name: String) {
      let bytes = TinyModel.table(vocabulary.count * width, tableType, &random)
      add(name, [width, vocabulary.count], tableType, bytes)
    }
    func norm(_ name: String, _ count: Int) {
      let values = (0..<count).map { _ in Float(0.5 + random.nextUnit()) }
      add(name, [count], 0, values.flatMap { little($0.bitPattern) })
    }
    func linear(_ name: String, _ rows: Int, _ columns: Int) {
      let bytes =
        linearType >= 34
        ? TinyModel.ternary(rows * columns, linearType, scale: 0x2800, &random)
        : TinyModel.table(rows * columns, linearType, &random)
      add(name, [columns, rows], linearType, bytes)
    }
    table("token_embd.weight")
    let keyWidth = width / heads * keyHeads
    for layer in 0..<layers {
      let block = "blk.\(layer)."
      norm(block + "attn_norm.weight", width)
      linear(block + "attn_q.weight", width, width)
      linear(block + "attn_k.weight", keyWidth, width)
      linear(block + "attn_v.weight", keyWidth, width)
      norm(block + "attn_sub_norm.weight", width)
      linear(block + "attn_output.weight", width, width)
      norm(block + "ffn_norm.weight", width)
      linear(block + "ffn_gate.weight", feedForward, width)
      linear(block + "ffn_up.weight", feedForward, width)
      norm(block + "ffn_sub_norm.weight", feedForward)
      linear(block + "ffn_down.weight", width, feedForward)
    }
    norm("output_norm.weight", width)
    if hasOutputHead { table("output.weight") }
    return writer
  }

  func load(kernel: String? = nil, layout: TernaryLayout? = nil) throws -> LanguageModel {
    try withFile(writer().bytes()) {
      try LanguageModel(contentsOf: $0, kernel: kernel, layout: layout)
    }
  }

  /// Blocks of 256 random trits; `scale` is f16 (0x2800 is 1/32). The digits of a trit are the
  /// same whatever the type, so that a TQ1_0 and a TQ2_0 file hold the same model.
  static func ternary(
    _ count: Int, _ type: UInt32, scale: UInt16, _ random: inout SeededGenerator
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0..<count / 256 {
      var codes: [UInt8] = []
      while codes.count < 256 {
        var bits = random.next()
        for _ in 0..<32 {
          codes.append([0, 1, 1, 2][Int(bits & 3)])
          bits >>= 2
        }
      }
      bytes += type == 34 ? tq1Block(codes) : tq2Block(codes)
      bytes += little(scale)
    }
    return bytes
  }

  static func tq2Block(_ codes: [UInt8]) -> [UInt8] {
    (0..<64).map { index in
      let (run, m) = (index / 32, index % 32)
      return (0..<4).reduce(0) { $0 | codes[128 * run + 32 * $1 + m] << UInt8(2 * $1) }
    }
  }

  static func tq1Block(_ codes: [UInt8]) -> [UInt8] {
    func packed(_ trits: [UInt8]) -> UInt8 {
      let number = (trits + [0, 0, 0, 0, 0]).prefix(5).reduce(0) { $0 * 3 + UInt16($1) }
      return UInt8((number * 256 + 242) / 243)
    }
    let first = (0..<32).map { m in packed((0..<5).map { codes[32 * $0 + m] }) }
    let second = (0..<16).map { m in packed((0..<5).map { codes[160 + 16 * $0 + m] }) }
    let last = (0..<4).map { j in packed((0..<4).map { codes[240 + 4 * $0 + j] }) }
    return first + second + last
  }

  /// Random int8 times 1/512 in one of the table types, the same numbers in each.
  static func table(_ count: Int, _ type: UInt32, _ random: inout SeededGenerator) -> [UInt8] {
    var bytes: [UInt8] = []
    for index in 0..<count {
      let code = Int8(truncatingIfNeeded: random.next() >> 40)
      if type == 8 {
        if index % 32 == 0 { bytes += little(UInt16(0x1800)) }
        bytes.append(UInt8(bitPattern: code))
      } else {
        let value = Float(code) / 512
        bytes += type == 0 ? little(value.bitPattern) : little(halfBits(value))
      }
    }
    return bytes
  }

  /// f16 bits of a number that f16 holds exactly.
  static func halfBits(_ value: Float) -> UInt16 {
    if value == 0 { return 0 }
    let bits = value.bitPattern
    let exponent = Int32((bits >> 23) & 255) - 127 + 15
    return UInt16((bits >> 16) & 0x8000) | UInt16(exponent) << 10 | UInt16((bits >> 13) & 1023)
  }
}

func little(_ value: some FixedWidthInteger) -> [UInt8] {
  var bytes: [UInt8] = []
  bytes.append(little: value)
  return bytes
}

import Foundation
import MappedFiles
import StrictJSON

/// Turns `tokenizer.json` and the files beside it into the keys of a model file.
struct TokenizerMetadata {
  /// `tokenizer.ggml.token_type`.
  private enum Kind: Int32 {
    case normal = 1
    case unknown = 2
    case control = 3
    case userDefined = 4
    case unused = 5
    case byte = 6
  }

  private let file: JSONFile
  private let settings: JSONFile?
  private let network: NetworkConfig
  private let generation: JSONFile?
  private let checkpoint: Checkpoint
  private var texts: [String?]
  private var kinds: [Kind]
  private var numbers: [String: Int] = [:]

  /// Whether the tokenizer normalises text (NFC), which model files cannot say: the converted
  /// model reads text as it is, as llama.cpp does.
  let isNormalised: Bool
  private(set) var keys: [(key: String, value: MetadataValue)] = []

  /// - Throws: `unreadable`, `notJSON`, `missingField`, `unsupportedTokenizer`,
  ///   `invalidTokenNumber`.
  init(_ checkpoint: Checkpoint, _ network: NetworkConfig) throws(CheckpointError) {
    self.checkpoint = checkpoint
    self.network = network
    let path = checkpoint.path("tokenizer.json")
    file = try JSONFile(path, bytesMax: JSONFile.tokenizerBytesMax)
    settings = try checkpoint.json("tokenizer_config.json")
    generation = try checkpoint.json("generation_config.json")
    texts = Array(repeating: nil, count: network.vocabularySize)
    kinds = Array(repeating: .unused, count: network.vocabularySize)
    let type = file["model", "type"]?.text ?? "(none)"
    guard type == "BPE" else {
      throw .unsupportedTokenizer(
        path: path, part: "model.type", value: type, supported: ["BPE"])
    }
    for part in ["continuing_subword_prefix", "end_of_word_suffix"] {
      if let value = file["model", part]?.text, !value.isEmpty {
        throw .unsupportedTokenizer(
          path: path, part: "model.\(part)", value: value, supported: [])
      }
    }
    let isSentencePiece = file["model", "byte_fallback"]?.flag ?? false
    isNormalised = file["normalizer", "type"]?.text == "NFC"
    try gatherTokens(isSentencePiece: isSentencePiece)
    if isSentencePiece { try addSentencePiece() } else { try addBytePair() }
    try addSpecials()
    try addTemplate()
  }

  // MARK: Vocabulary

  private mutating func gatherTokens(isSentencePiece: Bool) throws(CheckpointError) {
    guard let vocabulary = file["model", "vocab"]?.members else {
      throw .missingField(path: file.path, field: "model.vocab", expected: "an object")
    }
    let unknown = file["model", "unk_token"]?.text
    for member in vocabulary {
      var kind = Kind.normal
      if isSentencePiece {
        if member.key == unknown { kind = .unknown }
        if Self.isByte(member.key) { kind = .byte }
      }
      try set(member.key, member.value.integer, kind)
    }
    for token in file["added_tokens"]?.elements ?? [] {
      let text = token.member("content")?.text ?? ""
      let isControl = token.member("special")?.flag ?? false
      if isSentencePiece, text == unknown { continue }
      let number = token.member("id")?.integer
      // One that stands in the vocabulary too is what it is added as.
      if let number, let known = texts.indices.contains(number) ? texts[number] : nil,
        known.utf8.elementsEqual(text.utf8)
      {
        kinds[number] = isControl ? .control : .userDefined
        continue
      }
      try set(text, number, isControl ? .control : .userDefined)
    }
    let spelled = texts.enumerated().map { $1 ?? "[PAD\($0)]" }
    keys = [
      ("tokenizer.ggml.model", .text(isSentencePiece ? "llama" : "gpt2")),
      ("tokenizer.ggml.tokens", .texts(spelled)),
      ("tokenizer.ggml.token_type", .integers(kinds.map(\.rawValue))),
    ]
  }

  private mutating func set(
    _ text: String, _ number: Int?, _ kind: Kind
  ) throws(CheckpointError) {
    guard let number, texts.indices.contains(number), texts[number] == nil else {
      throw .invalidTokenNumber(path: file.path, token: text, number: number ?? -1)
    }
    texts[number] = text
    kinds[number] = kind
    numbers[text] = number
  }

  /// `<0x0A>`.
  private static func isByte(_ text: String) -> Bool {
    text.utf8.count == 6 && text.hasPrefix("<0x") && text.hasSuffix(">")
      && UInt8(text.dropFirst(3).dropLast(), radix: 16) != nil
  }

  private func merges() throws(CheckpointError) -> [(left: String, right: String)] {
    guard let rules = file["model", "merges"]?.elements else {
      throw .missingField(path: file.path, field: "model.merges", expected: "an array")
    }
    var merges: [(String, String)] = []
    merges.reserveCapacity(rules.count)
    for rule in rules {
      // Either "a b", or ["a", "b"] where tokens may hold blanks.
      var halves = rule.elements?.compactMap(\.text) ?? []
      if let text = rule.text {
        halves = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
      }
      guard halves.count == 2 else {
        throw .missingField(
          path: file.path, field: "model.merges",
          expected: "pairs of tokens, not \(rule.description)")
      }
      merges.append((halves[0], halves[1]))
    }
    return merges
  }

  // MARK: The two families

  private mutating func addBytePair() throws(CheckpointError) {
    let merges = try merges()
    let name = try PreTokenizerName(file).name
    keys += [
      ("tokenizer.ggml.pre", .text(name)),
      ("tokenizer.ggml.merges", .texts(merges.map { "\($0.left) \($0.right)" })),
    ]
    if let other = file["normalizer"], !isNormalised {
      throw .unsupportedTokenizer(
        path: file.path, part: "normalizer", value: other.description, supported: ["NFC", "null"])
    }
  }

  /// SentencePiece's scores are not in `tokenizer.json`; its merges are in the order of the scores
  /// of what they make, so their places are as good.
  private mutating func addSentencePiece() throws(CheckpointError) {
    let merges = try merges()
    var scores = [Float](repeating: -1e6, count: texts.count)
    var rank: Float = 0
    for (left, right) in merges {
      guard let made = numbers[left + right] else {
        throw .invalidTokenNumber(path: file.path, token: left + right, number: -1)
      }
      if scores[made] == -1e6 {
        scores[made] = -rank
        rank += 1
      }
    }
    for (number, kind) in kinds.enumerated() where kind != .normal { scores[number] = 0 }
    let prefix = try addsSpacePrefix()
    keys += [
      ("tokenizer.ggml.pre", .text("default")),
      ("tokenizer.ggml.scores", .floats(scores)),
      ("tokenizer.ggml.add_space_prefix", .bool(prefix)),
    ]
  }

  private func addsSpacePrefix() throws(CheckpointError) -> Bool {
    func kinds(_ part: String, _ list: String) -> [JSONValue] {
      guard let value = file[part] else { return [] }
      return value.member(list)?.elements ?? [value]
    }
    let steps = kinds("normalizer", "normalizers") + kinds("pre_tokenizer", "pretokenizers")
    var adds = false
    for step in steps {
      let content = step.member("content")?.text
      switch step.member("type")?.text {
      case "Prepend" where step.member("prepend")?.text == "▁": adds = true
      case "Replace"
      where step.member("pattern")?.member("String")?.text == " " && content == "▁":
        continue
      case "Metaspace" where step.member("replacement")?.text == "▁":
        adds = step.member("prepend_scheme")?.text.map { $0 != "never" } ?? true
      default:
        throw .unsupportedTokenizer(
          path: file.path, part: "normalizer", value: step.description,
          supported: ["Prepend ▁", "Replace blanks by ▁", "Metaspace"])
      }
    }
    return adds
  }

  // MARK: Tokens with a purpose, and the template

  private mutating func addSpecials() throws(CheckpointError) {
    var ends: [Int] = []
    for name in ["bos", "eos", "unk", "pad"] {
      guard let number = special("\(name)_token") else { continue }
      guard texts.indices.contains(number) else {
        throw .invalidTokenNumber(path: file.path, token: "\(name)_token", number: number)
      }
      let key = ["unk": "unknown", "pad": "padding"][name, default: name]
      keys.append(("tokenizer.ggml.\(key)_token_id", .integer(UInt32(number))))
      if name == "eos" { ends.append(number) }
    }
    // Chat models end a turn with another token than a text.
    for place in [generation?["eos_token_id"], network.file["eos_token_id"]] {
      let more = place?.elements?.compactMap(\.integer) ?? [place?.integer].compactMap(\.self)
      ends += more.filter { texts.indices.contains($0) && !ends.contains($0) }
    }
    if ends.count > 1 {
      keys.append(("tokenizer.ggml.eot_token_id", .integer(UInt32(ends[1]))))
    }
    keys.append(("tokenizer.ggml.add_bos_token", .bool(addsBeginning)))
  }

  private func special(_ name: String) -> Int? {
    let stated = settings?[name]
    if let text = stated?.text ?? stated?.member("content")?.text, let number = numbers[text] {
      return number
    }
    let number = network.file["\(name)_id"]
    return number?.integer ?? number?.elements?.first?.integer
  }

  private var addsBeginning: Bool {
    if let flag = settings?["add_bos_token"]?.flag { return flag }
    guard let processor = file["post_processor"], let beginning = special("bos_token") else {
      return false
    }
    let steps = processor.member("processors")?.elements ?? [processor]
    return steps.contains { step in
      let first = step.member("single")?.elements?.first?.member("SpecialToken")?.member("id")?.text
      return first.map { numbers[$0] == beginning } ?? false
    }
  }

  private mutating func addTemplate() throws(CheckpointError) {
    let beside = checkpoint.path("chat_template.jinja")
    var template = settings?["chat_template"]?.text
    if let several = settings?["chat_template"]?.elements {
      template =
        several.first { $0.member("name")?.text == "default" }?.member("template")?.text
    }
    if template == nil, FileManager.default.fileExists(atPath: beside) {
      let source = try MappedFile.reading(beside)
      guard source.bytes.count <= 1 << 20 else {
        throw .tooLarge(path: beside, bytes: source.bytes.count, bytesMax: 1 << 20)
      }
      template = String(decoding: source.bytes, as: UTF8.self)
    }
    if let template { keys.append(("tokenizer.chat_template", .text(template))) }
  }
}

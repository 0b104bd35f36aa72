import Foundation
import StrictJSON

/// What `config.json` says about the network and about how its weights became ternary.
struct NetworkConfig {
  /// How a packed matrix's `weight_scale` is meant. Both spellings are in use, and taking one for
  /// the other is the commonest bug of converters (reference: transformers, `integrations/bitnet.py`:
  /// `AutoBitLinear` multiplies, `BitLinear` divides).
  enum ScaleConvention { case multiply, divide }

  let file: JSONFile
  /// The name model files know the architecture by.
  let architecture: String
  let width: Int
  let feedForwardWidth: Int
  let layerCount: Int
  let headCount: Int
  let keyHeadCount: Int
  let headSize: Int
  let contextLength: Int
  let vocabularySize: Int
  let isTied: Bool
  let convention: ScaleConvention?
  /// Whether the model rounds its float weights whenever it runs.
  let roundsWeights: Bool
  /// What each pair's rotary frequency is divided by (Llama 3's long context).
  let rotaryDivisors: [Float]?
  private let rope: [(key: String, value: MetadataValue)]

  var hasSubNorms: Bool { architecture.hasPrefix("bitnet") }
  var hasHeadNorms: Bool { architecture == "qwen3" }
  /// Whether rows of queries and keys are put in another order: ggml turns neighbours in `llama`.
  var turnsNeighbours: Bool { architecture == "llama" }

  private static let architectures = ["BitNetForCausalLM", "LlamaForCausalLM", "Qwen3ForCausalLM"]

  /// - Throws: `missingField`, `unsupportedField`.
  init(_ file: JSONFile) throws(CheckpointError) {
    self.file = file
    architecture = try Self.architecture(file)
    width = try file.positive("hidden_size")
    feedForwardWidth = try file.positive("intermediate_size")
    layerCount = try file.positive("num_hidden_layers")
    headCount = try file.positive("num_attention_heads")
    keyHeadCount =
      file["num_key_value_heads"] == nil ? headCount : try file.positive("num_key_value_heads")
    guard width % headCount == 0 || file["head_dim"] != nil, headCount % keyHeadCount == 0 else {
      throw .unsupportedField(
        path: file.path, field: "num_attention_heads", value: "\(headCount)", supported: [])
    }
    headSize = file["head_dim"] == nil ? width / headCount : try file.positive("head_dim")
    contextLength = try file.positive("max_position_embeddings")
    vocabularySize = try file.positive("vocab_size")
    isTied = file["tie_word_embeddings"]?.flag ?? false
    for (field, largest) in [
      ("hidden_size", width), ("intermediate_size", feedForwardWidth), ("head_dim", headSize),
      ("vocab_size", vocabularySize), ("num_hidden_layers", layerCount),
    ] where largest > 1 << 20 {
      throw .unsupportedField(path: file.path, field: field, value: "\(largest)", supported: [])
    }
    (convention, roundsWeights) = try Self.quantisation(file, architecture)
    (rope, rotaryDivisors) = try Self.rotary(file, architecture, headSize: headSize)
    try Self.refuseUnknownParts(file)
  }

  /// The keys of the model file, apart from the tokenizer's.
  func metadata(name: String, _ type: TernaryType) throws(CheckpointError) -> [(
    key: String, value: MetadataValue
  )] {
    let epsilon = try file.number("rms_norm_eps")
    func key(_ name: String) -> String { "\(architecture).\(name)" }
    return [
      ("general.architecture", .text(architecture)),
      ("general.name", .text(name)),
      ("general.quantization_version", .integer(2)),
      ("general.file_type", .integer(type.fileCode)),
      (key("vocab_size"), .integer(UInt32(vocabularySize))),
      (key("context_length"), .integer(UInt32(contextLength))),
      (key("embedding_length"), .integer(UInt32(width))),
      (key("block_count"), .integer(UInt32(layerCount))),
      (key("feed_forward_length"), .integer(UInt32(feedForwardWidth))),
      (key("attention.head_count"), .integer(UInt32(headCount))),
      (key("attention.head_count_kv"), .integer(UInt32(keyHeadCount))),
      (key("attention.key_length"), .integer(UInt32(headSize))),
      (key("attention.value_length"), .integer(UInt32(headSize))),
      (key("attention.layer_norm_rms_epsilon"), .float(Float(epsilon))),
      (key("rope.dimension_count"), .integer(UInt32(headSize))),
    ] + rope
  }

  private static func architecture(_ file: JSONFile) throws(CheckpointError) -> String {
    let name =
      file["architectures"]?.elements?.first?.text ?? file["model_type"]?.text ?? "(none)"
    let activation = file["hidden_act"]?.text ?? "silu"
    let gates: [String: String]
    // Both spellings of BitNet are published; the activation tells the networks apart.
    switch name {
    case "BitNetForCausalLM", "BitnetForCausalLM", "bitnet":
      gates = ["relu2": "bitnet-b1.58", "silu": "bitnet"]
    case "LlamaForCausalLM", "llama": gates = ["silu": "llama"]
    case "Qwen3ForCausalLM", "qwen3": gates = ["silu": "qwen3"]
    default:
      throw .unsupportedField(
        path: file.path, field: "architectures", value: name, supported: architectures)
    }
    guard let architecture = gates[activation] else {
      throw .unsupportedField(
        path: file.path, field: "hidden_act", value: activation, supported: gates.keys.sorted())
    }
    return architecture
  }

  private static func quantisation(
    _ file: JSONFile, _ architecture: String
  ) throws(CheckpointError) -> (ScaleConvention?, roundsWeights: Bool) {
    guard let config = file["quantization_config"] else {
      // BitNet without more is the training's checkpoint.
      return (nil, architecture.hasPrefix("bitnet"))
    }
    let method = config.member("quant_method")?.text ?? "(none)"
    guard method == "bitnet" else {
      throw .unsupportedField(
        path: file.path, field: "quantization_config.quant_method", value: method,
        supported: ["bitnet"])
    }
    switch config.member("linear_class")?.present?.text ?? "bitlinear" {
    case "autobitlinear": return (.multiply, true)
    case "bitlinear": return (.divide, true)
    case let other:
      throw .unsupportedField(
        path: file.path, field: "quantization_config.linear_class", value: other,
        supported: ["autobitlinear", "bitlinear"])
    }
  }

  /// Parts of a network that model files of these architectures cannot say.
  private static func refuseUnknownParts(_ file: JSONFile) throws(CheckpointError) {
    let without: [(String, (JSONValue) -> Bool)] = [
      ("use_sliding_window", { $0.flag == false }),
      ("partial_rotary_factor", { $0.double == 1 }),
      ("num_experts", { $0.integer == 0 }), ("num_local_experts", { $0.integer == 0 }),
      ("pretraining_tp", { $0.integer == 1 || $0.integer == 0 }),
    ]
    for (field, isHarmless) in without {
      guard let value = file[field], !isHarmless(value) else { continue }
      throw .unsupportedField(
        path: file.path, field: field, value: value.description, supported: [])
    }
  }
}

extension NetworkConfig {
  /// The rotary embedding: where transformers keeps it, of old (`rope_theta`, `rope_scaling`) and
  /// from release 5 on (`rope_parameters`).
  private static func rotary(
    _ file: JSONFile, _ architecture: String, headSize: Int
  ) throws(CheckpointError) -> ([(key: String, value: MetadataValue)], divisors: [Float]?) {
    let isNew = file["rope_parameters"] != nil
    let field = isNew ? "rope_parameters" : "rope_scaling"
    let scaling = file[field]
    let base = file["rope_parameters", "rope_theta"]?.double ?? file["rope_theta"]?.double ?? 10_000
    var keys: [(key: String, value: MetadataValue)] = []
    func add(_ name: String, _ value: MetadataValue) {
      keys.append(("\(architecture).rope.\(name)", value))
    }
    func number(_ name: String, _ fallback: Double? = nil) throws(CheckpointError) -> Double {
      guard let value = scaling?.member(name)?.present?.double ?? fallback, value > 0 else {
        throw .missingField(
          path: file.path, field: "\(field).\(name)", expected: "a number above 0")
      }
      return value
    }
    add("freq_base", .float(Float(base)))
    let kind = scaling?.member("rope_type") ?? scaling?.member("type")
    switch kind?.text ?? "default" {
    case "default": return (keys, nil)
    case "linear":
      add("scaling.type", .text("linear"))
      add("scaling.factor", .float(Float(try number("factor"))))
    case "yarn":
      for name in ["attention_factor", "mscale", "mscale_all_dim", "truncate"] {
        guard let value = scaling?.member(name)?.present else { continue }
        throw .unsupportedField(
          path: file.path, field: "\(field).\(name)", value: value.description, supported: [])
      }
      add("scaling.type", .text("yarn"))
      add("scaling.factor", .float(Float(try number("factor"))))
      let original = try number("original_max_position_embeddings")
      add("scaling.original_context_length", .integer(UInt32(min(original, 0x1p31))))
      add("scaling.yarn_beta_fast", .float(Float(try number("beta_fast", 32))))
      add("scaling.yarn_beta_slow", .float(Float(try number("beta_slow", 1))))
    case "llama3":
      let (low, high) = (try number("low_freq_factor"), try number("high_freq_factor"))
      let original = try number("original_max_position_embeddings")
      let factor = try number("factor")
      return (
        keys,
        (0..<headSize / 2).map { pair in
          // transformers, `_compute_llama3_parameters`: slow pairs are slowed down by the factor,
          // fast ones stay, those between are blended.
          let turns = original * pow(base, -2 * Double(pair) / Double(headSize)) / (2 * .pi)
          if turns > high { return 1 }
          if turns < low { return Float(factor) }
          let blend = (turns - low) / (high - low)
          return Float(1 / ((1 - blend) / factor + blend))
        }
      )
    default:
      throw .unsupportedField(
        path: file.path, field: "\(field).rope_type", value: kind?.text ?? "",
        supported: ["default", "linear", "llama3", "yarn"])
    }
    return (keys, nil)
  }
}

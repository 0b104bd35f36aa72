/// Which tensors a model file gets from a checkpoint, in their order, checked by name and shape.
struct TensorPlan {
  private let checkpoint: Checkpoint
  private let network: NetworkConfig
  private let type: TernaryType
  private var used: Set<String> = []
  private(set) var steps: [TensorStep] = []

  init(_ checkpoint: Checkpoint, _ network: NetworkConfig, _ type: TernaryType) {
    (self.checkpoint, self.network, self.type) = (checkpoint, network, type)
  }

  /// - Throws: `missingTensor`, `unexpectedTensor`, `unexpectedShape`, `unsupportedElements`,
  ///   `unevenRows`, `unknownScales`, `notFinite`.
  mutating func addAll() throws(CheckpointError) {
    let (n, vocabulary) = (network, network.vocabularySize)
    try addTable("model.embed_tokens", as: "token_embd", rows: vocabulary)
    if let divisors = n.rotaryDivisors {
      steps.append(TensorStep(vector: divisors, name: "rope_freqs.weight"))
    }
    for index in 0..<n.layerCount { try addLayer(index) }
    try addVector("model.norm.weight", as: "output_norm.weight", count: n.width)
    if n.isTied {
      used.insert("lm_head.weight")
    } else {
      try addTable("lm_head", as: "output", rows: vocabulary)
    }
    let leftover = checkpoint.entries.keys.filter { name in
      // Angles that older releases saved; they follow from the configuration.
      !used.contains(name) && !name.hasSuffix(".rotary_emb.inv_freq")
    }
    if let name = leftover.min(), let entry = checkpoint.entries[name] {
      throw .unexpectedTensor(name, path: entry.path)
    }
  }

  private mutating func addLayer(_ index: Int) throws(CheckpointError) {
    let (n, source, target) = (network, "model.layers.\(index).", "blk.\(index).")
    let (query, key) = (n.headCount * n.headSize, n.keyHeadCount * n.headSize)
    let order: (@Sendable (Int) -> Int)? = n.turnsNeighbours ? Self.neighbours(n.headSize) : nil
    func names(_ first: String, _ other: String) -> [String] { [source + first, source + other] }
    try addVector(
      source + "input_layernorm.weight", as: target + "attn_norm.weight", count: n.width)
    let attention = source + "self_attn."
    try addLinear(attention + "q_proj", as: target + "attn_q", query, n.width, order)
    try addLinear(attention + "k_proj", as: target + "attn_k", key, n.width, order)
    try addLinear(attention + "v_proj", as: target + "attn_v", key, n.width)
    if n.hasHeadNorms {
      for part in ["q", "k"] {
        try addVector(
          attention + "\(part)_norm.weight", as: target + "attn_\(part)_norm.weight",
          count: n.headSize)
      }
    }
    if n.hasSubNorms {
      try addVector(
        oneOf: names("self_attn.attn_sub_norm.weight", "self_attn.inner_attn_ln.weight"),
        as: target + "attn_sub_norm.weight", count: query)
    }
    try addLinear(attention + "o_proj", as: target + "attn_output", n.width, query)
    try addVector(
      source + "post_attention_layernorm.weight", as: target + "ffn_norm.weight", count: n.width)
    for part in ["gate", "up"] {
      try addLinear(
        source + "mlp.\(part)_proj", as: target + "ffn_\(part)", n.feedForwardWidth, n.width)
    }
    if n.hasSubNorms {
      try addVector(
        oneOf: names("mlp.ffn_sub_norm.weight", "mlp.ffn_layernorm.weight"),
        as: target + "ffn_sub_norm.weight", count: n.feedForwardWidth)
    }
    try addLinear(source + "mlp.down_proj", as: target + "ffn_down", n.width, n.feedForwardWidth)
  }

  /// ggml turns neighbours (2i, 2i + 1) of a `llama` head where transformers turns halves (i, i +
  /// half): row 2i + j of a head there is row i + j * half here.
  private static func neighbours(_ headSize: Int) -> @Sendable (Int) -> Int {
    { row in
      let within = row % headSize
      return row - within + within % 2 * (headSize / 2) + within / 2
    }
  }

  // MARK: Kinds of tensors

  private mutating func addLinear(
    _ source: String, as target: String, _ rows: Int, _ columns: Int,
    _ order: (@Sendable (Int) -> Int)? = nil
  ) throws(CheckpointError) {
    let entry = try find(source + ".weight")
    let scaleName = source + ".weight_scale"
    let hasScale = checkpoint.entries[scaleName] != nil
    var factor: Float = 1
    if hasScale || entry.tensor.elements == .u8 {
      guard let convention = network.convention else {
        throw .unknownScales(tensor: entry.tensor.name)
      }
      let scale = try Numbers.vector(find(scaleName), count: 1)[0]
      factor = convention == .multiply ? scale : 1 / scale
      guard factor.isFinite, factor != 0 else { throw .notFinite(tensor: scaleName, row: 0) }
    }
    let reader = try MatrixReader(
      entry, rows: rows, columns: columns, factor: factor, order: order)
    guard columns % type.blockWeights == 0 else {
      throw .unevenRows(
        tensor: entry.tensor.name, columns: columns, block: type.blockWeights,
        type: type.rawValue)
    }
    // Weights with a scale beside them were rounded when they were saved.
    let rounding: MatrixReader.Rounding =
      network.roundsWeights && !hasScale ? .absmean : .exact
    steps.append(
      TensorStep(ternary: reader, type: type, rounding: rounding, name: target + ".weight"))
    if checkpoint.entries[source + ".bias"] != nil {
      try addVector(source + ".bias", as: target + ".bias", count: rows, order)
    }
    if checkpoint.entries[source + ".rms_norm.weight"] != nil {
      try addVector(
        source + ".rms_norm.weight", as: target + "_norm_in.weight", count: columns)
    }
  }

  /// A matrix that stays as it is.
  private mutating func addTable(
    _ source: String, as target: String, rows: Int
  ) throws(CheckpointError) {
    let entry = try find(source + ".weight")
    guard Numbers.supported.contains(entry.tensor.elements) else {
      throw .unsupportedElements(
        tensor: entry.tensor.name, type: entry.tensor.elements.rawValue,
        supported: Numbers.supported.map(\.rawValue))
    }
    let reader = try MatrixReader(entry, rows: rows, columns: network.width)
    steps.append(TensorStep(table: reader, name: target + ".weight"))
  }

  private mutating func addVector(
    oneOf names: [String], as target: String, count: Int
  ) throws(CheckpointError) {
    let name = names.first { checkpoint.entries[$0] != nil } ?? names[0]
    try addVector(name, as: target, count: count)
  }

  private mutating func addVector(
    _ source: String, as target: String, count: Int, _ order: (@Sendable (Int) -> Int)? = nil
  ) throws(CheckpointError) {
    let values = try Numbers.vector(find(source), count: count)
    let ordered = order.map { order in values.indices.map { values[order($0)] } }
    steps.append(TensorStep(vector: ordered ?? values, name: target))
  }

  private mutating func find(_ name: String) throws(CheckpointError) -> Checkpoint.Entry {
    guard let entry = checkpoint.entries[name] else { throw .missingTensor(name) }
    used.insert(name)
    return entry
  }
}

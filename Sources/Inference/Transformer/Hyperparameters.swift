/// The sizes of a model, read from its metadata and checked against what the engine can run.
struct Hyperparameters: Sendable, Equatable {
  let architecture: Architecture
  let width: Int  // d
  let feedForwardWidth: Int  // f
  let layerCount: Int
  let headCount: Int
  let keyHeadCount: Int
  let headSize: Int
  let contextLength: Int
  let vocabularySize: Int
  let normEpsilon: Float
  let rotary: Rotary

  /// Query width: heads times head size.
  var queryWidth: Int { headCount * headSize }
  /// Key or value width: key heads times head size.
  var keyWidth: Int { keyHeadCount * headSize }

  /// Upper bounds that keep products of two sizes far from overflow.
  private static let widthMaximum = 1 << 17
  private static let layerMaximum = 1 << 10
  private static let contextMaximum = 1 << 20

  /// - Throws: `unsupportedArchitecture`, `missingKey`, `wrongValueType`, or
  ///   `unsupportedHyperparameter` with the key.
  init(_ file: GGUFFile, vocabularySize: Int) throws(InferenceError) {
    let architecture = try Architecture.of(file)
    self.architecture = architecture
    func key(_ name: String) -> String { "\(architecture.name).\(name)" }
    func size(_ name: String, limit: Int, multipleOf step: Int = 1) throws(InferenceError) -> Int {
      let value = try file.positiveInteger(key(name))
      try Hyperparameters.check(value <= limit && value % step == 0, key(name), value)
      return value
    }
    width = try size("embedding_length", limit: Self.widthMaximum, multipleOf: 16)
    feedForwardWidth = try size("feed_forward_length", limit: Self.widthMaximum, multipleOf: 16)
    layerCount = try size("block_count", limit: Self.layerMaximum)
    contextLength = try size("context_length", limit: Self.contextMaximum)
    headCount = try size("attention.head_count", limit: 1024)
    keyHeadCount = try file.positiveInteger(
      key("attention.head_count_kv"), default: headCount)
    try Self.check(
      keyHeadCount <= headCount && headCount % keyHeadCount == 0,
      key("attention.head_count_kv"), keyHeadCount)
    headSize = try Self.headSize(file, prefix: architecture.name, width: width, headCount)
    let dimensions = try file.positiveInteger(key("rope.dimension_count"), default: headSize)
    try Self.check(
      dimensions <= headSize && dimensions % 2 == 0, key("rope.dimension_count"), dimensions)
    let epsilonKey = key("attention.layer_norm_rms_epsilon")
    guard let epsilon = try file.float(epsilonKey) else { throw .missingKey(epsilonKey) }
    try Self.check(epsilon >= 0 && epsilon < 1, epsilonKey, epsilon)
    normEpsilon = Float(epsilon)
    rotary = try Rotary(
      file, prefix: architecture.name, half: dimensions / 2, context: contextLength)
    try Self.refuseUnknownParts(file, prefix: architecture.name)
    self.vocabularySize = vocabularySize
    try Self.check(vocabularySize <= 1 << 20, "tokenizer.ggml.tokens", vocabularySize)
    if let declared = try file.integer(key("vocab_size")) {
      try Self.check(declared == UInt64(vocabularySize), key("vocab_size"), declared)
    }
  }

  /// The file's own head size, which need not divide the width, or the width over the heads.
  private static func headSize(
    _ file: GGUFFile, prefix: String, width: Int, _ headCount: Int
  ) throws(InferenceError) -> Int {
    let (keyLength, valueLength) = (
      "\(prefix).attention.key_length", "\(prefix).attention.value_length"
    )
    let stated = file.metadata[keyLength] != nil
    if !stated { try check(width % headCount == 0, "\(prefix).attention.head_count", headCount) }
    let size = try file.positiveInteger(keyLength, default: width / headCount)
    try check(
      size % 16 == 0 && size <= widthMaximum / headCount,
      stated ? keyLength : "\(prefix).attention.head_count", stated ? size : headCount)
    let valueSize = try file.positiveInteger(valueLength, default: size)
    try check(valueSize == size, valueLength, valueSize)
    return size
  }

  /// Parts of a network that this one does not have; leaving them out would change the numbers.
  private static func refuseUnknownParts(
    _ file: GGUFFile, prefix: String
  ) throws(InferenceError) {
    for name in ["expert_count", "attention.sliding_window", "logit_scale", "residual_scale"] {
      let key = "\(prefix).\(name)"
      guard let value = file.metadata[key] else { continue }
      try check(value.integer == 0 || value == .float(0), key, value.text)
    }
    if let causal = try file.bool("\(prefix).attention.causal") {
      try check(causal, "\(prefix).attention.causal", causal)
    }
    // Weights in a rotated basis (PrismML): without the rotation they are fluent garbage.
    if let key = file.metadata.keys.filter({ $0.hasPrefix("prism.hadamard") }).min() {
      throw .rotatedBasis(key: key)
    }
  }

  private static func check(
    _ holds: Bool, _ key: String, _ value: some CustomStringConvertible
  ) throws(InferenceError) {
    guard holds else {
      throw .unsupportedHyperparameter(key: key, value: value.description)
    }
  }
}

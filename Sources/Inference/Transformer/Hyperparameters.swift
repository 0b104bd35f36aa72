/// The sizes of a model, read from its metadata and checked against what the engine can run.
struct Hyperparameters: Sendable, Equatable {
  let width: Int  // d
  let feedForwardWidth: Int  // f
  let layerCount: Int
  let headCount: Int
  let keyHeadCount: Int
  let headSize: Int
  let contextLength: Int
  let vocabularySize: Int
  let normEpsilon: Float
  let rotaryBase: Double
  let rotaryHalf: Int

  /// Query width: heads times head size.
  var queryWidth: Int { headCount * headSize }
  /// Key or value width: key heads times head size.
  var keyWidth: Int { keyHeadCount * headSize }

  static let supportedArchitectures = ["bitnet"]

  /// Upper bounds that keep products of two sizes far from overflow.
  private static let widthMaximum = 1 << 17
  private static let layerMaximum = 1 << 10
  private static let contextMaximum = 1 << 20

  /// - Throws: `unsupportedArchitecture`, `missingKey`, `wrongValueType`, or
  ///   `unsupportedHyperparameter` with the key.
  init(_ file: GGUFFile, vocabularySize: Int) throws(InferenceError) {
    guard let architecture = try file.string("general.architecture") else {
      throw .missingKey("general.architecture")
    }
    let supported = Hyperparameters.supportedArchitectures
    guard supported.contains(architecture) else {
      throw .unsupportedArchitecture(architecture, supported: supported)
    }
    func key(_ name: String) -> String { "\(architecture).\(name)" }
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
    try Self.check(width % headCount == 0, key("attention.head_count"), headCount)
    headSize = width / headCount
    try Self.check(headSize % 16 == 0, key("attention.head_count"), headCount)
    for name in ["attention.key_length", "attention.value_length"] {
      let length = try file.positiveInteger(key(name), default: headSize)
      try Self.check(length == headSize, key(name), length)
    }
    let rotary = try file.positiveInteger(key("rope.dimension_count"), default: headSize)
    try Self.check(
      rotary <= headSize && rotary % 2 == 0, key("rope.dimension_count"), rotary)
    rotaryHalf = rotary / 2
    let epsilonKey = key("attention.layer_norm_rms_epsilon")
    guard let epsilon = try file.float(epsilonKey) else { throw .missingKey(epsilonKey) }
    try Self.check(epsilon >= 0 && epsilon < 1, epsilonKey, epsilon)
    normEpsilon = Float(epsilon)
    let base = try file.float(key("rope.freq_base")) ?? 10_000
    try Self.check(base >= 1 && base.isFinite, key("rope.freq_base"), base)
    rotaryBase = base
    try Self.checkScaling(file, prefix: key("rope"))
    self.vocabularySize = vocabularySize
    try Self.check(vocabularySize <= 1 << 20, "tokenizer.ggml.tokens", vocabularySize)
    if let declared = try file.integer(key("vocab_size")) {
      try Self.check(declared == UInt64(vocabularySize), key("vocab_size"), declared)
    }
  }

  /// Stretched rotary embeddings would give other numbers; only the plain one is run.
  private static func checkScaling(_ file: GGUFFile, prefix: String) throws(InferenceError) {
    if let kind = try file.string("\(prefix).scaling.type"), kind != "none" {
      let factor = try file.float("\(prefix).scaling.factor") ?? 1
      try check(kind == "linear" && factor == 1, "\(prefix).scaling.type", kind)
    }
    for name in ["scale_linear", "scaling.factor"] {
      if let factor = try file.float("\(prefix).\(name)") {
        try check(factor == 1 || factor == 0, "\(prefix).\(name)", factor)
      }
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

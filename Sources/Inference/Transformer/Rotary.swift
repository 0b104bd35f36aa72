/// How far each pair of a head turns a position, and by what sine and cosine are stretched.
struct Rotary: Sendable, Equatable {
  /// Radians a position, one a pair.
  let frequencies: [Double]
  /// YaRN's attention factor; 1 otherwise.
  let factor: Double

  /// Pairs that turn: half of the rotary dimensions.
  var half: Int { frequencies.count }

  /// Reads a file's rotary embedding: plain, linear, YaRN, and with a factor for each pair
  /// (Llama 3's long context, tensor `rope_freqs.weight`).
  ///
  /// - Parameters:
  ///   - prefix: the architecture's name.
  ///   - half: pairs that turn.
  ///   - context: the model's context, where the file does not name the original one.
  /// - Throws: `unsupportedHyperparameter`, `wrongValueType`; `unsupportedTensorType`,
  ///   `unexpectedShape`, `nonFiniteWeight` for the factors.
  init(
    _ file: GGUFFile, prefix: String, half: Int, context: Int
  ) throws(InferenceError) {
    func key(_ name: String) -> String { "\(prefix).rope.\(name)" }
    func number(_ name: String, _ fallback: Double) throws(InferenceError) -> Double {
      let value = try file.float(key(name)) ?? fallback
      guard value.isFinite, value >= 0, value <= 1e9 else {
        throw .unsupportedHyperparameter(key: key(name), value: "\(value)")
      }
      return value
    }
    let base = try number("freq_base", 10_000)
    guard base > 1 else {
      throw .unsupportedHyperparameter(key: key("freq_base"), value: "\(base)")
    }
    let divisors = try Rotary.divisors(file, half: half)
    let logBase = ExactMath.log(base)
    let plain = (0..<half).map { pair in
      ExactMath.exp(-(Double(pair) / Double(half)) * logBase) / divisors[pair]
    }
    let kind = try file.string(key("scaling.type")) ?? "linear"
    // `scale_linear` is the older name; 0 means that there is none.
    let given = try number("scaling.factor", try number("scale_linear", 1))
    let stretch = given == 0 ? 1 : given
    switch kind {
    case "none":
      (frequencies, factor) = (plain, 1)
    case "linear":
      (frequencies, factor) = (stretch == 1 ? plain : plain.map { $0 / stretch }, 1)
    case "yarn":
      for name in ["scaling.yarn_log_multiplier", "scaling.yarn_attn_factor"] {
        if let value = try file.float(key(name)), value != 0, value != 1 {
          throw .unsupportedHyperparameter(key: key(name), value: "\(value)")
        }
      }
      let original = try file.positiveInteger(
        key("scaling.original_context_length"), default: context)
      let ramp = Ramp(
        original: Double(original), half: half, logBase: logBase,
        fast: try number("scaling.yarn_beta_fast", 32),
        slow: try number("scaling.yarn_beta_slow", 1))
      frequencies = plain.indices.map { pair in
        let kept = ramp.kept(pair)
        return plain[pair] / stretch * (1 - kept) + plain[pair] * kept
      }
      factor =
        try number("scaling.attn_factor", 1) * (1 + 0.1 * ExactMath.log(stretch))
    default:
      throw .unsupportedHyperparameter(key: key("scaling.type"), value: kind)
    }
  }

  /// YaRN's ramp (Peng et al. 2023, section 3.2; pair numbers rounded outward as in its code):
  /// pairs that turn often in the original context keep their frequency, those that turn
  /// rarely are slowed down.
  private struct Ramp {
    let low: Double
    let high: Double

    init(original: Double, half: Int, logBase: Double, fast: Double, slow: Double) {
      func pair(turning times: Double) -> Double {
        Double(half) * ExactMath.log(original / (times * 2 * .pi)) / logBase
      }
      low = max(0, pair(turning: fast).rounded(.down))
      high = min(Double(2 * half - 1), pair(turning: slow).rounded(.up))
    }

    func kept(_ pair: Int) -> Double {
      1 - min(1, max(0, (Double(pair) - low) / max(0.001, high - low)))
    }
  }

  static let divisorTensor = "rope_freqs.weight"

  private static func divisors(
    _ file: GGUFFile, half: Int
  ) throws(InferenceError) -> [Double] {
    guard let tensor = file.tensors[divisorTensor] else { return Array(repeating: 1, count: half) }
    guard tensor.type == .f32 else {
      throw .unsupportedTensorType(
        tensor: tensor.name, type: tensor.typeCode, supported: [TensorType.f32.name])
    }
    guard tensor.shape == [UInt64(half)] else {
      throw .unexpectedShape(
        tensor: tensor.name, expected: [UInt64(half)], found: tensor.shape)
    }
    let bytes = file.bytes(of: tensor)
    var divisors: [Double] = []
    for index in 0..<half {
      let value = Float(
        bitPattern: UInt32(
          littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)))
      guard value.isFinite, value > 0 else {
        throw .nonFiniteWeight(tensor: tensor.name, row: index)
      }
      divisors.append(Double(value))
    }
    return divisors
  }
}

/// How a token is drawn from the model's distribution. The steps run in the order of the
/// properties: repetition penalty, temperature, top-k, top-p, min-p.
public struct SamplingParameters: Sendable, Equatable {
  /// Divides the positive and multiplies the negative logits of recent tokens; 1 is off.
  public var repetitionPenalty: Double
  /// Tokens, prompt included, that count as recent; 0 is off.
  public var repetitionWindow: Int
  /// Divides the logits; 0 takes the likeliest token (the lowest id among equals).
  public var temperature: Double
  /// Keeps this many of the likeliest tokens; 0 keeps all.
  public var topK: Int
  /// Keeps the likeliest tokens that together reach this probability; 1 keeps all.
  public var topP: Double
  /// Keeps tokens at least this share of the likeliest one's probability; 0 keeps all.
  public var minP: Double

  public init(
    temperature: Double = 0.8, topK: Int = 40, topP: Double = 0.95, minP: Double = 0.05,
    repetitionPenalty: Double = 1, repetitionWindow: Int = 64
  ) {
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    self.minP = minP
    self.repetitionPenalty = repetitionPenalty
    self.repetitionWindow = repetitionWindow
  }

  /// Always the likeliest token.
  public static let greedy = SamplingParameters(
    temperature: 0, topK: 0, topP: 1, minP: 0, repetitionPenalty: 1, repetitionWindow: 0)

  /// - Throws: `invalidParameter` with the first value outside its range.
  func validate() throws(InferenceError) {
    let checks: [(name: String, value: Double, holds: Bool)] = [
      ("temperature", temperature, temperature >= 0 && temperature.isFinite),
      ("topK", Double(topK), topK >= 0),
      ("topP", topP, topP > 0 && topP <= 1),
      ("minP", minP, minP >= 0 && minP <= 1),
      (
        "repetitionPenalty", repetitionPenalty,
        repetitionPenalty > 0 && repetitionPenalty.isFinite
      ),
      ("repetitionWindow", Double(repetitionWindow), repetitionWindow >= 0),
    ]
    for check in checks where !check.holds {
      throw .invalidParameter(name: check.name, value: check.value)
    }
  }
}

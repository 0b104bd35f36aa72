// The JSON shape of estimates and of the families that are more than numbers
// (docs/method/friction.md).

extension Estimate: Encodable {
  private enum CodingKeys: String, CodingKey { case value, low, high, tasks }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(value, forKey: .value)
    try container.encode(interval?.lowerBound, forKey: .low)
    try container.encode(interval?.upperBound, forKey: .high)
    try container.encode(tasks, forKey: .tasks)
  }
}

/// The figure at one attempt.
struct CurvePoint: Encodable {
  var attempt: Int
  var estimate: Estimate?

  init(_ point: (offset: Int, element: Estimate?)) {
    (attempt, estimate) = (point.offset + 1, point.element)
  }

  private enum CodingKeys: String, CodingKey { case attempt, value, low, high, tasks }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(attempt, forKey: .attempt)
    try container.encode(estimate?.value, forKey: .value)
    try container.encode(estimate?.interval?.lowerBound, forKey: .low)
    try container.encode(estimate?.interval?.upperBound, forKey: .high)
    try container.encode(estimate?.tasks ?? 0, forKey: .tasks)
  }
}

/// An object with a member a name.
func byName<Value>(_ members: [(String, Value)]) -> [String: Value] {
  Dictionary(members, uniquingKeysWith: { first, _ in first })
}

extension SemanticEntropy: Encodable {
  private enum CodingKeys: String, CodingKey {
    case moment, mean, buckets
    case drawsMin = "draws_min"
    case drawsMax = "draws_max"
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(moment.rawValue, forKey: .moment)
    try container.encode(mean, forKey: .mean)
    try container.encode(draws?.lowerBound, forKey: .drawsMin)
    try container.encode(draws?.upperBound, forKey: .drawsMax)
    try container.encode(buckets, forKey: .buckets)
  }
}

extension SemanticEntropy.Bucket: Encodable {
  private enum CodingKeys: String, CodingKey { case from, to, improved, reliable }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(lower, forKey: .from)
    try container.encode(upper, forKey: .to)
    try container.encode(Share(improved), forKey: .improved)
    try container.encode(isReliable, forKey: .reliable)
  }
}

extension InitialConfidence.Bucket: Encodable {
  private enum CodingKeys: String, CodingKey { case from, right, improved }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(Double(place) / InitialConfidence.bucketsPerUnit, forKey: .from)
    try container.encode(Share(right), forKey: .right)
    try container.encode(Share(improved), forKey: .improved)
  }
}

extension Selectivity: Encodable {
  private enum CodingKeys: String, CodingKey {
    case model, script, uptake, flips, difference, low, high
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(model, forKey: .model)
    try container.encode(script, forKey: .script)
    try container.encode(Share(uptake), forKey: .uptake)
    try container.encode(Share(flips), forKey: .flips)
    try container.encode(difference, forKey: .difference)
    try container.encode(interval?.lowerBound, forKey: .low)
    try container.encode(interval?.upperBound, forKey: .high)
  }
}

extension Saving: Encodable {
  private enum CodingKeys: String, CodingKey {
    case model, script, arm, against, pairs, tokens, evaluated
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(model, forKey: .model)
    try container.encode(script, forKey: .script)
    try container.encode(arm, forKey: .arm)
    try container.encode(against, forKey: .against)
    try container.encode(pairs, forKey: .pairs)
    try container.encode(tokens, forKey: .tokens)
    try container.encode(evaluated, forKey: .evaluated)
  }
}

extension UserTurns: Encodable {
  private enum CodingKeys: String, CodingKey { case model, n, labels }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(model, forKey: .model)
    try container.encode(total, forKey: .n)
    try container.encode(
      byName(Label.allCases.map { ($0.rawValue, Share(share($0))) }), forKey: .labels)
  }
}

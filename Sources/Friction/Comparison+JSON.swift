// The JSON shape of comparisons and of families of tasks (docs/method/friction.md).

extension Comparison: Encodable {
  private enum CodingKeys: String, CodingKey {
    case script, measure, attempts, a, b, difference, low, high, pairs
    case onlyA = "only_a"
    case onlyB = "only_b"
    case mcnemar = "mcnemar_p"
    case permutation = "permutation_p"
    case holm = "holm_p"
    case sentence
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(script, forKey: .script)
    try container.encode(measure.rawValue, forKey: .measure)
    try container.encode(attempts, forKey: .attempts)
    try container.encode(a, forKey: .a)
    try container.encode(b, forKey: .b)
    try container.encode(difference, forKey: .difference)
    try container.encode(interval?.lowerBound, forKey: .low)
    try container.encode(interval?.upperBound, forKey: .high)
    try container.encode(pairs, forKey: .pairs)
    try container.encode(onlyA, forKey: .onlyA)
    try container.encode(onlyB, forKey: .onlyB)
    try container.encode(mcNemar, forKey: .mcnemar)
    try container.encode(permutation, forKey: .permutation)
    try container.encode(holm, forKey: .holm)
    try container.encode(sentence, forKey: .sentence)
  }
}

extension Comparison.Side: Encodable {
  private enum CodingKeys: String, CodingKey { case model, arm, n, count, share }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(model, forKey: .model)
    try container.encode(arm, forKey: .arm)
    try container.encode(share.total, forKey: .n)
    try container.encode(share.count, forKey: .count)
    try container.encode(share.share, forKey: .share)
  }
}

extension Skill: Encodable {
  private enum CodingKeys: String, CodingKey {
    case model, script, family, difficulty, first, unanswered, arms
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(model, forKey: .model)
    try container.encode(script, forKey: .script)
    try container.encode(family, forKey: .family)
    try container.encode(difficulty, forKey: .difficulty)
    try container.encode(Share(first), forKey: .first)
    try container.encode(unanswered, forKey: .unanswered)
    try container.encode(arms, forKey: .arms)
  }
}

extension Skill.Arm: Encodable {
  private enum CodingKeys: String, CodingKey { case arm, tt, ft, ff, tf, recovery, loss }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(arm, forKey: .arm)
    try container.encode(transitions.tt, forKey: .tt)
    try container.encode(transitions.ft, forKey: .ft)
    try container.encode(transitions.ff, forKey: .ff)
    try container.encode(transitions.tf, forKey: .tf)
    try container.encode(Share(transitions.recovery), forKey: .recovery)
    try container.encode(Share(transitions.modification), forKey: .loss)
  }
}

extension Bootstrap: Encodable {
  private enum CodingKeys: String, CodingKey { case seed, resamples }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(seed, forKey: .seed)
    try container.encode(resamples, forKey: .resamples)
  }
}

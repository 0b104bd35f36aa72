// The report's documented JSON shape (docs/method/friction.md). What is unknown is null.

extension FrictionReport: Encodable {
  private enum CodingKeys: String, CodingKey {
    case sessions, arms, families, comparisons, selectivity, savings, budgets, bootstrap
    case userTurns = "user_turns"
  }

  /// Encodes `{"sessions": …, "arms": […], "families": […], "comparisons": […], "bootstrap": …}`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(sessions, forKey: .sessions)
    try container.encode(rows, forKey: .arms)
    try container.encode(skills, forKey: .families)
    try container.encode(comparisons, forKey: .comparisons)
    try container.encode(selectivities, forKey: .selectivity)
    try container.encode(savings, forKey: .savings)
    try container.encode(budgets, forKey: .budgets)
    try container.encode(userTurns, forKey: .userTurns)
    try container.encode(bootstrap, forKey: .bootstrap)
  }
}

extension FrictionReport.Row: Encodable {
  private enum CodingKeys: String, CodingKey {
    case model, script, arm, kind, sessions, lines, attempts
    case judgedLines = "judged_lines"
    case judgedAttempts = "judged_attempts"
    case unanswered
    case accuracyAt = "accuracy_at"
    case accuracyOfAttempt = "accuracy_of_attempt"
    case recovered, regressed, held
    case otherWrong = "other_wrong"
    case stuck, recovery, regression
    case repeatedAnswerShare = "repeated_answer_share"
    case repeatedAnswerLines = "repeated_answer_lines"
    case identicalReplies = "identical_replies"
    case longestIdenticalRun = "longest_identical_run"
    case countedAttempts = "counted_attempts"
    case promptTokens = "prompt_tokens"
    case evaluatedTokens = "evaluated_tokens"
    case generatedTokens = "generated_tokens"
    case tokensAt = "tokens_at"
    case tt, ft, ff, tf
    case modificationRate = "modification_rate"
    case errorToRight = "error_to_right"
    case targetAccuracy = "target_accuracy"
    case friction
    case normalisedFriction = "normalised_friction"
    case absoluteImprovement = "absolute_improvement"
    case averageTurns = "average_turns"
    case effectiveAnswers = "effective_answer_ratio"
    case stuckLines = "stuck_lines"
    case collision = "collision_probability"
    case admitsMistake = "admits_mistake"
    case passAt = "pass_at"
    case leaks, estimates, shares, curves
    case successSlopeR2 = "success_slope_r2"
    case wrongMinusRightWords = "wrong_minus_right_words"
    case semanticEntropy = "semantic_entropy"
    case confidenceBuckets = "confidence_buckets"
  }

  /// Encodes one element of `arms`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(model, forKey: .model)
    try container.encode(script, forKey: .script)
    try container.encode(arm, forKey: .arm)
    try container.encode(kind.rawValue, forKey: .kind)
    try container.encode(sessions, forKey: .sessions)
    try container.encode(lines, forKey: .lines)
    try container.encode(attempts, forKey: .attempts)
    try encodeOutcomes(&container)
    try container.encode(repetition.answerShare?.value, forKey: .repeatedAnswerShare)
    try container.encode(repetition.lines, forKey: .repeatedAnswerLines)
    try container.encode(repetition.identical.count, forKey: .identicalReplies)
    try container.encode(repetition.longestIdenticalRun, forKey: .longestIdenticalRun)
    try container.encode(cost.total?.attempts ?? 0, forKey: .countedAttempts)
    try container.encode(cost.total?.prompt, forKey: .promptTokens)
    try container.encode(cost.total?.evaluated, forKey: .evaluatedTokens)
    try container.encode(cost.total?.generated, forKey: .generatedTokens)
    try container.encode(
      cost.atAttempt.enumerated().map { TokensAtAttempt(attempt: $0 + 1, tokens: $1) },
      forKey: .tokensAt)
    try encodeEnds(&container)
  }

  private func encodeEnds(_ container: inout KeyedEncodingContainer<CodingKeys>) throws {
    try container.encode(transitions.tt, forKey: .tt)
    try container.encode(transitions.ft, forKey: .ft)
    try container.encode(transitions.ff, forKey: .ff)
    try container.encode(transitions.tf, forKey: .tf)
    try container.encode(Share(transitions.modification), forKey: .modificationRate)
    try container.encode(Share(transitions.recovery), forKey: .errorToRight)
    try container.encode(resistance.target?.value, forKey: .targetAccuracy)
    try container.encode(resistance.friction?.value, forKey: .friction)
    try container.encode(resistance.normalised?.value, forKey: .normalisedFriction)
    try container.encode(resistance.improvement?.value, forKey: .absoluteImprovement)
    try container.encode(persistence.averageTurns?.value, forKey: .averageTurns)
    try container.encode(persistence.effectiveAnswers?.value, forKey: .effectiveAnswers)
    try container.encode(Share(persistence.stuck), forKey: .stuckLines)
    try container.encode(persistence.collision?.value, forKey: .collision)
    try container.encode(Share(admissions.admitted), forKey: .admitsMistake)
    try container.encode(passAt.map(\.value), forKey: .passAt)
    try container.encode(leaks, forKey: .leaks)
    try container.encode(budget.rSquared?.value, forKey: .successSlopeR2)
    try container.encode(verbosity.wrongMinusRight?.value, forKey: .wrongMinusRightWords)
    try container.encode(byName(figures.map { ($0.name, $0.estimate) }), forKey: .estimates)
    try container.encode(byName(shares.map { ($0.name, Share($0.share)) }), forKey: .shares)
    try container.encode(
      byName(curves.map { ($0.name, $0.points.enumerated().map(CurvePoint.init)) }),
      forKey: .curves)
    try container.encode(entropies, forKey: .semanticEntropy)
    try container.encode(confidence.buckets, forKey: .confidenceBuckets)
  }

  private func encodeOutcomes(_ container: inout KeyedEncodingContainer<CodingKeys>) throws {
    let steps = outcomes.steps
    try container.encode(outcomes.judgedLines, forKey: .judgedLines)
    try container.encode(outcomes.judgedAttempts, forKey: .judgedAttempts)
    try container.encode(outcomes.unanswered, forKey: .unanswered)
    try container.encode(
      outcomes.atAttempt.map { Accuracy(attempt: $0.attempt, right: $0.cumulative) },
      forKey: .accuracyAt)
    try container.encode(
      outcomes.atAttempt.map { Accuracy(attempt: $0.attempt, right: $0.alone) },
      forKey: .accuracyOfAttempt)
    try container.encode(steps.recovered, forKey: .recovered)
    try container.encode(steps.regressed, forKey: .regressed)
    try container.encode(steps.held, forKey: .held)
    try container.encode(steps.otherWrong, forKey: .otherWrong)
    try container.encode(steps.stuck, forKey: .stuck)
    try container.encode(Share(steps.recovery), forKey: .recovery)
    try container.encode(Share(steps.regression), forKey: .regression)
  }
}

private struct Accuracy: Encodable {
  var attempt: Int
  var right: Proportion

  private enum CodingKeys: String, CodingKey { case attempt, n, right, accuracy, low, high }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(attempt, forKey: .attempt)
    try container.encode(right.total, forKey: .n)
    try container.encode(right.count, forKey: .right)
    try container.encode(right.share, forKey: .accuracy)
    try container.encode(right.interval?.lowerBound, forKey: .low)
    try container.encode(right.interval?.upperBound, forKey: .high)
  }
}

struct Share: Encodable {
  var proportion: Proportion

  init(_ proportion: Proportion) { self.proportion = proportion }

  private enum CodingKeys: String, CodingKey { case n, share, low, high }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(proportion.total, forKey: .n)
    try container.encode(proportion.share, forKey: .share)
    try container.encode(proportion.interval?.lowerBound, forKey: .low)
    try container.encode(proportion.interval?.upperBound, forKey: .high)
  }
}

private struct TokensAtAttempt: Encodable {
  var attempt: Int
  var tokens: Cost.Tokens?

  private enum CodingKeys: String, CodingKey {
    case attempt, n
    case promptTokens = "prompt_tokens"
    case evaluatedTokens = "evaluated_tokens"
    case generatedTokens = "generated_tokens"
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(attempt, forKey: .attempt)
    try container.encode(tokens?.attempts ?? 0, forKey: .n)
    try container.encode(tokens?.prompt, forKey: .promptTokens)
    try container.encode(tokens?.evaluated, forKey: .evaluatedTokens)
    try container.encode(tokens?.generated, forKey: .generatedTokens)
  }
}

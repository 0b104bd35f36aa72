import SessionCore

/// What a group of lines cost, in tokens.
///
/// *In-Place Feedback* (arXiv 2510.00777) reports the sum of input and output tokens; how it
/// counts cached prefixes is not known. So the three are kept apart here.
public struct Cost: Equatable, Sendable {
  /// Sums over attempts whose reply recorded them.
  public struct Tokens: Equatable, Sendable {
    /// Attempts in the sums.
    public var attempts = 0
    /// The whole prompts.
    public var prompt = 0
    /// The part of them that no cache held.
    public var evaluated = 0
    public var generated = 0
  }

  /// Nil when no reply recorded its tokens.
  public private(set) var total: Tokens?
  /// By the number of the attempt, the first at 0; nil where no reply recorded its tokens.
  public private(set) var atAttempt: [Tokens?] = []

  /// Mean tokens of an attempt: the prompt, the part of it that no cache held, what was written.
  let figures: [Figure]

  /// Adds up `lines`, every attempt once.
  public init(_ lines: [AttemptLine], _ draws: TaskDraws? = nil) {
    let attempts = lines.distinctAttempts
    let known = attempts.compactMap { each in
      Tokens(each.attempt.reply.statistics).map { (task: each.task, tokens: $0) }
    }
    let mean = { (count: (Tokens) -> Int) in
      (draws ?? TaskDraws([String]())).quotient(
        known.map { Part($0.task, Double(count($0.tokens))) })
    }
    figures = [
      Figure("prompt_tokens_per_attempt", mean(\.prompt)),
      Figure("evaluated_tokens_per_attempt", mean(\.evaluated)),
      Figure("generated_tokens_per_attempt", mean(\.generated)),
    ].compactMap(\.self)
    for (number, attempt, _) in attempts {
      while atAttempt.count < number { atAttempt.append(nil) }
      guard let tokens = Tokens(attempt.reply.statistics) else { continue }
      total = (total ?? Tokens()) + tokens
      atAttempt[number - 1] = (atAttempt[number - 1] ?? Tokens()) + tokens
    }
  }
}

extension Cost.Tokens {
  /// More than any model's context holds; a record that says so is not believed.
  private static let tokensMax = 1 << 32

  fileprivate init?(_ statistics: ReplyStatistics?) {
    guard let statistics,
      (0...Self.tokensMax).contains(statistics.promptTokens),
      (0...statistics.promptTokens).contains(statistics.cachedTokens),
      (0...Self.tokensMax).contains(statistics.generatedTokens)
    else { return nil }
    attempts = 1
    prompt = statistics.promptTokens
    evaluated = statistics.promptTokens - statistics.cachedTokens
    generated = statistics.generatedTokens
  }

  public static func + (left: Self, right: Self) -> Self {
    var sum = left
    sum.attempts += right.attempts
    sum.prompt += right.prompt
    sum.evaluated += right.evaluated
    sum.generated += right.generated
    return sum
  }
}

import SessionCore

/// How sure a model is of its answer, by drawing it again: the entropy of the answers to one prompt,
/// and how much of what was wrong feedback then mends.
///
/// *Feedback Friction* (arXiv 2506.11930v2, §4.3, appendix I): 50 samples at temperature 0.7 after
/// question, previous answer and feedback, clustered by final answer, H = -Σ P(C) log P(C), buckets
/// of width 0.2, those with fewer than 10 items unreliable. Here P(C) is the share of the draws, not
/// of their summed probabilities, and the draws are whatever the sessions hold: replies to the same
/// prompt under the same sampling, equal seeds once.
public struct SemanticEntropy: Equatable, Sendable {
  /// Lines that began wrong and got feedback, by the entropy of their prompt.
  public struct Bucket: Equatable, Sendable {
    /// From `place` x 0.2 up to, not including, the next.
    public let place: Int
    /// Right in the end, of the bucket's lines.
    public let improved: Proportion

    public var lower: Double { Double(place) * SemanticEntropy.bucketWidth }
    public var upper: Double { Double(place + 1) * SemanticEntropy.bucketWidth }
    /// Fewer lines say little.
    public var isReliable: Bool { improved.total >= SemanticEntropy.reliableMin }
  }

  /// Which attempt is drawn many times.
  public enum Moment: String, Sendable, CaseIterable {
    case first
    /// The second attempt, after the first feedback: the paper's.
    case afterFeedback = "after_feedback"
  }

  public let moment: Moment
  /// Mean over prompts of -Σ p ln p, p the share of each answer, in nats.
  public let mean: Estimate?
  /// Draws of the prompt with the fewest and of that with the most.
  public let draws: ClosedRange<Int>?
  /// In ascending order; empty ones are left out.
  public let buckets: [Bucket]

  static let bucketWidth = 0.2
  static let reliableMin = 10
  /// Entropy of fewer draws is too far below the truth.
  public static let drawsMin = 5

  public init(_ moment: Moment, _ lines: [AttemptLine], _ tasks: TaskDraws? = nil) {
    self.moment = moment
    let index = moment == .first ? 0 : 1
    var answers: [PromptKey: [UInt64: String]] = [:]
    var taskOf: [PromptKey: String] = [:]
    // A session's branches share attempts; equal seeds are one draw.
    for line in lines where line.attempts.indices.contains(index) {
      let attempt = line.attempts[index]
      guard let key = PromptKey(attempt), let seed = attempt.reply.recipe?.seed else { continue }
      // No answer is an answer of its own kind.
      answers[key, default: [:]][seed] = attempt.answer ?? ""
      taskOf[key] = min(taskOf[key] ?? line.task, line.task)
    }
    let entropies = answers.filter { $0.value.count >= Self.drawsMin }.mapValues {
      Diversity.entropy($0.values.map(\.self).counts)
    }
    mean = (tasks ?? TaskDraws(lines)).quotient(
      entropies.map { key, entropy in Part(taskOf[key] ?? "", entropy) })
    let counts = entropies.keys.compactMap { answers[$0]?.count }
    draws = counts.min().flatMap { fewest in counts.max().map { fewest...$0 } }
    var ends: [Int: [Bool]] = [:]
    for line in lines where line.attempts.indices.contains(index) {
      guard let key = PromptKey(line.attempts[index]), let entropy = entropies[key],
        let isImproved = line.isImproved
      else { continue }
      ends[Int(entropy / Self.bucketWidth), default: []].append(isImproved)
    }
    buckets = ends.sorted { $0.key < $1.key }.map { place, ends in
      Bucket(place: place, improved: Proportion(ends.count { $0 }, of: ends.count))
    }
  }

  /// What two draws have to share to be draws of one distribution.
  private struct PromptKey: Hashable {
    var model: String
    var prompt: String
    var sampling: String

    init?(_ attempt: Attempt) {
      guard let recipe = attempt.reply.recipe else { return nil }
      model = recipe.model.digest
      prompt = recipe.promptDigest
      sampling = "\(recipe.sampling)"
    }
  }
}

/// How probable the model itself held its first answer to be.
///
/// *Feedback Friction* (appendix D, `generate_all_plots.py`): the geometric mean of the tokens'
/// probabilities, exp((1/T) Σ log p), the end of the turn left out; buckets of width 0.01, shown
/// only with more than 10 items.
public struct InitialConfidence: Equatable, Sendable {
  /// First attempts of one confidence.
  public struct Bucket: Equatable, Sendable {
    /// From `place` / 100 up to the next.
    public let place: Int
    public let right: Proportion
    /// Right in the end, of those that were wrong and got feedback.
    public let improved: Proportion
  }

  /// Mean over first attempts that recorded it.
  public let mean: Estimate?
  public let buckets: [Bucket]

  static let bucketsPerUnit = 100.0
  static let shownAbove = 10

  public init(_ lines: [AttemptLine], _ tasks: TaskDraws? = nil) {
    let known = lines.compactMap { line in
      line.attempts[0].reply.statistics?.confidence.map { (line: line, confidence: $0) }
    }
    mean = (tasks ?? TaskDraws(lines)).quotient(
      known.map { Part($0.line.task, $0.confidence) })
    let places = Dictionary(grouping: known) { Int($0.confidence * Self.bucketsPerUnit) }
    buckets = places.filter { $0.value.count > Self.shownAbove }.sorted { $0.key < $1.key }
      .map { place, members in
        let judged = members.compactMap { $0.line.judged.first?.verdict }
        let ends = members.compactMap(\.line.isImproved)
        return Bucket(
          place: place, right: Proportion(judged.count { $0.outcome == .right }, of: judged.count),
          improved: Proportion(ends.count { $0 }, of: ends.count))
      }
  }

  var figures: [Figure] { [Figure("initial_confidence", mean)].compactMap(\.self) }
}

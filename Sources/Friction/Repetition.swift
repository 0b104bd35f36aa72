import SessionCore

/// How often a group of lines says again what it said before.
public struct Repetition: Equatable, Sendable {
  /// Mean over lines with at least two answers of 1 - distinct answers / answers; nil when there
  /// is no such line.
  ///
  /// The repetition ratio 1 - E(τ)/T of *A Simple "Try Again"* (arXiv 2507.14295v2, §1 and
  /// eq. 10). Attempts that gave no answer are left out, as in the paper's code; leaving out lines
  /// with a single answer, which cannot repeat, is this program's choice.
  public private(set) var answerShare: Estimate?
  /// Lines with at least two answers.
  public private(set) var lines = 0
  /// Replies that are byte for byte the attempt before, of all that have one.
  public private(set) var identical = Proportion(0, of: 0)
  /// Answers that an earlier attempt of the line had given, of the answers at that attempt; the
  /// first attempt, which cannot repeat, at 0.
  public private(set) var atAttempt: [Proportion] = []
  /// Most identical replies in a row; 1 when no reply was repeated, 0 without a reply.
  public private(set) var longestIdenticalRun = 0

  /// Measures `lines`; needs no verdicts.
  public init(_ lines: [AttemptLine], _ draws: TaskDraws? = nil) {
    let repeating = lines.filter { $0.answers.count > 1 }
    self.lines = repeating.count
    answerShare = (draws ?? TaskDraws(lines)).quotient(
      repeating.map { Part($0.task, 1 - $0.answers.distinctShare) })
    let steps = lines.distinctSteps
    identical = Proportion(steps.count { Self.areIdentical($0.from, $0.to) }, of: steps.count)
    longestIdenticalRun = lines.map(Self.longestRun).max() ?? 0
    for (earlier, attempt) in lines.distinctHistories {
      while atAttempt.count <= earlier.count { atAttempt.append(Proportion(0, of: 0)) }
      guard let answer = attempt.answer else { continue }
      let before = atAttempt[earlier.count]
      let isRepeated = earlier.contains { $0.answer == answer }
      atAttempt[earlier.count] = Proportion(
        before.count + (isRepeated ? 1 : 0), of: before.total + 1)
    }
  }

  var figures: [Figure] { [Figure("repeated_answer_share", answerShare)].compactMap(\.self) }

  private static func longestRun(_ line: AttemptLine) -> Int {
    var (longest, run) = (1, 1)
    for (from, to) in zip(line.attempts, line.attempts.dropFirst()) {
      run = areIdentical(from, to) ? run + 1 : 1
      longest = max(longest, run)
    }
    return longest
  }

  /// Two replies without a byte are no repetition: nothing was said.
  private static func areIdentical(_ from: Attempt, _ to: Attempt) -> Bool {
    !to.reply.text.isEmpty && from.reply.text.utf8.elementsEqual(to.reply.text.utf8)
  }
}

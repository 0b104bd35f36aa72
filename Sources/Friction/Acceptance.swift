import SessionCore

/// What becomes of the parts of an answer from one attempt to the next: kept, mended as told, mended
/// beyond what was told.
///
/// CPR, FAR and CTRR of *In-Place Feedback* (arXiv 2510.00777). The paper's text was not available:
/// the formulas, and even the name CPR, are UNVERIFIED. Sums are taken over all steps of the lines.
public struct Acceptance: Equatable, Sendable {
  /// Correctness-preserving ratio: |right at t and at t+1| / |right at t|.
  public let preserved: Estimate?
  /// Feedback-acceptance ratio: |wrong at t, pointed at, right at t+1| / |pointed at|.
  public let accepted: Estimate?
  /// |wrong at t, not pointed at, right at t+1| / |wrong at t, not pointed at|.
  public let beyond: Estimate?

  public init(_ lines: [AttemptLine], _ draws: TaskDraws? = nil) {
    let draws = draws ?? TaskDraws(lines)
    let steps = lines.distinctSteps.filter { !$0.from.parts.isEmpty && !$0.to.parts.isEmpty }
      .map { (task: $0.task, counts: Counts($0.from, $0.to)) }
    preserved = draws.quotient(
      steps.map { Part($0.task, $0.counts.preserved, of: $0.counts.right) })
    accepted = draws.quotient(
      steps.map { Part($0.task, $0.counts.accepted, of: $0.counts.pointedAt) })
    beyond = draws.quotient(
      steps.map { Part($0.task, $0.counts.beyond, of: $0.counts.unmentioned) })
  }

  var figures: [Figure] {
    [
      Figure("correctness_preserving", preserved), Figure("feedback_acceptance", accepted),
      Figure("correction_beyond_feedback", beyond),
    ].compactMap(\.self)
  }

  /// The parts of one step.
  private struct Counts {
    var (right, preserved) = (0.0, 0.0)
    var (pointedAt, accepted) = (0.0, 0.0)
    var (unmentioned, beyond) = (0.0, 0.0)

    init(_ from: Attempt, _ to: Attempt) {
      let after = Dictionary(
        to.parts.map { ($0.name, $0.isRight) }, uniquingKeysWith: { first, _ in first })
      for part in from.parts {
        let becomesRight = after[part.name] == true ? 1.0 : 0.0
        if part.isRight {
          right += 1
          preserved += becomesRight
        } else if Self.isMeant(part, from, to) {
          pointedAt += 1
          accepted += becomesRight
        } else {
          unmentioned += 1
          beyond += becomesRight
        }
      }
    }

    /// Whether the feedback that led on was about this part: the edit begins in it, or the target of
    /// the critique touches it.
    private static func isMeant(_ part: AnswerPart, _ from: Attempt, _ to: Attempt) -> Bool {
      guard let bytes = part.bytes else { return false }
      if case .continued = to.reply.origin {
        let place = zip(from.reply.text.utf8, to.reply.text.utf8).prefix { $0 == $1 }.count
        return bytes.contains(place) || bytes.upperBound == place
      }
      return to.feedback?.target.map { $0.overlaps(bytes) } ?? false
    }
  }
}

/// A part of a reply that is judged for itself, such as a partial product or a cell of a grid.
public struct AnswerPart: Equatable, Sendable {
  /// The same from reply to reply.
  public var name: String
  /// A part that the reply does not have is not right.
  public var isRight: Bool
  /// Where it stands in the reply, in UTF-8 bytes; nil when it is not there.
  public var bytes: Range<Int>?

  public init(_ name: String, isRight: Bool, bytes: Range<Int>?) {
    (self.name, self.isRight, self.bytes) = (name, isRight, bytes)
  }
}

/// Finds the parts of a reply by what its question expects; whoever knows the tasks supplies it.
public typealias PartReader = @Sendable (_ reply: String, Expectation) -> [AnswerPart]

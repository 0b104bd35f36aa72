import SessionCore

/// What an edit in place saves in tokens against feedback in words on the same problems.
///
/// *In-Place Feedback* (arXiv 2510.00777, abstract): 79.1 % fewer tokens, input and output together.
/// How the paper counts cached prefixes is UNVERIFIED, so the saving of what was read anew stands
/// beside it.
public struct Saving: Equatable, Sendable {
  public let model: String
  public let script: String
  /// The arm of edits.
  public let arm: String
  /// The arm of critiques.
  public let against: String
  /// Pairs of sessions: the same problem and seed, tokens known, a second attempt on one side.
  public let pairs: Int
  /// 1 - (prompt + generated tokens in place) / (the same in words).
  public let tokens: Estimate?
  /// 1 - (evaluated + generated tokens in place) / (the same in words).
  public let evaluated: Estimate?

  init(
    model: String, script: String, _ edit: (arm: String, lines: [AttemptLine]),
    _ words: (arm: String, lines: [AttemptLine]), _ bootstrap: Bootstrap
  ) {
    self.model = model
    self.script = script
    (arm, against) = (edit.arm, words.arm)
    let (left, right) = (Self.costs(edit.lines), Self.costs(words.lines))
    let paired = left.compactMap { key, cost in
      right[key].map { (task: key.problem, edit: cost, words: $0) }
    }.filter { max($0.edit.attempts, $0.words.attempts) > 1 }
    pairs = paired.count
    let draws = TaskDraws(paired.map(\.task), bootstrap)
    tokens = draws.quotient(
      paired.map {
        let (edit, words) = ($0.edit, $0.words)
        let whole = Double(words.prompt + words.generated)
        return Part($0.task, whole - Double(edit.prompt + edit.generated), of: whole)
      })
    evaluated = draws.quotient(
      paired.map {
        let (edit, words) = ($0.edit, $0.words)
        let whole = Double(words.evaluated + words.generated)
        return Part($0.task, whole - Double(edit.evaluated + edit.generated), of: whole)
      })
  }

  private struct Key: Hashable {
    var problem: String
    var seed: UInt64
  }

  /// Lines of which every attempt recorded its tokens.
  private static func costs(_ lines: [AttemptLine]) -> [Key: Cost.Tokens] {
    var costs: [Key: Cost.Tokens] = [:]
    for line in lines {
      guard let problem = line.problem, let total = Cost([line]).total,
        total.attempts == line.attempts.count
      else { continue }
      costs[Key(problem: problem, seed: line.seed)] = total
    }
    return costs
  }
}

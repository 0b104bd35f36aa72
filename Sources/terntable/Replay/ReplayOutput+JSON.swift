import Experiments
import Friction
import SessionCore

// The JSON object of `replay --json`: where the journals are, every session with its attempts,
// and the friction report.

extension ReplayOutput: Encodable {
  private enum CodingKeys: String, CodingKey { case out, sessions, friction }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(folder, forKey: .out)
    try container.encode(results.map(SessionFacts.init), forKey: .sessions)
    let report = FrictionReport(sessions: results.compactMap(\.session))
    try container.encode(report, forKey: .friction)
  }
}

/// One session of `replay --json`; absent fields are unknown.
private struct SessionFacts: Encodable {
  struct AttemptFacts: Encodable {
    /// As people count turns, from 1.
    var turn: Int
    /// What led here: `unary`, `critique`, `challenge`, `edit`, `regenerate`; absent at first.
    var kind: String?
    /// `right`, `wrong` or `no_answer`.
    var outcome: String?
    var answer: String?
    var generatedTokens: Int?
  }

  struct SkipFacts: Encodable {
    var turn: Int
    var kind: String
    var reason: String
    var instead: String?
  }

  var unit: String
  var file: String
  /// `finished`, `already_finished`, `context_full`, `not_finished` or `failed`.
  var ending: String
  var session: String?
  var model: String?
  var seed: UInt64?
  var script: String?
  var arm: String?
  var problem: String?
  var replayOf: String?
  var attempts: [AttemptFacts] = []
  var skips: [SkipFacts]

  init(_ result: UnitResult) {
    unit = result.unit
    file = result.path
    ending =
      switch result.ending {
      case .finished: "finished"
      case .alreadyFinished: "already_finished"
      case .contextFull: "context_full"
      case .notFinished: "not_finished"
      case .failed: "failed"
      }
    skips = result.skips.map {
      SkipFacts(
        turn: $0.reply.position + 1, kind: $0.turn, reason: $0.reason.rawValue,
        instead: $0.instead)
    }
    guard let played = result.session else { return }
    session = played.header.id
    model = played.header.model
    seed = played.header.seed
    script = played.header.provenance?.script
    arm = played.header.provenance?.arm
    problem = played.header.provenance?.problem
    replayOf = played.header.provenance?.replayOf
    attempts = played.turns.filter { $0.role == .assistant }.map { turn in
      let verdict = played.verdicts[turn.id]
      return AttemptFacts(
        turn: turn.id.position + 1, kind: FeedbackKind(ledTo: turn, in: played)?.rawValue,
        outcome: verdict.map { $0.outcome == .noAnswer ? "no_answer" : $0.outcome.rawValue },
        answer: verdict?.answer, generatedTokens: turn.statistics?.generatedTokens)
    }
  }
}

import Friction
import SessionCore
import StrictJSON

/// Sessions as an evaluation log of Inspect, version 2, in JSON: a sample for each line of
/// attempts, with the conversation that led to the last one.
///
/// Source of the fields: inspect_ai 0.3.285, `src/inspect_ai/log/_log.py`. Its reader of
/// headers stops at the samples and wants `eval` and `stats` before them, so these tell of the first
/// session; the results are known only at the end and stand behind them.
struct InspectLog: SessionExport {
  static let details = FormatDetails(
    .analysis, "an evaluation log of Inspect, version 2, in JSON", fileExtension: "json",
    source: "inspect_ai, src/inspect_ai/log/_log.py", readers: "inspect_ai (read_eval_log, view)",
    noPlaceFor: [.ratings, .votes, .notes, .feedbackDetails, .authorship, .recipes, .provenance],
    check: .jsonObject(
      .open(
        JSONField("version", .integer(2...2)), JSONField("status", .text),
        JSONField(
          "eval",
          .open(
            JSONField("created", .text), JSONField("task", .text), JSONField("dataset", .any),
            JSONField("model", .text), JSONField("config", .any))),
        JSONField("samples", .array(.any))), recordsIn: "samples",
      .open(
        JSONField("id", .nonEmptyText), JSONField("epoch", .integer(1...1_000_000)),
        JSONField("input", .either([.text, .array(ChatShape.message, atLeast: 1)])),
        JSONField("target", .either([.text, .array(.text)])),
        JSONField("messages", .array(.open(JSONField("role", .text), JSONField("content", .any)))),
        JSONField("scores", .nullable(.open()), optional: true))),
    make: { _ in InspectLog() })

  private var samples = 0
  private var outcomes: [Verdict.Outcome: Int] = [:]
  private var hasBegun = false

  mutating func add(_ session: Session, to output: inout ExportOutput) {
    if !hasBegun {
      hasBegun = true
      let begun = JSONValue.time(session.turns.first?.time)
      output.write(#"{"version":2,"status":"success","eval":"#)
      output.write(Self.evaluation(session, begun))
      output.write(#","plan":{"name":"terntable","steps":[]},"stats":"#)
      output.write(
        .object([.init("started_at", begun), .init("model_usage", .object([]))]))
      output.write(#","samples":["#)
    }
    for line in AttemptLine.lines(of: session) {
      guard let last = line.attempts.last?.reply else { continue }
      let path = session.path(to: last.id)
      if samples > 0 { output.write(",\n") }
      samples += 1
      if let verdict = session.verdicts[last.id] { outcomes[verdict.outcome, default: 0] += 1 }
      output.write(sample(line, last, path, session), using: path.map(\.id))
    }
  }

  mutating func end(_ output: inout ExportOutput) {
    output.write(#"],"results":"#)
    output.write(results)
    output.write("}\n")
  }

  // MARK: - A sample

  private func sample(
    _ line: AttemptLine, _ last: Turn, _ path: [Turn], _ session: Session
  ) -> JSONValue {
    let question = line.attempts.first?.reply.parent
    let input = session.path(to: question)
    let expectation = line.attempts.first.flatMap { session.expectation(for: $0.reply.id) }
    var members = [
      JSONMember("id", .string("\(session.header.id):\(last.id)")),
      JSONMember("epoch", .integer(1)),
      JSONMember("input", .array(input.map(Self.message))),
      JSONMember("target", .string(expectation.map { TableWords.expectation($0).text } ?? "")),
      JSONMember("messages", .array(path.map(Self.message))),
      JSONMember("output", Self.output(last, session)),
    ]
    if let verdict = session.verdicts[last.id] {
      members.append(
        JSONMember("scores", .object([.init("verdict", Self.score(verdict))])))
    }
    return .object(
      members + [
        JSONMember("metadata", Self.metadata(line, last, session)),
        JSONMember("store", .object([])), JSONMember("events", .array([])),
        JSONMember("model_usage", .object([])), JSONMember("attachments", .object([])),
        JSONMember("started_at", .time(path.first?.time)),
        JSONMember("completed_at", .time(last.time)),
      ])
  }

  private static func message(_ turn: Turn) -> JSONValue {
    ChatShape.message(turn.role, turn.text)
  }

  private static func output(_ reply: Turn, _ session: Session) -> JSONValue {
    let stop =
      switch reply.state {
      case .complete(.endOfTurn): "stop"
      case .complete(.length): "max_tokens"
      case .complete(.contextFull): "model_length"
      case .open, .stopped: "unknown"
      }
    var members = [
      JSONMember("model", .string(reply.recipe?.model.name ?? session.header.model)),
      JSONMember(
        "choices",
        .array([
          .object([.init("message", message(reply)), .init("stop_reason", .string(stop))])
        ])),
      JSONMember("completion", .string(reply.text)),
    ]
    if let statistics = reply.statistics {
      let (prompt, generated) = (statistics.promptTokens, statistics.generatedTokens)
      members.append(
        JSONMember(
          "usage",
          .object([
            .init("input_tokens", .integer(prompt)), .init("output_tokens", .integer(generated)),
            .init("total_tokens", .integer(prompt &+ generated)),
            .init("input_tokens_cache_read", .integer(statistics.cachedTokens)),
          ])))
    }
    return .object(members)
  }

  /// Inspect's letters: C correct, I incorrect, N no answer.
  private static func score(_ verdict: Verdict) -> JSONValue {
    let letter =
      switch verdict.outcome {
      case .right: "C"
      case .wrong: "I"
      case .noAnswer: "N"
      }
    return .object([
      .init("value", .string(letter)),
      .init("answer", verdict.answer.map { .string($0) } ?? .null),
      .init("metadata", .object([.init("checker", .string(verdict.checker))])),
    ])
  }

  private static func metadata(
    _ line: AttemptLine, _ last: Turn, _ session: Session
  ) -> JSONValue {
    let provenance = session.header.provenance
    let texts: [(String, String?)] = [
      ("script", provenance?.script), ("arm", provenance?.arm), ("problem", provenance?.problem),
      ("replay_of", provenance?.replayOf), ("imported_from", provenance?.imported?.format),
    ]
    let attempts = line.attempts.map { attempt -> JSONValue in
      .object([
        .init("turn", .integer(attempt.reply.id.position + 1)),
        .init("moved_by", attempt.movedBy.map { .string($0.rawValue) } ?? .null),
        .init(
          "outcome", attempt.verdict.map { .string(TableWords.outcome($0.outcome)) } ?? .null),
        .init("answer", attempt.verdict?.answer.map { .string($0) } ?? .null),
      ])
    }
    return .object(
      [
        .init("session", .string(session.header.id)),
        .init("turn", .integer(last.id.position + 1)),
        .init("seed", .string(String(session.header.seed))),
        .init("kind", .string(line.kind.rawValue)), .init("attempts", .array(attempts)),
      ] + texts.compactMap { name, text in text.map { JSONMember(name, .string($0)) } })
  }

  // MARK: - The whole

  private static func evaluation(_ session: Session, _ begun: JSONValue) -> JSONValue {
    let header = session.header
    return .object([
      .init("created", begun), .init("task", .string("terntable")),
      .init("task_id", .string("terntable")), .init("task_version", .integer(0)),
      .init("run_id", .string(header.id)), .init("eval_id", .string(header.id)),
      .init(
        "dataset",
        .object([.init("name", .string("sessions")), .init("shuffled", .bool(false))])),
      .init("model", .string(header.model)), .init("config", .object([])),
      .init("metadata", .object([.init("application", .string(header.application))])),
    ])
  }

  private var results: JSONValue {
    let judged = outcomes.values.reduce(0, +)
    let members = [
      JSONMember("total_samples", .integer(samples)),
      JSONMember("completed_samples", .integer(samples)),
    ]
    guard judged > 0 else { return .object(members) }
    let accuracy = Double(outcomes[.right] ?? 0) / Double(judged)
    let score = JSONValue.object([
      .init("name", .string("verdict")), .init("scorer", .string("verdict")),
      .init("scored_samples", .integer(judged)),
      .init("unscored_samples", .integer(samples - judged)), .init("params", .object([])),
      .init(
        "metrics",
        .object([
          .init(
            "accuracy",
            .object([
              .init("name", .string("accuracy")), .init("value", .number(accuracy.description)),
              .init("params", .object([])),
            ]))
        ])),
    ])
    return .object(members + [JSONMember("scores", .array([score]))])
  }
}

extension JSONValue {
  /// RFC 3339 in UTC; Inspect wants a text also where nothing is known.
  fileprivate static func time(_ time: Timestamp?) -> JSONValue {
    .string(time.flatMap { TimestampText.rfc3339($0) } ?? "1970-01-01T00:00:00.000Z")
  }
}

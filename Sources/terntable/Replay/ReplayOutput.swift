import Experiments
import Friction
import SessionCore

/// What was played, for people and for scripts.
struct ReplayOutput {
  var results: [UnitResult]
  var folder: String

  private var sessions: [Session] { results.compactMap(\.session) }

  /// A part for each script: its sessions, few told in full and many in a line each, then its
  /// friction table.
  var text: String {
    var scripts: [String?] = []
    for result in results where !scripts.contains(result.provenance.script) {
      scripts.append(result.provenance.script)
    }
    return scripts.map { script in
      Self.part(results.filter { $0.provenance.script == script })
    }.joined(separator: "\n")
  }

  private static func part(_ results: [UnitResult]) -> String {
    let told = results.count <= 3
    var lines = results.flatMap { told ? conversation($0) : [summary($0)] }
    if !told { lines.append("") }
    let sessions = results.compactMap(\.session)
    guard !sessions.isEmpty else { return lines.joined(separator: "\n") }
    lines.append(FrictionTable(FrictionReport(sessions: sessions)).text)
    let skips = results.flatMap(\.skips)
    if !skips.isEmpty {
      let turns = skips.count == 1 ? "turn was" : "turns were"
      lines.append("\(skips.count) \(turns) not played as written:")
      let counts = Dictionary(grouping: skips, by: words).mapValues(\.count)
      lines += counts.sorted { $0.key < $1.key }.map { "  \($0.value) × \($0.key)" } + [""]
    }
    return lines.joined(separator: "\n")
  }

  static func words(_ skip: TurnSkip) -> String {
    let reason =
      switch skip.reason {
      case .textNotFound: "the text to edit is not in the reply"
      case .noWrongStep: "no line is arithmetically wrong"
      case .notMendable: "the wrong line cannot be mended by its last number"
      case .editChangesNothing: "the edit changes nothing"
      case .replyIsRight: "the reply is right"
      case .noRightStep: "no step is right"
      case .noSolution: "the problem has no worked solution"
      case .noAnswerToSuggest: "no answer is known to bring up"
      case .criticSilent: "the critic wrote nothing"
      case .criticSatisfied: "the critic found nothing more"
      case .helpNotExpected: "feedback is not expected to help"
      }
    return "\(skip.turn): \(reason); \(skip.instead.map { "\($0) instead" } ?? "left out")"
  }

  /// `three-ways.unary.p01.s1  wrong 1602, right 1692`
  private static func summary(_ result: UnitResult) -> String {
    guard let session = result.session else { return "\(result.unit)  \(ending(result))" }
    let attempts = session.turns.filter { $0.role == .assistant }.map { turn in
      let verdict = session.verdicts[turn.id]
      let outcome = verdict.map { words($0.outcome) } ?? "reply"
      let answer = verdict?.answer.map { " " + Plain.line(String($0.prefix(20))) } ?? ""
      return outcome + answer
    }
    return "\(result.unit)  \(attempts.joined(separator: ", "))\(ending(result))"
  }

  private static func conversation(_ result: UnitResult) -> [String] {
    var lines = ["== \(result.unit)"]
    for turn in result.session?.turns ?? [] {
      let mark =
        switch (turn.role, turn.origin) {
        case (.assistant, .resampled): "(drawn again)"
        case (.assistant, .continued): "(edited, continued)"
        default: ""
        }
      if !mark.isEmpty { lines.append(mark) }
      let prefix = turn.role == .assistant ? "" : turn.role == .system ? "# " : "> "
      lines += turn.text.split(separator: "\n", omittingEmptySubsequences: false)
        .map { prefix + Plain.line(String($0)) }
      if let verdict = result.session?.verdicts[turn.id] {
        lines.append("[\(words(verdict.outcome))]")
      }
    }
    let ending = ending(result)
    return lines + (ending.isEmpty ? [""] : [ending, ""])
  }

  private static func ending(_ result: UnitResult) -> String {
    switch result.ending {
    case .finished, .alreadyFinished: ""
    case .contextFull(let tokens, let limit):
      "; the next prompt of \(tokens) tokens is over the model's \(limit)"
    case .notFinished: "; not finished"
    case .failed(let error): "; \(commandFailure(for: error).text)"
    }
  }

  static func words(_ outcome: Verdict.Outcome) -> String {
    switch outcome {
    case .right: "right"
    case .wrong: "wrong"
    case .noAnswer: "no answer"
    }
  }

  /// Whether every line of attempts that can be judged ends with a right answer, and none was
  /// cut off because the context was full.
  var allRight: Bool {
    for result in results {
      if case .contextFull = result.ending { return false }
    }
    return sessions.allSatisfy { session in
      session.leafReplies.allSatisfy { leaf in
        session.expectation(for: leaf.id) == nil
          || session.verdicts[leaf.id]?.outcome == .right
      }
    }
  }

  /// - Throws: the first unit's failure, or that something is not finished.
  func throwFirstFailure() throws {
    for result in results {
      if case .failed(let error) = result.ending { throw error }
    }
    for result in results {
      guard case .contextFull(let tokens, let limit) = result.ending,
        result.session?.leafReplies.isEmpty ?? true
      else { continue }
      throw CommandFailure(
        "\(result.unit): the first prompt has \(tokens) tokens and the model reads at most "
          + "\(limit); shorten it", .badData)
    }
    let finished = results.count { $0.ending.isFinal }
    guard finished == results.count else {
      throw CommandFailure(
        "\(finished) of \(results.count) sessions are finished; run again with --out \(folder)",
        .unfinished)
    }
  }
}

import ArgumentParser
import Experiments
import Foundation
import Friction
import Journaling
import SessionCore

/// Judges recorded sessions again with another checker; needs no model.
struct ScoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Judge recorded replies again with another checker; no model is needed.",
    discussion: """
      PATH is a recorded session (.tern.jsonl), or a folder: then all sessions in it and below. What is \
      right stays what the record expects; how it is read out of the reply is new. New verdicts are \
      appended to the record, the old ones stay in it; reports use the last. Judging again with the \
      same checker appends nothing, and --checker recorded goes back to the record's own.

      NAME is recorded, number, exact, normalised, boxed, choice, regex:PATTERN or command:COMMAND \
      ({answer} in PATTERN stands for the right answer; the command reads the reply and says by its \
      exit code whether it is right). docs/method/checkers.md says what each reads.

      Examples:
        terntable score results --checker number --dry-run
        terntable score results --checker 'regex:Answer: *{answer}$'
        terntable score results --checker 'command:grep -q 84' --allow-commands --json
      """)

  @Argument(help: "A folder of sessions, or one session.", completion: .sessions)
  var path: String

  @Option(help: "How replies are read.")
  var checker: String

  @Flag(help: "Let a checker run its shell command.")
  var allowCommands = false

  @Flag(help: "Compare only, and write nothing.")
  var dryRun = false

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() async throws {
    let tools = JudgingTools(allowsCommands: allowCommands)
    guard let rescoring = Rescoring(parsing: checker, tools: tools) else {
      throw CommandFailure(
        "--checker is one of \(Rescoring.names.joined(separator: ", ")); not \(checker)", .usage)
    }
    if case .command = rescoring.checker, !allowCommands {
      throw CommandFailure("--checker command runs a shell command; add --allow-commands", .usage)
    }
    var output = ScoreOutput(checker: checker, written: !dryRun)
    for path in try JournalInput.journals(in: path) {
      let outcome =
        dryRun
        ? await rescoring.judge(try JournalInput.session(at: path))
        : try await append(rescoring, to: path)
      output.add(outcome)
    }
    if json { try printJSON(output) } else { try ResultFile.print(output.text) }
  }

  /// Judges one record and appends what is new, holding its lock in between.
  private func append(_ rescoring: Rescoring, to path: String) async throws -> Rescoring.Outcome {
    let (journal, contents) = try Journal.resume(at: path)
    defer { journal.close() }
    JournalInput.reportTornEnd(contents)
    let session = try JournalInput.session(in: contents)
    let outcome = await rescoring.judge(session)
    let now = Timestamp(Date().timeIntervalSince1970 * 1000)
    let entries = outcome.events.enumerated().map {
      Entry(sequence: session.entryCount + 1 + $0, time: now, event: $1)
    }
    if !entries.isEmpty { try journal.append(entries, sync: true) }
    return outcome
  }
}

/// What another checker made of the record, for people and for scripts.
struct ScoreOutput: Encodable {
  private var checker: String
  private var written: Bool
  private var sessions = 0
  private var unjudged = 0
  private var newVerdicts = 0
  private var pairs: [(Verdict.Outcome, Verdict.Outcome)] = []

  init(checker: String, written: Bool) {
    self.checker = checker
    self.written = written
  }

  mutating func add(_ outcome: Rescoring.Outcome) {
    sessions += 1
    unjudged += outcome.unjudged
    newVerdicts += outcome.events.count
    pairs += outcome.pairs
  }

  private static func name(_ outcome: Verdict.Outcome) -> String {
    switch outcome {
    case .right: "right"
    case .wrong: "wrong"
    case .noAnswer: "no answer"
    }
  }

  var text: String {
    let agreement = Agreement(pairs)
    let verb = written ? "appended" : "would be appended"
    var lines = [
      "\(sessions) session\(sessions == 1 ? "" : "s"): \(newVerdicts) new "
        + "verdict\(newVerdicts == 1 ? "" : "s") \(verb), \(unjudged) replies not judged"
    ]
    if let share = Proportion(agreement.equal, of: agreement.count).interval {
      let low = Int((share.lowerBound * 100).rounded(.down))
      let high = Int((share.upperBound * 100).rounded(.up))
      let kappa = agreement.kappa.map { ", kappa \(FrictionReport.decimal($0))" } ?? ""
      lines.append(
        "same outcome as before in \(agreement.equal) of \(agreement.count) [\(low)-\(high) %]\(kappa)"
      )
    }
    for old in Verdict.Outcome.allCases {
      for new in Verdict.Outcome.allCases where old != new {
        let count = pairs.count { $0 == (old, new) }
        if count > 0 { lines.append("  \(count) × \(Self.name(old)) -> \(Self.name(new))") }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private enum CodingKeys: String, CodingKey {
    case checker, written, sessions, newVerdicts, notJudged, compared, same, kappa, changes
  }

  private struct Change: Encodable {
    var from: String
    var to: String
    var count: Int
  }

  func encode(to encoder: any Encoder) throws {
    let agreement = Agreement(pairs)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(checker, forKey: .checker)
    try container.encode(written, forKey: .written)
    try container.encode(sessions, forKey: .sessions)
    try container.encode(newVerdicts, forKey: .newVerdicts)
    try container.encode(unjudged, forKey: .notJudged)
    try container.encode(agreement.count, forKey: .compared)
    try container.encode(agreement.equal, forKey: .same)
    try container.encode(agreement.kappa, forKey: .kappa)
    let changes = Verdict.Outcome.allCases.flatMap { old in
      Verdict.Outcome.allCases.filter { $0 != old }.map { new in
        Change(
          from: Self.name(old), to: Self.name(new), count: pairs.count { $0 == (old, new) })
      }
    }
    try container.encode(changes.filter { $0.count > 0 }, forKey: .changes)
  }
}

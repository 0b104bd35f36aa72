import ArgumentParser
import Experiments
import SessionCore

/// Plays scripts and records, measures how the model takes the feedback, or proves a record exact.
struct ReplayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Play a script, or play a record again: exactly, or with another model or feedback.",
    discussion: """
      FILE is a script (.yaml, .yml; - reads one from standard input) or a recorded session \
      (.tern.jsonl). Each session that is played gets a journal of its own in a folder; running \
      again with the same --out plays only what is missing. docs/formats/script.md has the format.

      --feedback exchanges the feedback of a record: unary makes each feedback turn and each edit \
      "Try again."; critique and edit make it a critique or a repair of the first arithmetically \
      wrong line, or leave it as recorded where no line is wrong; none makes it a new draw with \
      nothing said. Replies known to be right then get no feedback.

      Examples:
        terntable replay sessions/three-ways.yaml --out results
        terntable replay SESSION.tern.jsonl --exact
        terntable replay SESSION.tern.jsonl --seed 1..5 --feedback none --json
        generate-script | terntable replay - --check
        terntable replay SESSION.tern.jsonl --at 3 --feedback "Check step 2." --seeds 40

      Exit code 1: --exact found a difference, or --check an answer that is not right. 75: not \
      all sessions are finished; run again with the same --out.
      """)

  @Argument(help: "Scripts and records.", completion: .playable)
  var files: [String]

  @Flag(help: "Draw every recorded reply again and compare token by token.")
  var exact = false

  @Option(
    help: "A GGUF file, or \"tutor\"; otherwise what each file names.", completion: .models)
  var model: String?

  @Option(help: .activations("what each file or model says"))
  var activations: ActivationPrecision?

  @Option(help: "Seeds such as 1,2,5..8; otherwise those of the files.")
  var seed: String?

  @Option(
    help: ArgumentHelp(
      "What becomes of a record's feedback: recorded, unary, critique, edit or none; with --at the "
        + "text to say instead."))
  var feedback: String?

  @Option(help: "A turn of feedback, counted from 1: say something else there, and compare.")
  var at: Int?

  @Option(help: "With --at: how many answers are drawn to each text.")
  var seeds = 20

  @Option(help: "Folder for the new journals; otherwise a new one in the state folder.")
  var out: String?

  @Option(help: "Most sessions played at once.")
  var jobs = 8

  @Flag(help: "Let checkers of the files run their shell commands.")
  var allowCommands = false

  @Flag(help: "Exit with 1 unless every question's last attempt is right.")
  var check = false

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    if exact, seed != nil || feedback != nil || out != nil || check {
      throw ValidationError("--exact goes with --model, --activations and --json only")
    }
    if at == nil, let feedback, ReplayFeedback(rawValue: feedback) == nil {
      let words = ReplayFeedback.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--feedback is one of \(words), or a text with --at; not \(feedback)")
    }
    if let at, at < 1 || feedback == nil || files.count != 1 || exact || seed != nil || out != nil {
      throw ValidationError(
        "--at goes with one record, --feedback, --seeds, --model, --activations and --json")
    }
    if seeds < 1 || seeds > 10_000 { throw ValidationError("--seeds is 1 to 10000") }
    if jobs < 1 || jobs > 1024 { throw ValidationError("--jobs is 1 to 1024") }
  }

  func run() async throws {
    let sources = try files.map(ReplaySource.read)
    if exact { return try await proveExact(sources) }
    if let at, let feedback { return try await exchange(feedback, at: at, in: sources[0]) }
    let chosen = try seed.map { try SeedList(parsing: $0).seeds }
    let plan = try ReplayPlan(
      sources, model: model, activations: activations, seeds: chosen,
      feedback: feedback.flatMap { ReplayFeedback(rawValue: $0) }, allowsCommands: allowCommands)
    let folder = try out ?? plan.newFolder()
    if out == nil { say("journals in \(folder)") }
    let stop = StopSignals()
    let results = try await stop.cancelling {
      try await plan.play(into: folder, jobs: jobs)
    }
    let report = ReplayOutput(results: results, folder: folder)
    if json { try printJSON(report) } else { try ResultFile.print(report.text) }
    if let code = await stop.exitCode { throw code }
    try report.throwFirstFailure()
    if check, !report.allRight { throw ExitCode.checkFailed }
  }
}

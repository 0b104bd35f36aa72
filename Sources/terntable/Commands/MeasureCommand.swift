import ArgumentParser
import Experiments
import Foundation
import Friction
import SessionRuntime

/// How many sessions are played at once.
enum JobCount: ExpressibleByArgument, Equatable {
  case auto
  case exactly(Int)

  init?(argument: String) {
    if argument == "auto" {
      self = .auto
    } else if let count = Int(argument), (1...1024).contains(count) {
      self = .exactly(count)
    } else {
      return nil
    }
  }

  /// More than this share each pass over the weights no better.
  private static let autoCount = 32

  var count: Int { if case .exactly(let count) = self { count } else { Self.autoCount } }
}

/// Plays all the sessions of an experiment and measures how the models take feedback.
struct MeasureCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "measure",
    abstract:
      "Play an experiment: many problems, kinds of feedback, models and seeds side by side.",
    discussion: """
      FILE is an experiment (docs/formats/experiment.md) or a script (docs/formats/script.md); - \
      reads standard input. Every session gets a journal of its own in the folder; terntable \
      report reads them again at any time, without FILE. Running again with the same --out plays \
      only what is missing: after an interruption, or when problems, arms, models or seeds were \
      added. All arms of a model begin with the same first attempts.

      --shard i/n plays the i-th of n parts, so that several machines can share an experiment: put \
      the journals of all into one folder for the report.

      Examples:
        terntable measure sessions/friction.yaml --dry-run
        terntable measure sessions/friction.yaml --out results
        terntable measure sessions/friction.yaml --model tutor --model tutor-f16 --out twin
        terntable measure big.yaml --shard 2/4 --out part2 --json

      Exit code 75: stopped by a signal or by the experiment's limits before all was played; run \
      again with the same --out.
      """)

  @Argument(help: "An experiment or a script.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @Option(help: "Folder for the journals. Default: one named after the experiment.")
  var out: String?

  @Option(help: "Play only this part, such as 2/4.")
  var shard: String?

  @Option(help: "Most sessions played at once, or auto.")
  var jobs = JobCount.auto

  @Option(
    help: "A model instead of the experiment's; can be given several times.",
    completion: .models)
  var model: [String] = []

  @Flag(help: "Let checkers and critics of the file run their shell commands.")
  var allowCommands = false

  @Flag(help: "Print what would be played and how long it takes, and play nothing.")
  var dryRun = false

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    if let shard, Shard(shard) == nil {
      throw ValidationError("--shard is i/n with i from 1 to n, not \(shard)")
    }
  }

  func run() async throws {
    let source = try MeasureSource(
      file, models: model, shard: shard.flatMap { Shard($0) }, allowsCommands: allowCommands)
    let folder = try out ?? source.usualFolder()
    if dryRun {
      let outline = try await DryRun(source, folder: folder, jobs: jobs.count)
      if json { try printJSON(outline) } else { try ResultFile.print(outline.text) }
      return
    }
    if out == nil { say("journals in \(folder)") }
    let stop = StopSignals()
    let started = ContinuousClock.now
    let meter = MeasureMeter()
    let runner = PlanRunner(
      source.plan.units, into: folder, jobs: jobs.count, critics: source.critics,
      deadline: source.limits.minutes.map { started + .seconds($0 * 60) },
      allowsCommands: allowCommands, measuresConfidence: true)
    let results = try await stop.cancelling {
      try await runner.play { await meter.add($0) }
    }
    let output = await MeasureOutput(
      results, folder: folder, meter: meter, seconds: (ContinuousClock.now - started) / .seconds(1))
    if json { try printJSON(output) } else { try ResultFile.print(output.text) }
    try output.throwFirstFailure()
  }
}

import Experiments
import Foundation
import SessionCore
import SessionRuntime

/// The file that `measure` was given, and the plan it comes to.
struct MeasureSource {
  var name: String
  var plan: Plan
  /// Those that are asked, with what is known of them; empty for a script.
  var problems: [PlanProblem] = []
  /// In the order of the table; empty for a script without arms.
  var arms: [String]
  var models: [String]
  var seeds: [UInt64]
  var limits = Experiment.Limits()
  /// Models that write feedback.
  var critics: [String] = []

  /// - Parameters:
  ///   - models: instead of the file's; empty keeps those.
  ///   - allowsCommands: whether its commands may be run; a file that has some is refused otherwise.
  init(
    _ path: String, models chosen: [String], shard: Shard?, allowsCommands: Bool
  ) throws {
    let bytes = try InputFile.bytes(path)
    let document = try PlanDocument(parsing: bytes, file: path)
    switch document {
    case .script(let script):
      guard chosen.count <= 1 else {
        throw CommandFailure("\(path): a script is played with one --model", .usage)
      }
      name = script.name
      plan = Plan(script, choosing: .init(model: chosen.first), shard: shard)
      arms = script.arms.compactMap(\.name)
      models = [chosen.first ?? script.model]
      seeds = script.seeds
    case .experiment(let experiment):
      name = experiment.name
      problems = try experiment.problems()
      models = chosen.isEmpty ? experiment.models : chosen
      plan = Plan(experiment, problems: problems, models: models, shard: shard)
      if let shard {
        problems = problems.enumerated().filter { shard.holds($0.offset) }.map(\.element)
      }
      // Without those that the matrix leaves out everywhere.
      let played = Set(plan.units.compactMap(\.provenance.arm))
      arms = experiment.armNames.filter(played.contains)
      seeds = experiment.seeds
      limits = experiment.limits
      critics = experiment.criticModels
    }
    if document.hasCommands, !allowsCommands {
      throw CommandFailure(
        "\(path): it has commands in it; read them, then give --allow-commands", .usage)
    }
    if let most = limits.sessions, plan.units.count > most {
      throw CommandFailure(
        "\(path): \(plan.units.count) sessions are over limits.sessions (\(most))", .badData)
    }
    guard !plan.units.isEmpty else {
      throw CommandFailure("\(path): nothing is left to play in this part or matrix", .badData)
    }
  }

  /// Always the same for one experiment, so that running again goes on.
  func usualFolder() throws -> String {
    let sessions = try SessionFolder(environment: ProcessInfo.processInfo.environment)
    let state = URL(filePath: sessions.path).deletingLastPathComponent().path
    return "\(state)/experiments/\(name)"
  }
}

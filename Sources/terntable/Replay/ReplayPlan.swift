import Experiments
import Foundation
import Inference
import Journaling
import SessionCore
import SessionRuntime

/// All that one command plays: the units of every file, grouped by the model they need.
struct ReplayPlan {
  private var name: String
  private var units: [any Playable] = []
  private let allowsCommands: Bool

  init(
    _ sources: [ReplaySource], model: String?, activations: ActivationPrecision?, seeds: [UInt64]?,
    feedback: ReplayFeedback?,
    allowsCommands: Bool
  ) throws {
    self.allowsCommands = allowsCommands
    var hasToldOfImport = false
    name = sources.count == 1 ? sources[0].name : "replay"
    var names: Set<String> = []
    for source in sources {
      switch source.content {
      case .script(let script):
        if sources.count == 1 { name = script.name }
        if feedback != nil {
          throw CommandFailure(
            "\(source.path): --feedback is for records; a script has arms", .usage)
        }
        if script.hasCommands, !allowsCommands {
          throw CommandFailure(
            "\(source.path): its checkers are commands; read them, then give --allow-commands",
            .usage)
        }
        units +=
          Plan(script, choosing: .init(model: model, seeds: seeds, activations: activations)).units
      case .record(let contents):
        source.reportTornEnd()
        let recording = try source.recording(contents)
        if model == nil, !hasToldOfImport, recording.header.provenance?.imported != nil {
          if let words = otherModel(for: recording.header) { say(words) }
          hasToldOfImport = true
        }
        for seed in seeds.map({ $0.map(Optional.some) }) ?? [nil] {
          units.append(
            RecordedUnit(
              recording, name: source.name, model: model ?? ownModel(of: recording.header),
              keepsModels: model == nil, activations: activations, seed: seed,
              feedback: feedback ?? .recorded))
        }
      }
      for unit in units.suffix(from: names.count) where !names.insert(unit.id).inserted {
        throw CommandFailure(
          "\(source.path): \(unit.id) is planned twice", .usage)
      }
    }
  }

  /// A new folder's path below the state folder, named after what is played and when.
  func newFolder() throws -> String {
    let sessions = try SessionFolder(environment: ProcessInfo.processInfo.environment)
    let state = URL(filePath: sessions.path).deletingLastPathComponent().path
    let moment = TimestampText.compact(SessionDriver.wallClock()) ?? "0"
    return "\(state)/replays/\(name)-\(moment)"
  }

  /// Plays everything; results in the order of the files.
  func play(into folder: String, jobs: Int) async throws -> [UnitResult] {
    try await PlanRunner(units, into: folder, jobs: jobs, allowsCommands: allowsCommands).play()
  }
}

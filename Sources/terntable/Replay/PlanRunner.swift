import Experiments
import Foundation
import Inference
import SessionRuntime

/// Plays planned sessions with the models they name, and shows how far it has come.
struct PlanRunner {
  private let units: [any Playable]
  private let folder: String
  private let jobs: Int
  private let critics: [String]
  private let deadline: ContinuousClock.Instant?
  private let allowsCommands: Bool
  private let measuresConfidence: Bool

  /// - Parameters:
  ///   - jobs: sessions played at once; each model's engine writes as many replies together.
  ///   - critics: models that write feedback.
  ///   - allowsCommands: whether checkers that are commands may be run.
  ///   - measuresConfidence: whether replies record how sure the model was.
  init(
    _ units: [any Playable], into folder: String, jobs: Int, critics: [String] = [],
    deadline: ContinuousClock.Instant? = nil, allowsCommands: Bool = false,
    measuresConfidence: Bool = false
  ) {
    self.measuresConfidence = measuresConfidence
    self.units = units
    self.folder = folder
    self.jobs = jobs
    self.critics = critics
    self.deadline = deadline
    self.allowsCommands = allowsCommands
  }

  /// Results in the order of the units.
  func play(
    digest: (@Sendable (UnitResult) async -> Void)? = nil
  ) async throws -> [UnitResult] {
    var models = OpenedModels(sequences: jobs)
    var responders: [String: any Responder] = [:]
    for name in critics { responders[name] = try models.open(name).responder }
    var results: [UnitResult] = []
    let progress = SessionProgress(of: units.count)
    defer { progress.clear() }
    var rest = units[...]
    while let model = rest.first?.model {
      let judge = rest.first?.judge
      let activations = rest.first?.activations
      let group = Array(
        rest.prefix {
          $0.model == model && $0.judge == judge && $0.activations == activations
        })
      rest = rest.dropFirst(group.count)
      let opened = try models.open(model, activations: activations)
      let judging = JudgingTools(
        allowsCommands: allowsCommands,
        judge: try judge.map {
          JudgeModel(try models.open($0.model).responder, samples: $0.samples)
        })
      var others: [String: any Responder] = [:]
      for name in Set(group.flatMap(\.otherModels)) {
        others[name] = try models.open(name).responder
      }
      let done = results.count
      results += try await Run(
        group, into: folder, modelDigest: opened.model.info.sha256,
        activations: opened.activations,
        responder: opened.responder(measuringConfidence: measuresConfidence),
        application: ProgramVersion.application, jobs: jobs,
        judging: judging, critics: responders, others: others, deadline: deadline
      ).play(progress: { progress.show(done + $0) }, digest: digest)
    }
    return results
  }
}

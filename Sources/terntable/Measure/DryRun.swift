import Experiments
import Foundation
import SessionCore
import SessionRuntime

/// What an experiment would play, and about how long it would take.
struct DryRun: Encodable {
  struct ProblemFacts: Encodable {
    var id: String
    var key: String
    var family: String?
    var difficulty: String?
    var prompt: String
    var answer: String?
    var heldOut: Bool?

    init(_ problem: PlanProblem) {
      id = problem.id
      key = problem.key
      family = problem.family
      difficulty = problem.difficulty
      prompt = problem.prompt
      answer = problem.answer
      heldOut = problem.task?.isHeldOut
    }
  }

  var name: String
  var out: String
  /// All that are planned here.
  var sessions: Int
  /// Those that are in the folder already.
  var finished: Int
  var models: [String]
  var arms: [String]
  var seeds: [UInt64]
  var problems: [ProblemFacts]
  /// For what is not finished, if every session took all its attempts.
  var estimatedSecondsMax: Double
  /// If every session ended with its first attempt.
  var estimatedSecondsMin: Double

  /// Replies drawn to see how fast it goes.
  private static let sampleMax = 32

  init(_ source: MeasureSource, folder: String, jobs: Int) async throws {
    name = source.name
    out = folder
    models = source.models
    arms = source.arms
    seeds = source.seeds
    problems = source.problems.map(ProblemFacts.init)
    sessions = source.plan.units.count
    let rest = source.plan.units.filter {
      !FileManager.default.fileExists(atPath: "\(folder)/\($0.id)\(SessionFolder.suffix)")
    }
    finished = sessions - rest.count
    (estimatedSecondsMin, estimatedSecondsMax) = (0, 0)
    var opened = OpenedModels(sequences: jobs)
    for model in source.models {
      let units = rest.filter { $0.model == model }
      guard !units.isEmpty else { continue }
      let responder = try opened.open(model).responder
      let seconds = await Self.secondsForReply(units, responder)
      // Arms share their first attempts.
      let firsts = Set(units.map { "\($0.seed) \($0.sampling) \($0.provenance.problem ?? "")" })
        .count
      let further = units.reduce(0) { $0 + $1.furtherAttemptsMax }
      estimatedSecondsMin += seconds * Double(firsts)
      estimatedSecondsMax += seconds * Double(firsts + further)
    }
  }

  /// Draws the first attempts of some sessions together, and keeps none.
  private static func secondsForReply(
    _ units: [PlanUnit], _ responder: any Responder
  ) async -> Double {
    let step = max(1, units.count / sampleMax)
    let sample = stride(from: 0, to: units.count, by: step).prefix(sampleMax).map { units[$0] }
    let start = ContinuousClock.now
    await withTaskGroup(of: Void.self) { group in
      for unit in sample {
        group.addTask {
          guard let request = unit.firstRequest else { return }
          // A reply that fails takes its time too; measuring says what went wrong.
          _ = try? await responder.begin(request).text()
        }
      }
    }
    return (ContinuousClock.now - start) / .seconds(1) / Double(max(1, sample.count))
  }

  var text: String {
    var lines = ["\(name): \(sessions) sessions, \(finished) finished in \(Plain.line(out))"]
    lines.append("models  \(models.map { Plain.line($0) }.joined(separator: ", "))")
    if !arms.isEmpty { lines.append("arms    \(arms.joined(separator: ", "))") }
    lines.append("seeds   \(seeds.map(String.init).joined(separator: ", "))")
    let kinds = problems.map { "\($0.family ?? "?") \($0.difficulty ?? "")" }
    var seen: [String] = []
    for kind in kinds where !seen.contains(kind) { seen.append(kind) }
    for kind in seen {
      lines.append("tasks   \(kinds.count { $0 == kind }) × \(Plain.line(kind))")
    }
    lines.append(
      "time    \(TimeSpan.words(estimatedSecondsMin)) to \(TimeSpan.words(estimatedSecondsMax)) "
        + "on this machine as it is now")
    return lines.joined(separator: "\n") + "\n"
  }
}

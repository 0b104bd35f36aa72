import ArgumentParser
import Experiments
import Friction
import Inference
import Journaling
import SessionCore
import SessionRuntime

extension ReplayCommand {
  /// Says something else at one recorded turn and compares the next answers.
  func exchange(_ text: String, at turn: Int, in source: ReplaySource) async throws {
    guard case .record(let contents) = source.content else {
      throw CommandFailure("\(source.path): --at is for records", .usage)
    }
    source.reportTornEnd()
    let header = try source.recording(contents).header
    // Whoever answered the recorded feedback answers the other one too.
    let recorded = try JournalInput.session(in: contents).children(of: TurnID(turn - 1))
      .lazy.compactMap(\.recipe).first
    var models = OpenedModels(sequences: min(jobs, 64))
    let opened = try models.open(
      model ?? recorded?.model.name ?? header.model,
      activations: activations ?? recorded?.activations ?? header.activations)
    let result: Counterfactual.Result
    do throws(Counterfactual.Failure) {
      result = try await Counterfactual(contents.entries, at: turn)
        .measure(instead: text, seeds: seeds, with: opened.responder, jobs: jobs)
    } catch {
      throw failure(error, source.path)
    }
    let output = ExchangeOutput(
      result, turn: turn, isGreedy: (recorded?.sampling ?? header.sampling).temperature == 0)
    if json { try printJSON(output) } else { try ResultFile.print(output.text) }
  }

  private func failure(_ error: Counterfactual.Failure, _ path: String) -> CommandFailure {
    switch error {
    case .unknownTurn(let turn): CommandFailure("\(path): there is no turn \(turn)", .usage)
    case .notFeedback(let turn):
      CommandFailure("\(path): turn \(turn) is not feedback; name a turn that is", .usage)
    case .invalid(let entry):
      CommandFailure("\(path): \(commandFailure(for: entry).text)", .badData)
    case .refused(let refusal): CommandFailure(terntable.text(for: refusal), .usage)
    case .responder(let failure):
      CommandFailure("\(path): \(terntable.text(for: failure))", .unavailable)
    }
  }
}

/// What another feedback would have done, for people and for scripts.
struct ExchangeOutput: Encodable {
  struct Side: Encodable {
    var feedback: String
    var draws: Int
    var right: Int?
    var low: Double?
    var high: Double?
    /// Draws with the answer that the feedback was about.
    var unchanged: Int

    init(_ side: Counterfactual.Side) {
      feedback = side.feedback
      draws = side.outcomes.count
      right = side.right.total > 0 ? side.right.count : nil
      low = side.right.interval?.lowerBound
      high = side.right.interval?.upperBound
      unchanged = side.unchanged.count
    }

    var text: String {
      let share = right.map { right in
        let bounds = "\(percent(low ?? 0, .down))-\(percent(high ?? 1, .up))"
        return "right \(right) of \(draws) [\(bounds) %], "
      }
      return "\(share ?? "")answer unchanged \(unchanged) of \(draws): \(Plain.line(feedback))"
    }

    private func percent(_ share: Double, _ rule: FloatingPointRoundingRule) -> Int {
      Int((share * 100).rounded(rule))
    }
  }

  /// As people count turns, from 1.
  var turn: Int
  var recorded: Side
  var instead: Side
  /// Of the shares that are right; absent where nothing is expected.
  var difference: Double?
  var low: Double?
  var high: Double?
  var mcnemarP: Double
  private var isGreedy: Bool

  private enum CodingKeys: String, CodingKey {
    case turn, recorded, instead, difference, low, high, mcnemarP
  }

  init(_ result: Counterfactual.Result, turn: Int, isGreedy: Bool) {
    self.turn = turn
    recorded = Side(result.recorded)
    instead = Side(result.instead)
    difference = result.difference
    low = result.interval?.lowerBound
    high = result.interval?.upperBound
    mcnemarP = result.mcNemar
    self.isGreedy = isGreedy
  }

  var text: String {
    var lines = ["recorded  \(recorded.text)", "instead   \(instead.text)"]
    if let sentence { lines.append(sentence) }
    if isGreedy { lines.append("the record is greedy, so all draws to one text are the same") }
    return lines.joined(separator: "\n") + "\n"
  }

  /// What the exchange did, with its uncertainty; nil where nothing is expected.
  private var sentence: String? {
    guard let difference, let low, let high else { return nil }
    let points = { (value: Double, rule: FloatingPointRoundingRule) in
      let points = Int((value * 100).rounded(rule))
      return points > 0 ? "+\(points)" : "\(points)"
    }
    let effect =
      low > 0
      ? "The new feedback makes the next answer right more often"
      : high < 0
        ? "The new feedback makes the next answer right less often"
        : "No clear difference between the two texts"
    return "\(effect): \(points(difference, .toNearestOrAwayFromZero)) points "
      + "[\(points(low, .down)), \(points(high, .up))] (95 % interval), McNemar p "
      + "\(FrictionReport.probability(mcnemarP)) over \(recorded.draws) pairs of seeds."
  }
}

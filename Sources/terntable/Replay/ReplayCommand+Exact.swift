import ArgumentParser
import Experiments
import Inference
import Journaling
import SessionCore
import SessionRuntime

extension ReplayCommand {
  /// Draws every reply of every record again and compares.
  func proveExact(_ sources: [ReplaySource]) async throws {
    var models = OpenedModels()
    var records: [(record: ExactReplay, responder: any Responder)] = []
    var tokenizers: [(TurnID) -> Tokenizer?] = []
    for source in sources {
      guard case .record(let contents) = source.content else {
        throw CommandFailure("\(source.path): a script has no replies to compare", .usage)
      }
      source.reportTornEnd()
      let header = try source.recording(contents).header
      try Self.checkDrawn(contents)
      let exact = try ExactReplay(contents)
      // Somebody who names a model asks whether that one writes the whole record.
      let others = model == nil ? try openOthers(of: exact.otherModels, &models) : [:]
      // Where another model was chosen before the first question, nobody asks the session's own.
      let own =
        model == nil && !exact.needsOwnModel
        ? nil
        : try models.open(
          model ?? ownModel(of: header), activations: activations ?? header.activations)
      let writer = { @Sendable (name: String?) in
        (name.flatMap { others[$0] } ?? own)?.responder
      }
      records.append((exact, RoutingResponder { writer($0) }))
      tokenizers.append { turn in
        (exact.model(of: turn).flatMap { others[$0] } ?? own)?.model.tokenizer
      }
    }
    var reports: [ExactOutput] = []
    try await ExactReplay.compare(records, jobs: jobs) { index, report in
      let turn = report.difference?.turn ?? TurnID(0)
      reports.append(ExactOutput(report, tokenizer: tokenizers[index](turn)))
      if !json { try ResultFile.print(reports[index].text + "\n") }
    }
    if json { try printJSON(ExactOutput.All(records: reports)) }
    guard reports.allSatisfy(\.exact) else { throw ExitCode.checkFailed }
  }

  /// The models of replies that are not the session's own model's, such as one side of a duel.
  private func openOthers(
    of names: [String: ActivationPrecision], _ models: inout OpenedModels
  ) throws -> [String: OpenedModel] {
    var others: [String: OpenedModel] = [:]
    for (name, recorded) in names {
      others[name] = try models.open(name, activations: activations ?? recorded)
    }
    return others
  }

  /// A reply that was imported has no recipe: it is left out, and a record of nothing else proves
  /// nothing.
  private static func checkDrawn(_ contents: JournalContents) throws {
    let replies = try JournalInput.session(in: contents).turns.filter { $0.role == .assistant }
    let drawn = replies.count { $0.recipe != nil }
    guard drawn < replies.count else { return }
    guard drawn > 0 else {
      throw CommandFailure(
        "\(contents.path): all replies were imported and cannot be drawn again; "
          + "without --exact they are played anew", .badData)
    }
    say("\(contents.path): \(replies.count - drawn) imported replies are left out")
  }
}

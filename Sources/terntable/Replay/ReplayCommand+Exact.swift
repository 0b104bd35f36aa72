import ArgumentParser
import Experiments
import Inference
import Journaling
import SessionCore

extension ReplayCommand {
  /// Draws every reply of every record again and compares.
  func proveExact(_ sources: [ReplaySource]) async throws {
    var models = OpenedModels()
    var reports: [ExactOutput] = []
    for source in sources {
      guard case .record(let contents) = source.content else {
        throw CommandFailure("\(source.path): a script has no replies to compare", .usage)
      }
      source.reportTornEnd()
      let header = try source.recording(contents).header
      let opened = try models.open(model ?? header.model)
      let exact = try ExactReplay(contents)
      let report = await exact.compare(with: opened.responder, jobs: jobs)
      reports.append(ExactOutput(report, tokenizer: opened.model.tokenizer))
      if !json { try ResultFile.print(reports[reports.count - 1].text + "\n") }
    }
    if json { try printJSON(ExactOutput.All(records: reports)) }
    guard reports.allSatisfy(\.exact) else { throw ExitCode.checkFailed }
  }
}

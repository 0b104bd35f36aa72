import ArgumentParser
import Experiments
import Friction
import SessionCore

/// Takes in sessions as they are finished and keeps what the report needs.
actor MeasureMeter {
  private(set) var friction = FrictionMeter(readingParts: Checker.parts)
  private(set) var generatedTokens = 0

  func add(_ result: UnitResult) {
    guard let session = result.session, result.ending.isFinal else { return }
    friction.add(session)
    guard result.ending != .alreadyFinished else { return }
    generatedTokens += session.turns.reduce(0) { $0 + ($1.statistics?.generatedTokens ?? 0) }
  }
}

/// What `measure` has to say at the end.
struct MeasureOutput {
  private let results: [UnitResult]
  private let folder: String
  private let report: FrictionReport
  private let generatedTokens: Int
  private let seconds: Double

  init(
    _ results: [UnitResult], folder: String, meter: isolated MeasureMeter, seconds: Double
  ) {
    self.results = results
    self.folder = folder
    self.seconds = seconds
    report = meter.friction.report
    generatedTokens = meter.generatedTokens
  }

  private var finished: Int { results.count { $0.ending.isFinal } }
  private var played: Int {
    results.count { $0.ending.isFinal && $0.ending != .alreadyFinished }
  }
  private var sessionsPerMinute: Double? {
    played > 0 && seconds > 0 ? Double(played) / seconds * 60 : nil
  }

  var text: String {
    var lines = [FrictionTable(report).text]
    let skips = results.flatMap(\.skips)
    if !skips.isEmpty {
      lines.append("Turns not played as planned: \(skips.count)")
      let counts = Dictionary(grouping: skips, by: ReplayOutput.words).mapValues(\.count)
      lines += counts.sorted { $0.key < $1.key }.map { "  \($0.value) × \($0.key)" }
      lines.append("")
    }
    var speed = "\(finished) of \(results.count) sessions are finished"
    if let sessionsPerMinute {
      speed +=
        "; \(played) played in \(TimeSpan.words(seconds)), \(Int(sessionsPerMinute)) a minute"
    }
    lines.append(speed)
    lines.append("")
    return lines.joined(separator: "\n")
  }

  /// - Throws: the first session's failure, or that something is not finished.
  func throwFirstFailure() throws {
    for result in results {
      if case .failed(let error) = result.ending { throw error }
    }
    guard finished == results.count else {
      throw CommandFailure(
        "\(finished) of \(results.count) sessions are finished; run again with --out \(folder)",
        .unfinished)
    }
  }
}

extension MeasureOutput: Encodable {
  private enum CodingKeys: String, CodingKey {
    case out, sessions, finished, played, seconds, sessionsPerMinute, generatedTokensPerSecond
    case friction
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(folder, forKey: .out)
    try container.encode(results.count, forKey: .sessions)
    try container.encode(finished, forKey: .finished)
    try container.encode(played, forKey: .played)
    try container.encode(seconds, forKey: .seconds)
    try container.encodeIfPresent(sessionsPerMinute, forKey: .sessionsPerMinute)
    if played > 0, seconds > 0 {
      try container.encode(Double(generatedTokens) / seconds, forKey: .generatedTokensPerSecond)
    }
    try container.encode(report, forKey: .friction)
  }
}

import SessionCore

/// A figure over tasks, with its uncertainty.
public struct Estimate: Equatable, Sendable {
  public let value: Double
  /// 95 %, by drawing tasks again; nil for fewer than two tasks, and where the figure is of nothing
  /// in most draws.
  public let interval: ClosedRange<Double>?
  /// Tasks that have a part in it.
  public let tasks: Int

  init(_ value: Double, _ interval: ClosedRange<Double>?, tasks: Int) {
    (self.value, self.interval, self.tasks) = (value, interval, tasks)
  }
}

/// An estimate under its name in the JSON form of a report.
public struct Figure: Equatable, Sendable {
  public let name: String
  public let estimate: Estimate

  /// Nil where nothing is known.
  init?(_ name: String, _ estimate: Estimate?) {
    guard let estimate else { return nil }
    (self.name, self.estimate) = (name, estimate)
  }
}

/// A counted share under its name in the JSON form of a report.
public struct NamedShare: Equatable, Sendable {
  public let name: String
  public let share: Proportion

  init(_ name: String, _ share: Proportion) { (self.name, self.share) = (name, share) }
}

/// A figure attempt by attempt, under its name in the JSON form of a report.
public struct Curve: Equatable, Sendable {
  public let name: String
  /// The first attempt's first; nil where nothing is known.
  public let points: [Estimate?]

  /// Nil where nothing is known at any attempt.
  init?(_ name: String, _ points: [Estimate?]) {
    guard points.contains(where: { $0 != nil }) else { return nil }
    (self.name, self.points) = (name, points)
  }
}

/// What a line or a step of a task adds to a quotient of sums. A mean is one over ones.
struct Part {
  var task: String
  var numerator: Double
  var denominator: Double

  init(_ task: String, _ numerator: Double, of denominator: Double = 1) {
    (self.task, self.numerator, self.denominator) = (task, numerator, denominator)
  }
}

/// The tasks of a group of lines, drawn again and again with replacement: all figures of the group
/// have their intervals from the same draws.
///
/// The clustered bootstrap (Efron and Tibshirani 1993, chapters 8 and 13): attempts at one task are
/// alike, so whole tasks are drawn. The statistic is made of quotients of two sums over tasks.
public struct TaskDraws: Sendable {
  /// Above so many tasks in all resamples together, fewer resamples are drawn.
  private static let drawsMax = 1_000_000
  private static let resamplesMin = 400

  private let places: [String: Int]
  private let resamples: Int
  /// How often each task was drawn, one row of tasks a resample.
  private let times: [UInt16]

  /// - Parameter bootstrap: its resamples are the most.
  public init(_ tasks: some Sequence<String>, _ bootstrap: Bootstrap = Bootstrap()) {
    // In one order, whatever order the sessions came in.
    let names = Set(tasks).sorted()
    places = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    let count = names.count
    guard count > 1 else {
      (resamples, times) = (0, [])
      return
    }
    resamples = min(bootstrap.resamples, max(Self.resamplesMin, Self.drawsMax / count))
    var times = [UInt16](repeating: 0, count: resamples * count)
    var chance = SplitMix64(seed: bootstrap.seed)
    for row in 0..<resamples {
      for _ in 0..<count { times[row * count + chance.draw(from: 0...count - 1)] += 1 }
    }
    self.times = times
  }

  /// Of the lines' tasks.
  public init(_ lines: some Sequence<AttemptLine>, _ bootstrap: Bootstrap = Bootstrap()) {
    self.init(lines.map(\.task), bootstrap)
  }

  /// The sum of the numerators over the sum of the denominators, with its percentile interval; nil
  /// when the denominators come to nothing.
  func quotient(_ parts: [Part]) -> Estimate? { figure(of: [parts]) { $0[0] } }

  /// A figure made of several such quotients, all from the same draws; nil when one of them is of
  /// nothing.
  func figure(of groups: [[Part]], _ make: ([Double]) -> Double?) -> Estimate? {
    let sums = groups.map(sums)
    let known = places.values.sorted().filter { place in sums.contains { $0[place].isSomething } }
    let quotients = sums.compactMap { group in
      known.reduce(into: Sums()) { $0.add(group[$1], times: 1) }.quotient
    }
    guard quotients.count == groups.count, let value = make(quotients) else { return nil }
    let tasks = known.count { place in sums.contains { $0[place].denominator > 0 } }
    let columns = sums.map { group in known.map { group[$0] } }
    return Estimate(value, tasks > 1 ? interval(known, columns, make) : nil, tasks: tasks)
  }

  private struct Sums {
    var numerator = 0.0
    var denominator = 0.0

    var isSomething: Bool { numerator != 0 || denominator != 0 }
    var quotient: Double? { denominator > 0 ? numerator / denominator : nil }

    mutating func add(_ other: Sums, times: Double) {
      numerator += times * other.numerator
      denominator += times * other.denominator
    }
  }

  /// Task by task.
  private func sums(_ parts: [Part]) -> [Sums] {
    var sums = [Sums](repeating: Sums(), count: places.count)
    // Sums of fractions depend on their order.
    let ordered = parts.sorted {
      ($0.task, $0.numerator, $0.denominator) < ($1.task, $1.numerator, $1.denominator)
    }
    for part in ordered {
      guard let place = places[part.task] else { continue }
      sums[place].add(Sums(numerator: part.numerator, denominator: part.denominator), times: 1)
    }
    return sums
  }

  /// - Parameter columns: the sums of the known tasks, one array a group.
  private func interval(
    _ known: [Int], _ columns: [[Sums]], _ make: ([Double]) -> Double?
  ) -> ClosedRange<Double>? {
    var values: [Double] = []
    values.reserveCapacity(resamples)
    for row in 0..<resamples {
      let quotients = columns.compactMap { column in
        var all = Sums()
        for (sums, place) in zip(column, known) {
          all.add(sums, times: Double(times[row * places.count + place]))
        }
        return all.quotient
      }
      if quotients.count == columns.count, let value = make(quotients) { values.append(value) }
    }
    guard values.count > resamples / 2 else { return nil }
    values.sort()
    return Bootstrap.quantile(values, 0.025)...Bootstrap.quantile(values, 0.975)
  }
}

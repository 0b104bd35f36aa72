import Foundation
import SessionCore
import Testing

@testable import Experiments

/// An experiment is read strictly and becomes a plan that grows without changing what was played.
@Suite struct ExperimentTests {
  static let two = """
    terntable: 1
    name: two
    tasks:
      - { family: multiplication, difficulty: 2x2, count: 4 }
    feedback:
      unary:
      critique:
    """

  static func experiment(_ text: String) throws(ScriptError) -> Experiment {
    try Experiment(parsing: text.utf8, file: "two.yaml")
  }

  static func plan(_ text: String, models: [String]? = nil, shard: String? = nil) throws -> Plan {
    let experiment = try experiment(text)
    return Plan(
      experiment, problems: try experiment.problems(), models: models,
      shard: shard.flatMap { Shard($0) })
  }

  @Test func everyProblemIsPlayedInEveryArmOfEveryModelWithEverySeed() throws {
    let plan = try Self.plan(Self.two + "\nseeds: [1, 2]\nmodels: [tutor, dir/big.gguf]\n")
    #expect(plan.units.count == 4 * 2 * 2 * 2)
    #expect(Set(plan.units.map(\.id)).count == plan.units.count)
    #expect(plan.units[0].id.hasPrefix("two.tutor.unary.multiplication-"))
    #expect(plan.units[0].id.hasSuffix(".s1"))
    #expect(Set(plan.units.map(\.model)) == ["tutor", "dir/big.gguf"])
    #expect(plan.units.contains { $0.id.hasPrefix("two.big.critique.") })
  }

  @Test func armsOfAProblemShareTheSessionsSeedAndProblemsDoNot() throws {
    let units = try Self.plan(Self.two).units
    for problem in Set(units.compactMap(\.provenance.problem)) {
      #expect(Set(units.filter { $0.provenance.problem == problem }.map(\.seed)).count == 1)
    }
    #expect(Set(units.map(\.seed)).count == 4)
  }

  @Test func everySessionNamesFamilyDifficultyAndArm() throws {
    let provenance = try Self.plan(Self.two).units.map(\.provenance)
    #expect(provenance.allSatisfy { $0.family == "multiplication" && $0.difficulty == "2x2" })
    #expect(Set(provenance.compactMap(\.arm)) == ["unary", "critique"])
    #expect(provenance.allSatisfy { $0.problem?.hasPrefix("multiplication:") ?? false })
  }

  @Test func addingArmsProblemsAndSamplersChangesNoSessionThatWasPlanned() throws {
    let before = try Self.plan(Self.two).units
    let larger =
      Self.two.replacing("count: 4", with: "count: 7") + "\n  none:\nmitigations:\n  none:\n"
      + "  warmer: { temperature: 0.15 }\n"
    let after = try Self.plan(larger).units
    #expect(after.count == 7 * 3 * 2)
    let digests = Set(after.map { $0.fingerprint(modelDigest: "d") })
    for unit in before { #expect(digests.contains(unit.fingerprint(modelDigest: "d"))) }
  }

  @Test func shardsShareThePlanAndKeepTheArmsOfAProblemTogether() throws {
    let whole = try Self.plan(Self.two).units.map(\.id)
    let parts = try (1...3).map { try Self.plan(Self.two, shard: "\($0)/3").units }
    #expect(parts.flatMap { $0.map(\.id) }.sorted() == whole.sorted())
    let problems = parts.map { Set($0.compactMap(\.provenance.problem)) }
    #expect(problems[0].isDisjoint(with: problems[1]))
  }

  @Test(arguments: ["0/3", "4/3", "1", "1/0", "a/b", "1/2/3"])
  func whatIsNoShardIsRefused(text: String) { #expect(Shard(text) == nil) }

  @Test func excludedCellsAreLeftOutUnlessTheyAreIncluded() throws {
    let matrix = """
      \(Self.two)
      samplers: { cold: { temperature: 0 }, warm: { temperature: 0.7 } }
      exclude: [{ sampler: warm }]
      include: [{ sampler: warm, feedback: unary }]
      """
    let arms = Set(try Self.plan(matrix).units.compactMap(\.provenance.arm))
    #expect(arms == ["unary+cold", "critique+cold", "unary+warm"])
  }

  @Test func heldOutProblemsAreHeldOut() throws {
    let problems = try Self.experiment(Self.two).problems()
    #expect(problems.allSatisfy { $0.task?.isHeldOut == true })
    let training = try Self.experiment(
      Self.two.replacing("count: 4", with: "count: 4, side: training")
    ).problems()
    #expect(training.allSatisfy { $0.task?.isHeldOut == false })
  }

  @Test func aDataSetIsReadByTheNamesOfItsFields() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }  // A leftover harms nobody.
    let records = """
      {"q": "2 + 2?", "a": 4, "no": "x1", "why": "2 + 2 = 4\\nAnswer: 4"}
      {"q": "3 + 3?", "a": "6", "no": "x2"}
      """
    try Data(records.utf8).write(to: folder.appending(path: "sums.jsonl"))
    let text = """
      terntable: 1
      name: own
      tasks:
        - data: sums.jsonl
          fields: { question: q, answer: a, id: no, solution: why }
          seed: 0
      feedback: { template: }
      """
    let file = folder.appending(path: "own.yaml").path
    let problems = try Experiment(parsing: text.utf8, file: file).problems()
    #expect(problems.map(\.key) == ["sums.jsonl:x1", "sums.jsonl:x2"])
    #expect(problems.map(\.expectation) == [.number("4"), .number("6")])
    #expect(problems[0].solution == ["2 + 2 = 4", "Answer: 4"])
    let wrong = text.replacing("answer: a,", with: "answer: b,")
    #expect {
      try Experiment(parsing: wrong.utf8, file: file).problems()
    } throws: { error in
      guard case .dataSet(let found) = (error as? ScriptError)?.reason else { return false }
      return found.line == 1 && found.reason == .missing(field: "b")
    }
  }

  @Test(arguments: [
    ("family: multiplication", "family: multiplicaton", "tasks[0].family"),
    ("difficulty: 2x2", "difficulty: 9x9", "tasks[0].difficulty"),
    ("  unary:", "  unray:", "feedback.unray"),
    ("  unary:", "  unary: { form: open }", "feedback.unary.form"),
    ("  critique:", "  critique: { mask: false }", "feedback.critique.mask"),
    ("name: two", "name: two\nmodel: tutor", "model"),
    ("name: two", "name: two\nexclude: [{ feedback: other }]", "exclude[0].feedback"),
    ("count: 4", "side: training", "tasks[0]"),
  ])
  func mistakesAreNamedByTheirPlace(right: String, wrong: String, place: String) throws {
    #expect {
      try Self.experiment(Self.two.replacing(right, with: wrong))
    } throws: { error in
      (error as? ScriptError)?.keyPath == place
    }
  }

  @Test func moreProblemsThanThereAreIsAMistake() throws {
    let all = try Self.experiment(Self.two.replacing("count: 4", with: "count: 99000"))
    #expect {
      try all.problems()
    } throws: { error in
      guard case .tooFewProblems(let found, 99000) = (error as? ScriptError)?.reason else {
        return false
      }
      return found < 1000
    }
  }
}

import Foundation
import Testing

@testable import Experiments

/// The page, the schema, the parser and the shipped experiments agree.
@Suite struct ExperimentFormat {
  @Test(arguments: ExperimentShape.allCases)
  func theSchemaHasTheKeysTheParserKnows(shape: ExperimentShape) throws {
    let text = try ScriptFormat.text("docs/formats/experiment.schema.json")
    let schema = try #require(
      JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let definitions = try #require(schema["$defs"] as? [String: [String: Any]])
    let mapping = shape == .experiment ? schema : try #require(definitions[shape.rawValue])
    let keys = try #require(mapping["properties"] as? [String: Any]).keys
    #expect(keys.sorted() == shape.keys.sorted())
    #expect(mapping["additionalProperties"] as? Bool == false)
  }

  @Test func everyExampleOfThePageIsRead() throws {
    let blocks = try ScriptFormat.text("docs/formats/experiment.md")
      .components(separatedBy: "```yaml\n")
      .dropFirst().compactMap { $0.components(separatedBy: "```").first }
    #expect(blocks.count == 4)
    for block in blocks {
      if block.contains("critic:") {
        #expect(try Critic(parsing: block.utf8, file: "page").name == "careful")
      } else {
        let experiment = try Experiment(parsing: block.utf8, file: "page")
        // The files of the reader's own are not there.
        guard !block.contains("data:") else { continue }
        #expect(!Plan(experiment, problems: try experiment.problems()).units.isEmpty)
      }
    }
  }

  @Test func thePageNamesEveryKeyAndEverySource() throws {
    let page = try ScriptFormat.text("docs/formats/experiment.md")
    for key in ExperimentShape.allCases.flatMap(\.keys) { #expect(page.contains(key), "\(key)") }
    for key in CriticShape.critic.keys { #expect(page.contains(key), "\(key)") }
    for (source, _) in FeedbackSource.options {
      #expect(page.contains("| `\(source)` |"), "\(source)")
    }
  }

  static func shipped(_ folder: String) -> [String] {
    let path = ScriptFormat.root.appending(path: folder).path
    // Without the folder the tests below fail.
    return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [])
      .filter { $0.hasSuffix(".yaml") }.map { "\(folder)/\($0)" }.sorted()
  }

  @Test(
    arguments: shipped("sessions") + shipped("sessions/full") + [
      "Training/evaluate.yaml", "Training/sizes.yaml",
    ])
  func everyShippedExperimentIsReadAndHasItsProblems(name: String) throws {
    let path = ScriptFormat.root.appending(path: name).path
    let text = try ScriptFormat.text(name)
    guard case .experiment(let experiment) = try PlanDocument(parsing: text.utf8, file: path) else {
      return
    }
    #expect(experiment.description != nil, "\(name)")
    #expect(!Plan(experiment, problems: try experiment.problems()).units.isEmpty, "\(name)")
  }

  /// The protocols of docs/method/protocols.md.
  static let protocols = [
    "friction", "friction-chat", "unary", "in-place", "ask-again", "are-you-sure", "judges", "mint",
    "multi-attempt", "mitigations", "critics", "tools", "sources",
  ]

  @Test func everyProtocolShipsInTheBundledModelsSizeAndInThePapers() throws {
    let page = try ScriptFormat.text("docs/method/protocols.md")
    for name in Self.protocols {
      #expect(Self.shipped("sessions").contains("sessions/\(name).yaml"), "\(name)")
      #expect(Self.shipped("sessions/full").contains("sessions/full/\(name).yaml"), "\(name)")
      #expect(page.contains("| `\(name)` |"), "\(name)")
    }
    #expect(Self.shipped("sessions/full").count == Self.protocols.count)
  }
}

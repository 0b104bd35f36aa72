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
    #expect(blocks.count == 3)
    for block in blocks {
      if block.contains("critic:") {
        #expect(try Critic(parsing: block.utf8, file: "page").name == "careful")
      } else {
        let experiment = try Experiment(parsing: block.utf8, file: "page")
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

  @Test func everyShippedExperimentIsRead() throws {
    let folder = ScriptFormat.root.appending(path: "sessions")
    let names =
      try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".yaml") }.map { "sessions/" + $0 } + ["Training/evaluate.yaml"]
    var experiments = 0
    for name in names {
      let path = ScriptFormat.root.appending(path: name).path
      let text = try ScriptFormat.text(name)
      guard
        case .experiment(let experiment) = try PlanDocument(parsing: text.utf8, file: path)
      else { continue }
      experiments += 1
      #expect(experiment.description != nil, "\(name)")
      #expect(!experiment.arms.isEmpty, "\(name)")
    }
    #expect(experiments >= 2)
  }
}

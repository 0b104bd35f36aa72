import Foundation
import Testing

@testable import Experiments

/// The page, the schema, the parser and the shipped scripts agree.
@Suite struct ScriptFormat {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  @Test(arguments: ScriptShape.allCases)
  func theSchemaHasTheKeysTheParserKnows(shape: ScriptShape) throws {
    let data = try Data(contentsOf: Self.root.appending(path: "docs/formats/script.schema.json"))
    let schema = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    let definitions = try #require(schema["$defs"] as? [String: [String: Any]])
    let mapping = shape == .script ? schema : try #require(definitions[shape.rawValue])
    let keys = try #require(mapping["properties"] as? [String: Any]).keys
    #expect(keys.sorted() == shape.keys.sorted())
    #expect(mapping["additionalProperties"] as? Bool == false)
  }

  @Test func everyExampleOfThePageIsAScript() throws {
    let blocks = try Self.text("docs/formats/script.md").components(separatedBy: "```yaml\n")
      .dropFirst().compactMap { $0.components(separatedBy: "```").first }
    #expect(blocks.count == 4)
    for block in blocks { _ = try parse(block) }
  }

  @Test func thePageNamesEveryKey() throws {
    let page = try Self.text("docs/formats/script.md")
    for key in ScriptShape.allCases.flatMap(\.keys) { #expect(page.contains(key)) }
  }

  @Test(arguments: ["try-again", "edit-in-place", "critique", "three-ways"])
  func theShippedScriptsAreNamedAsTheirFiles(name: String) throws {
    let script = try parse(Self.text("sessions/\(name).yaml"))
    #expect(script.name == name)
    #expect(script.description != nil)
    #expect(!Plan(script).units.isEmpty)
  }

  @Test func threeWaysComparesTheKindsWithTheControl() throws {
    let script = try parse(Self.text("sessions/three-ways.yaml"))
    #expect(script.arms.map(\.name) == ["unary", "critique", "edit", "none"])
    #expect(script.problems.allSatisfy { $0.expectation != nil })
  }
}

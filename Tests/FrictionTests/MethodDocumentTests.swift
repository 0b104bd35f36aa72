import Foundation
import Friction
import Testing

@Suite struct MethodDocumentTests {
  @Test("the metric table of the method document is the one in the code")
  func table() throws {
    let document = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../docs/method/friction.md")
    let text = try String(contentsOf: document, encoding: .utf8)
    #expect(text.contains(Metric.markdownTable), "paste this:\n\(Metric.markdownTable)")
  }
}

import Foundation
import Testing

@testable import Imports

@Suite("The document about import")
struct ImportDocumentTests {
  private func document() throws -> String {
    try String(
      contentsOf: URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../docs/formats/import.md").standardizedFileURL, encoding: .utf8)
  }

  @Test("Every format has its row, and every reason to drop a message its word")
  func words() throws {
    let document = try document()
    for format in ImportFormat.allCases { #expect(document.contains("\n| `\(format.rawValue)` |")) }
    for reason in ImportedConversation.Drop.allCases {
      #expect(document.contains("dropped: `\(reason.rawValue)`"), "\(reason)")
    }
  }

  @Test("The limits in the document are the program's")
  func limits() throws {
    let document = try document()
    for limit in [
      "| A conversation in a JSON file | \(ImportLimits.conversationBytesMax >> 20) MiB |",
      "| A message | \(ImportLimits.textBytesMax >> 20) MiB |",
      "| Messages of a conversation | \(ImportLimits.messagesMax) |",
      "(a tree needs two a message) | \(ImportLimits.depthMax) |",
      "| A file for `llama-cli` | \(ImportLimits.textFileBytesMax >> 20) MiB |",
    ] {
      #expect(document.contains(limit))
    }
  }
}

import Foundation
import Testing

@testable import TerminalUI

/// `docs/keys.md` is made from the two tables the program itself looks keys and commands up in.
/// Recorded like a golden, with `RECORD_GOLDENS=1`.
@Suite struct KeyDocumentTests {
  private let path = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../docs/keys.md").standardizedFileURL

  @Test func theDocumentOfKeysIsUpToDate() throws {
    let document = Self.document()
    if ProcessInfo.processInfo.environment["RECORD_GOLDENS"] == "1" {
      try Data(document.utf8).write(to: path)
      Issue.record("recorded keys.md; run again without RECORD_GOLDENS")
    } else {
      #expect(try String(contentsOf: path, encoding: .utf8) == document)
    }
  }

  private static func document() -> String {
    let commands = SlashCommand.Entry.all.map { [code($0.usage), $0.help] }
    let keys = HelpPane.titles.map { context, title in
      "## \(title)\n\n"
        + table(
          ["Key", "Does"],
          Keymap.standard.bindings.filter { $0.context == context }.map { row in
            [row.keys.map { code($0.description) }.joined(separator: ", "), row.help]
          })
    }
    return """
      # Keys and commands

      Made from `Sources/TerminalUI/Keymap.swift` and `Sources/TerminalUI/SlashCommand.swift` by \
      `make goldens`; do not edit.

      A chat begins on its prompt line, where commands work too. Esc leaves the line for single \
      keys; `i` returns to it.

      ## Commands

      The same on the screen and in `chat --plain`. A line that begins with `//` is a message \
      that begins with one slash.

      \(table(["Command", "Does"], commands))
      \(keys.joined(separator: "\n"))
      """
  }

  private static func code(_ text: String) -> String {
    "`" + text.replacing("|", with: "\\|") + "`"
  }

  private static func table(_ titles: [String], _ rows: [[String]]) -> String {
    ([titles, titles.map { _ in "---" }] + rows)
      .map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
  }
}

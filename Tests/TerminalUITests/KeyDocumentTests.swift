import Foundation
import Testing

@testable import TerminalUI

/// `docs/keys.md` and the man page are made from the two tables the program itself looks keys and
/// commands up in. Recorded like goldens, with `RECORD_GOLDENS=1`.
@Suite struct KeyDocumentTests {
  private let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../docs").standardizedFileURL

  @Test func theDocumentOfKeysIsUpToDate() throws { try check("keys.md", Self.document()) }

  @Test func theManPageIsUpToDate() throws { try check("terntable.1", Self.manPage()) }

  private func check(_ name: String, _ text: String) throws {
    let path = folder.appending(path: name)
    if ProcessInfo.processInfo.environment["RECORD_GOLDENS"] == "1" {
      try Data(text.utf8).write(to: path)
      Issue.record("recorded \(name); run again without RECORD_GOLDENS")
    } else {
      #expect(try String(contentsOf: path, encoding: .utf8) == text)
    }
  }

  // MARK: - Markdown

  private static func document() -> String {
    let commands = SlashCommand.Entry.all.map { [code($0.usage), $0.help] }
    let keys = HelpPane.titles.map { context, title in
      "## \(title)\n\nIn `keys.yaml`: `\(context.rawValue)`.\n\n"
        + table(
          ["Key", "Does", "Name"],
          Keymap.standard.bindings.filter { $0.context == context }.map { row in
            [
              row.keys.map { code($0.description) }.joined(separator: ", "), row.help,
              code(row.name),
            ]
          })
    }
    return """
      # Keys and commands

      Made from `Sources/TerminalUI/Keys/Keymap+Standard.swift` and \
      `Sources/TerminalUI/SlashCommand.swift` by `make goldens`; do not edit.

      A chat begins on its prompt line, where commands work too. Esc leaves the line for single \
      keys; `i` returns to it.

      ## Other keys

      `~/.config/terntable/keys.yaml` (or below `$XDG_CONFIG_HOME`) changes any of them: by the \
      context and the name that the tables below give, one key, a list of keys, or `[]` for none. \
      What it says replaces all keys of that row. A fault is told with its line, and nothing \
      starts (exit code 78).

      ```yaml
      editing_mode: vi          # or emacs; how texts are edited
      keys:
        normal:
          try-again: [T, Ctrl-T]
          rate-good: []
        insert:
          edit-outside: Ctrl-O
      ```

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

  // MARK: - The man page

  private static func manPage() -> String {
    let commands = SlashCommand.Entry.all.map { item($0.usage, $0.help) }.joined()
    let keys = HelpPane.titles.map { context, title in
      ".SS \"\(roff(title))\"\n"
        + Keymap.standard.bindings.filter { $0.context == context }.map { row in
          item(row.keys.map(\.description).joined(separator: ", "), row.help)
        }.joined()
    }
    return """
      .\\" Made from the tables of keys and commands by make goldens; do not edit.
      .TH TERNTABLE 1 "" "terntable" "User Commands"
      .SH NAME
      terntable \\- chat with a ternary language model, correct it, and measure how it takes it
      .SH SYNOPSIS
      .B terntable
      [\\fIcommand\\fR] [\\fIoptions\\fR]
      .SH DESCRIPTION
      Without a command a conversation begins, on the whole screen or, without a terminal, line by \
      line. Every turn is recorded. A record can be played again, exactly or with another model, \
      seed or kind of feedback, measured and exported.
      .B terntable --help
      lists the commands,
      .B terntable
      .I command
      .B --help
      their options.
      .SH "COMMANDS OF A CHAT"
      \(commands).SH KEYS
      \(keys.joined()).SH FILES
      \(item("~/.config/terntable/keys.yaml", "other keys, and editing_mode: vi or emacs"))\
      \(item("~/.config/terntable/screen.yaml", "plain: true, theme: dark or light, ascii: true"))\
      \(item("~/.local/state/terntable/sessions", "the sessions, one file each"))\
      \(item("~/.local/state/terntable/history", "lines that were typed"))\
      .SH ENVIRONMENT
      \(item("NO_COLOR", "when it is not empty, no colour is used"))\
      \(item("COLORTERM", "truecolor: themes use it where terminfo knows how"))\
      \(item("TERNTABLE_PLAIN", "1: the plain front; 0: not, whatever screen.yaml says"))\
      \(item("TERNTABLE_THEME", "terminal, dark, light or none"))\
      \(item("TERNTABLE_HOME", "one folder for everything, instead of those below"))\
      \(item("LC_ALL, LC_CTYPE, LANG", "a locale without UTF-8 gets a screen in ASCII"))\
      \(item("VISUAL, EDITOR", "the editor for messages, critiques and replies"))\
      \(item("XDG_CONFIG_HOME, XDG_STATE_HOME", "instead of ~/.config and ~/.local/state"))\
      .SH "EXIT STATUS"
      0 ok, 1 a check failed, 64 usage, 65 bad data, 66 no input, 69 unavailable, 70 bug, 74 input or \
      output, 75 unfinished (run again), 78 configuration, 130 and 143 stopped by a signal.

      """
  }

  private static func item(_ term: String, _ text: String) -> String {
    ".TP\n.B \"\(roff(term))\"\n\(roff(text))\n"
  }

  /// Text in which nothing is a request to roff (groff_char(7)).
  private static func roff(_ text: String) -> String {
    let escaped = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
      .replacing("\"", with: "\\(dq").replacing("^", with: "\\(ha").replacing("~", with: "\\(ti")
      .replacing("'", with: "\\(aq").replacing("`", with: "\\(ga").replacing("…", with: "...")
    return escaped.hasPrefix(".") ? "\\&" + escaped : escaped
  }
}

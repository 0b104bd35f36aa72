/// Everything that can be done, by name: slash commands and single keys in one list.
struct Palette: Equatable, Sendable {
  /// One thing to do.
  struct Item: Equatable, Sendable {
    enum Kind: Equatable, Sendable {
      case command(SlashCommand.Entry)
      case deed(Keymap.Deed)
    }
    var kind: Kind
    /// How it is typed or pressed.
    var left: String
    var help: String
  }

  var line = LineEditor()
  /// Place in what ``items(_:)`` gives.
  var chosen = 0
  /// Whether single keys worked before.
  var fromNormal: Bool

  /// What the typed words all occur in, commands first.
  func items(_ keymap: Keymap) -> [Item] {
    let words = line.text.split(separator: " ").compactMap { TextSearch(String($0)) }
    return Self.all(keymap).filter { item in
      words.allSatisfy { $0.isFound(in: item.left + " " + item.help) }
    }
  }

  private static func all(_ keymap: Keymap) -> [Item] {
    SlashCommand.Entry.all.map {
      Item(kind: .command($0), left: $0.usage, help: $0.help)
    }
      + keymap.bindings.filter { $0.context == .normal && !$0.keys.isEmpty }.map { row in
        Item(
          kind: .deed(row.deed), left: row.keys.map(\.description).joined(separator: ", "),
          help: row.help)
      }
  }
}

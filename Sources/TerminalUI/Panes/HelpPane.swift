/// The help: every slash command and every key, from the tables they are looked up in.
public enum HelpPane {
  static let titles: [(Keymap.Context, String)] = [
    (.normal, "Single keys (Esc leaves the line, i returns to it)"),
    (.insert, "While typing a line"),
    (.text, "In any text"),
    (.editor, "While editing a reply in place"),
    (.page, "On the tree, a diff, this help"),
    (.tree, "On the tree"),
    (.inspect, "On the tokens of a reply"),
    (.duel, "On a duel"),
    (.friction, "On the figures of friction"),
    (.palette, "In the list of commands and keys"),
    (.vi, "vi's commands on a text (editing_mode: vi)"),
    (.everywhere, "Everywhere"),
  ]

  /// The slash commands; what the plain front shows.
  public static func commands() -> [StyledLine] {
    let width = (SlashCommand.Entry.all.map(\.usage.count).max() ?? 0) + 2
    return [StyledLine("Commands", .heading)]
      + SlashCommand.Entry.all.map { entry in row(entry.usage, entry.help, width) }
      + [row("//…", "a message that begins with a slash", width)]
  }

  /// Every key, by where it works.
  static func keys(
    _ keymap: Keymap, only contexts: [Keymap.Context] = Keymap.Context.allCases
  ) -> [StyledLine] {
    titles.flatMap { context, title -> [StyledLine] in
      guard contexts.contains(context) else { return [] }
      let rows = keymap.bindings.filter { $0.context == context }
      guard !rows.isEmpty else { return [] }
      return [StyledLine(), StyledLine(title, .heading)]
        + rows.map { row($0.keys.map(\.description).joined(separator: ", "), $0.help, 20) }
    }
  }

  /// Columns from which on two columns fit side by side.
  static let twoColumnsMin = 120

  /// The whole help, on a wide screen in two columns.
  static func lines(_ keymap: Keymap, columns: Int) -> [StyledLine] {
    guard columns >= twoColumnsMin else { return commands() + keys(keymap) }
    let left = commands() + keys(keymap, only: [.normal])
    let right = keys(
      keymap,
      only: [
        .insert, .text, .editor, .page, .tree, .inspect, .duel, .friction, .palette, .vi,
        .everywhere,
      ]
    ).dropFirst()
    let width = columns / 2
    return (0..<max(left.count, right.count)).map { number in
      let first = number < left.count ? left[number] : StyledLine()
      guard number < right.count else { return first }
      let pad = String(repeating: " ", count: max(1, width - first.width))
      return first + StyledLine(pad) + right[right.startIndex + number]
    }
  }

  private static func row(_ left: String, _ right: String, _ width: Int) -> StyledLine {
    let pad = String(repeating: " ", count: max(1, width - CellWidth.of(left)))
    return StyledLine([Span("  " + left + pad, .person), Span(right, .text)])
  }
}

/// What an empty conversation shows instead.
enum WelcomePane {
  static func lines(columns: Int) -> [StyledLine] {
    let shown = ["try", "critique", "edit"]
    let commands = SlashCommand.Entry.all.filter { shown.contains($0.name) }
    let width = (commands.map(\.usage.count).max() ?? 0) + 3
    var lines = [
      StyledLine(),
      StyledLine("  Type a question and press Enter:"),
      StyledLine("    What is 12 × 7?", .person),
      StyledLine(),
      StyledLine("  When an answer is wrong:"),
    ]
    for command in commands {
      let pad = String(repeating: " ", count: width - command.usage.count)
      let help = columns < 60 ? "" : command.help
      lines.append(
        StyledLine([Span("    " + command.usage + pad, .heading), Span(help, .quiet)])
          .fitted(to: columns - 1))
    }
    lines += [StyledLine(), StyledLine("  /help shows all there is, /quit leaves.", .quiet)]
    return lines.map { $0.fitted(to: columns) }
  }
}

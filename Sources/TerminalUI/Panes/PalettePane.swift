/// The list of all commands and keys that what is typed leaves.
struct PalettePane {
  private(set) var lines: [StyledLine]

  init(_ palette: Palette, _ state: ScreenState) {
    let items = palette.items(state.keymap)
    let height = state.bodyRows
    let top = max(0, min(palette.chosen - height / 2, items.count - height))
    let width = (items.map { CellWidth.of($0.left) }.max() ?? 0) + 3
    lines = items.enumerated().dropFirst(top).prefix(height).map { place, item in
      let pad = String(repeating: " ", count: max(1, width - CellWidth.of(item.left)))
      let line = StyledLine([
        Span((place == palette.chosen ? "▸ " : "  ") + item.left + pad, .person), Span(item.help),
      ]).fitted(to: state.size.columns)
      return place == palette.chosen ? line.chosen : line
    }
    if lines.isEmpty { lines = [StyledLine("  Nothing of that name.", .quiet)] }
  }
}

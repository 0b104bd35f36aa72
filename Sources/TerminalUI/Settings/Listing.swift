/// A list with a title that a person asked for: settings, models, presets.
public struct Listing: Equatable, Sendable {
  /// One row: what is typed, and what is to be said of it.
  public struct Row: Equatable, Sendable {
    public var name: String
    public var text: String
    /// Whether it is the one in force.
    public var isChosen: Bool

    public init(_ name: String, _ text: String, isChosen: Bool = false) {
      self.name = name
      self.text = text
      self.isChosen = isChosen
    }
  }

  public var title: String
  public var rows: [Row]
  /// What can be done with it, in one sentence.
  public var foot: String

  public init(title: String, rows: [Row], foot: String) {
    self.title = title
    self.rows = rows
    self.foot = foot
  }

  /// Which list the front has to make; the settings are made here.
  public enum Kind: Equatable, Sendable { case models, presets }
}

/// The page of a list; the same rows in the plain front.
public enum ListPane {
  public static func lines(for list: Listing, columns: Int) -> [StyledLine] {
    let width = (list.rows.map { CellWidth.of($0.name) }.max() ?? 0) + 2
    // A name that is a path leaves the text its half.
    let room = min(width, max(22, columns / 2))
    let rows = list.rows.flatMap { row($0, room, columns) }
    return [StyledLine(list.title, .heading).fitted(to: columns)] + rows + [StyledLine()]
      + wrap([Span(list.foot, .quiet)], columns: columns)
  }

  private static func row(_ row: Listing.Row, _ width: Int, _ columns: Int) -> [StyledLine] {
    let mark = row.isChosen ? "* " : "  "
    let used = CellWidth.of(row.name)
    let ink: Ink = row.isChosen ? .mark : .person
    guard used + 2 <= width else {
      return [StyledLine(mark + row.name, ink).fitted(to: columns)]
        + wrap([Span(row.text)], columns: columns - 4).map { StyledLine("    ") + $0 }
    }
    let pad = String(repeating: " ", count: width - used)
    let texts = wrap([Span(row.text)], columns: max(8, columns - width - 2))
    return texts.enumerated().map { number, text in
      number == 0
        ? StyledLine(mark + row.name + pad, ink) + text
        : StyledLine(String(repeating: " ", count: width + 2)) + text
    }
  }
}

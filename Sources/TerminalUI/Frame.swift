/// Width and height of a screen in cells.
public struct ScreenSize: Equatable, Sendable {
  public var columns: Int
  public var rows: Int

  public init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
  }

  /// Below this the panes have no room; one line says so instead.
  public static let smallest = ScreenSize(columns: 40, rows: 10)

  /// Whether the panes have room.
  var isEnough: Bool {
    columns >= Self.smallest.columns && rows >= Self.smallest.rows
  }
}

/// A picture of the screen: a grid of cells and a cursor. Nothing in it can be an order to the
/// terminal.
public struct Frame: Equatable, Sendable {
  /// One cell; the cells after the first of a wide cluster have empty text.
  public struct Cell: Equatable, Sendable {
    public var text: String
    public var ink: Ink

    public static let blank = Cell(text: " ", ink: .text)
  }

  /// A place on the screen, from the upper left, counted from 0.
  public struct Place: Equatable, Sendable {
    public var row: Int
    public var column: Int

    public init(row: Int, column: Int) {
      self.row = row
      self.column = column
    }
  }

  public let size: ScreenSize
  /// Row by row.
  public private(set) var cells: [Cell]
  /// Where the caret is; nil hides it.
  public var cursor: Place?

  public init(size: ScreenSize) {
    self.size = size
    cells = Array(repeating: .blank, count: max(size.columns, 0) * max(size.rows, 0))
  }

  public subscript(row: Int, column: Int) -> Cell { cells[row * size.columns + column] }

  /// Draws a line from `column` on, clipped at `limit` (a column; nil: the right edge).
  mutating func put(_ line: StyledLine, row: Int, column: Int = 0, limit: Int? = nil) {
    guard (0..<size.rows).contains(row) else { return }
    let limit = min(limit ?? size.columns, size.columns)
    var at = column
    for span in line.spans {
      for cluster in span.text {
        let visible =
          cluster == "\t"
          ? String(repeating: " ", count: TextLayout.width(of: cluster, at: at - column))
          : Sanitise.drawn(cluster)
        for part in visible where part != "\n" {
          guard let next = put(part, span.ink, row: row, column: at, limit: limit) else { return }
          at = next
        }
      }
    }
  }

  /// Takes another frame of the same width over, its upper edge at a row; what lies outside is left
  /// out.
  mutating func copy(_ other: Frame, to top: Int) {
    for row in 0..<other.size.rows where (0..<size.rows).contains(top + row) {
      for column in 0..<min(size.columns, other.size.columns) {
        cells[(top + row) * size.columns + column] = other[row, column]
      }
    }
  }

  /// Gives every cell another text of the same width or less.
  mutating func replaceCells(_ text: (Cell) -> String) {
    for index in cells.indices {
      let new = text(cells[index])
      if new == cells[index].text { continue }
      cells[index].text = new
      // A wide cluster's other cell has something of its own to show now.
      if index + 1 < cells.count, cells[index + 1].text.isEmpty { cells[index + 1].text = " " }
    }
  }

  /// The column after the cluster, or nil when it does not fit any more.
  private mutating func put(
    _ cluster: Character, _ ink: Ink, row: Int, column: Int, limit: Int
  ) -> Int? {
    let width = CellWidth.of(cluster)
    guard column >= 0, column + width <= limit else { return nil }
    let index = row * size.columns + column
    guard width > 0 else { return column }
    cells[index] = Cell(text: String(cluster), ink: ink)
    for rest in 1..<max(width, 1) { cells[index + rest] = Cell(text: "", ink: ink) }
    return column + width
  }

  /// The rows as text, for goldens and for the screen dump; blanks at the end left out.
  public var text: String {
    (0..<size.rows).map { row in
      var line = (0..<size.columns).reduce(into: "") { $0 += self[row, $1].text }
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n") + "\n"
  }
}

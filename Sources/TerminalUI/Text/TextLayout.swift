/// Text set in rows of cells: where it wraps, and where a caret stands.
///
/// Rows break after white space and beside wide characters; a word longer than a row is cut.
/// White space at a row's end hangs outside and is not drawn.
struct TextLayout: Equatable, Sendable {
  /// Positions in the text, one range a row; line feeds belong to no row.
  private(set) var rows: [Range<Int>] = []
  /// Width of a row in cells.
  let columns: Int
  private let characters: [Character]

  /// Cells from one tab stop to the next.
  static let tabWidth = 4

  init(_ characters: [Character], columns: Int) {
    self.characters = characters
    self.columns = max(columns, 2)
    breakRows()
  }

  private mutating func breakRows() {
    var start = 0
    var column = 0
    var chance: Int?
    for (index, character) in characters.enumerated() {
      if character.isNewline {
        rows.append(start..<index)
        (start, column, chance) = (index + 1, 0, nil)
        continue
      }
      let width = Self.width(of: character, at: column)
      let isSpace = character == " " || character == "\t"
      if width == 2, index > start { chance = index }
      if column + width > columns, !isSpace, index > start {
        let end = chance ?? index
        rows.append(start..<end)
        (start, chance) = (end, nil)
        column = Self.width(of: characters[start..<index])
      }
      column += width
      if isSpace || width == 2 { chance = index + 1 }
    }
    rows.append(start..<characters.count)
  }

  /// Cells that `character` takes when it begins at `column`.
  static func width(of character: Character, at column: Int) -> Int {
    if character == "\t" { return tabWidth - column % tabWidth }
    if character.isASCII, let ascii = character.asciiValue, ascii >= 0x20, ascii < 0x7F { return 1 }
    return CellWidth.of(Sanitise.drawn(character))
  }

  private static func width(of characters: ArraySlice<Character>) -> Int {
    characters.reduce(0) { $0 + width(of: $1, at: $0) }
  }

  /// Row and column of the caret before the character at `index`.
  func position(of index: Int) -> (row: Int, column: Int) {
    let row = rows.lastIndex { $0.lowerBound <= index } ?? 0
    let column = Self.width(of: characters[rows[row].lowerBound..<min(index, rows[row].upperBound)])
    return (row, min(column, columns - 1))
  }

  /// The position nearest to a column of a row, both clamped to what there is.
  func index(row: Int, column: Int) -> Int {
    let row = min(max(row, 0), rows.count - 1)
    var index = rows[row].lowerBound
    var reached = 0
    // The last position of a soft-wrapped row is the first of the next one.
    let last = isSoft(row) ? rows[row].upperBound - 1 : rows[row].upperBound
    while index < last {
      let width = Self.width(of: characters[index], at: reached)
      if reached + width > column { break }
      reached += width
      index += 1
    }
    return index
  }

  private func isSoft(_ row: Int) -> Bool {
    row + 1 < rows.count && rows[row + 1].lowerBound == rows[row].upperBound
  }
}

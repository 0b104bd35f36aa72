import TerminalUI

/// Turns pictures into the bytes that draw them, in the control sequences of ECMA-48, for terminals
/// of which curses would need the whole screen or would count the cells otherwise.
///
/// After every cluster that terminals disagree about the cursor is put where it belongs, so that
/// nothing to its right moves.
struct FrameWriter {
  private let inks: [Ink: String]
  private let hasAlternateScreen: Bool
  /// The last rows as the terminal has them; nil when it has none of them.
  private var bottom: Frame?
  /// The whole screen as the terminal has it.
  private var whole: Frame?
  /// Something else was drawn over the last rows.
  private var isStale = false
  /// Whether the terminal shows its alternate screen.
  private(set) var isAlternate = false

  /// Whether what was drawn last is the whole screen.
  var isWhole: Bool { whole != nil }

  /// - Parameter colours: how many the terminal has.
  init(theme: Theme, colours: Int, hasAlternateScreen: Bool) {
    inks = Dictionary(
      uniqueKeysWithValues: Ink.allCases.map { ($0, Self.rendition(theme.look(of: $0), colours)) })
    self.hasAlternateScreen = hasAlternateScreen
  }

  /// Draws what differs from the picture before.
  mutating func bytes(for picture: InlinePicture) -> String {
    if picture.isWhole { return bytes(forWhole: picture.screen) }
    var out = "\u{1B}[?25l"
    if isAlternate {
      out += "\u{1B}[?1049l"
      isAlternate = false
    } else if whole != nil {
      out += "\u{1B}[H\u{1B}[J"
    }
    whole = nil
    if picture.clears {
      out += "\u{1B}[H\u{1B}[J"
      bottom = nil
    }
    out += toBottomStart
    let sameGrid =
      bottom?.size == picture.screen.size && picture.printed.size.rows == 0 && !isStale
    isStale = false
    if !sameGrid {
      out += "\u{1B}[J"
      for row in 0..<picture.printed.size.rows { out += text(picture.printed, row) + "\r\n" }
    }
    for row in 0..<picture.screen.size.rows {
      if row > 0 { out += "\r\n" }
      let isSame = sameGrid && bottom.map { $0.hasSameRow(row, as: picture.screen) } == true
      if !isSame { out += "\u{1B}[K" + text(picture.screen, row) }
    }
    bottom = picture.screen
    return out + toCursor
  }

  /// The bytes that take the last rows away, for a program that ends or steps aside.
  mutating func farewell() -> String {
    var out = isAlternate ? "\u{1B}[?1049l" : whole != nil ? "\u{1B}[H\u{1B}[J" : ""
    out += toBottomStart + "\u{1B}[J"
    (isAlternate, whole, bottom) = (false, nil, nil)
    return out
  }

  /// Makes the next picture be drawn from its beginning.
  mutating func forget() {
    whole = nil
    isStale = true
  }

  private mutating func bytes(forWhole frame: Frame) -> String {
    var out = "\u{1B}[?25l"
    if whole == nil {
      if hasAlternateScreen, !isAlternate {
        out += "\u{1B}[?1049h"
        isAlternate = true
      }
      out += "\u{1B}[H\u{1B}[J"
    }
    let before = whole?.size == frame.size ? whole : nil
    if whole != nil, before == nil { out += "\u{1B}[H\u{1B}[J" }
    for row in 0..<frame.size.rows where before?.hasSameRow(row, as: frame) != true {
      out += "\u{1B}[\(row + 1);1H\u{1B}[K" + text(frame, row)
    }
    whole = frame
    if !hasAlternateScreen { bottom = nil }
    guard let cursor = frame.cursor else { return out }
    return out + "\u{1B}[\(cursor.row + 1);\(cursor.column + 1)H\u{1B}[?25h"
  }

  // MARK: - The cursor among the last rows

  /// Row of the last rows where the cursor was left.
  private var cursorRow: Int { bottom.map { $0.cursor?.row ?? $0.size.rows - 1 } ?? 0 }

  private var toBottomStart: String { cursorRow > 0 ? "\r\u{1B}[\(cursorRow)A" : "\r" }

  /// From the end of the last row.
  private var toCursor: String {
    guard let bottom, let cursor = bottom.cursor else { return "" }
    let rows = bottom.size.rows - 1 - cursor.row
    return (rows > 0 ? "\u{1B}[\(rows)A" : "") + "\u{1B}[\(cursor.column + 1)G\u{1B}[?25h"
  }

  // MARK: - Rows

  /// The row's clusters and how they look, without the blanks at its end.
  private func text(_ frame: Frame, _ row: Int) -> String {
    var out = ""
    var ink = Ink.text
    let end =
      (0..<frame.size.columns).last { frame[row, $0] != .blank && !frame[row, $0].text.isEmpty }
      ?? -1
    for column in 0..<(end + 1) {
      let cell = frame[row, column]
      guard !cell.text.isEmpty else { continue }
      if cell.ink != ink {
        ink = cell.ink
        out += inks[ink] ?? ""
      }
      out += cell.text
      guard !Self.isSteady(cell.text) else { continue }
      var next = column + 1
      while next < frame.size.columns, frame[row, next].text.isEmpty { next += 1 }
      if next < frame.size.columns { out += "\u{1B}[\(next + 1)G" }
    }
    return ink == .text ? out : out + (inks[.text] ?? "")
  }

  /// Whether every terminal gives the cluster the same cells.
  private static func isSteady(_ text: String) -> Bool {
    let scalars = text.unicodeScalars
    guard scalars.count == 1, let value = scalars.first?.value else { return false }
    if value < 0x80 || (0x2500...0x257F).contains(value) { return true }
    return value < 0x300 && TextLook.current.ambiguousColumns == 1
  }

  /// SGR: all off, then what the ink has.
  private static func rendition(_ look: Theme.Look, _ colours: Int) -> String {
    var codes = ["0"]
    if look.isBold { codes.append("1") }
    if look.isDim { codes.append("2") }
    if look.isUnderlined { codes.append("4") }
    if look.isReversed { codes.append("7") }
    if let colour = look.colour, colours > 0 {
      let number = colour.number(among: colours)
      if colours > 256, colour.rgb != nil {
        codes.append("38;2;\(number >> 16 & 0xFF);\(number >> 8 & 0xFF);\(number & 0xFF)")
      } else {
        codes.append(number < 8 ? "\(30 + number)" : "38;5;\(number)")
      }
    }
    return "\u{1B}[\(codes.joined(separator: ";"))m"
  }
}

extension Frame {
  fileprivate func hasSameRow(_ row: Int, as other: Frame) -> Bool {
    (0..<size.columns).allSatisfy { self[row, $0] == other[row, $0] }
  }
}

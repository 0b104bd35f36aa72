extension Frame {
  /// The picture as SVG 1.1: text that can be searched and copied, no script, nothing loaded from
  /// elsewhere, light or dark as the reader has it.
  ///
  /// Every run of cells is stretched to its cells' width, so the grid holds under any font.
  /// - Parameter title: what the picture is of, for those who cannot see it.
  public func svg(title: String) -> String {
    let width = Self.pixels(Double(size.columns) * Self.cellWidth + 2 * Self.margin)
    let height = Self.pixels(Double(size.rows) * Self.cellHeight + 2 * Self.margin)
    let head = """
      <svg xmlns="http://www.w3.org/2000/svg" role="img" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)">
      <title>\(Self.escaped(title))</title>
      <style>\(Self.look)</style>
      <rect class="page" width="100%" height="100%" rx="8"/>

      """
    return head + (0..<size.rows).flatMap(row).joined(separator: "\n") + "\n</svg>\n"
  }

  private static let cellWidth = 8.4
  private static let cellHeight = 18.0
  private static let margin = 14.0
  /// From a row's upper edge to the line its letters stand on.
  private static let baseline = 13.5

  /// The marks of one row, from left to right: chosen cells' ground, the caret, the text.
  private func row(_ row: Int) -> [String] {
    let top = Self.margin + Double(row) * Self.cellHeight
    var marks: [String] = []
    for run in runs(row) {
      let left = Self.pixels(Self.margin + Double(run.column) * Self.cellWidth)
      let length = Self.pixels(Double(run.cells) * Self.cellWidth)
      if run.ink == .chosen { marks.append(Self.box("ground", left, top, length)) }
      // A braille cell without dots is as blank as a blank.
      guard run.text.contains(where: { $0 != " " && $0 != "\u{2800}" }) else { continue }
      marks.append(
        "<text x=\"\(left)\" y=\"\(Self.pixels(top + Self.baseline))\" textLength=\"\(length)\" "
          + "lengthAdjust=\"spacingAndGlyphs\" class=\"\(run.ink)\">\(Self.escaped(run.text))</text>"
      )
    }
    if let cursor, cursor.row == row {
      let left = Self.pixels(Self.margin + Double(cursor.column) * Self.cellWidth)
      marks.append(Self.box("caret", left, top, Self.pixels(Self.cellWidth)))
    }
    return marks
  }

  private static func box(_ look: String, _ left: String, _ top: Double, _ width: String) -> String
  {
    "<rect class=\"\(look)\" x=\"\(left)\" y=\"\(pixels(top))\" width=\"\(width)\" "
      + "height=\"\(pixels(cellHeight))\"/>"
  }

  /// Cells in one ink whose text a browser sets like a terminal.
  fileprivate struct Run {
    var column: Int
    var cells: Int
    var ink: Ink
    var text: String
    /// Other characters stand alone: fonts disagree about their widths.
    var isPlain: Bool
  }

  /// The row without the blanks at its ends.
  private func runs(_ row: Int) -> [Run] {
    var runs: [Run] = []
    for column in 0..<size.columns {
      let cell = self[row, column]
      if cell.text.isEmpty {
        if !runs.isEmpty { runs[runs.count - 1].cells += 1 }
        continue
      }
      // Up to U+024F lie the letters and signs that every monospaced font sets in one cell.
      let isPlain = cell.text.unicodeScalars.count == 1 && cell.text < "\u{250}"
      if let last = runs.last, isPlain, last.isPlain, last.ink == cell.ink {
        runs[runs.count - 1].cells += 1
        runs[runs.count - 1].text += cell.text
      } else {
        runs.append(Run(column: column, cells: 1, ink: cell.ink, text: cell.text, isPlain: isPlain))
      }
    }
    return runs.map { $0.ink == .chosen ? $0 : $0.trimmed }
  }

  /// One digit after the point.
  private static func pixels(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }

  /// As content or in an attribute: what XML gives a meaning is escaped, what it has no place for
  /// (XML 1.0 §2.2) is replaced.
  private static func escaped(_ text: String) -> String {
    Sanitise.visible(text).unicodeScalars.reduce(into: "") { escaped, scalar in
      switch scalar {
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "&": escaped += "&amp;"
      case "\"": escaped += "&quot;"
      case "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
  }

  private static let look = """

    text { font: 14px ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace; white-space: pre; fill: #24272b; }
    .page { fill: #fbfaf7; stroke: #d9d5ca; } .ground { fill: #24272b; } .caret { fill: #24272b; opacity: .45; }
    .quiet, .cut { fill: #7a8089; } .person { fill: #0b6a80; } .heading { font-weight: bold; }
    .kept { fill: #0b6a80; text-decoration: underline; } .added { fill: #1d6b43; font-weight: bold; }
    .strong { font-weight: bold; } .code { fill: #1d6b43; } .found { font-weight: bold; text-decoration: underline; }
    .removed { fill: #a03a2c; } .mark { fill: #8a3d8f; } .failure { fill: #a03a2c; font-weight: bold; }
    .chosen { fill: #fbfaf7; }
    @media (prefers-color-scheme: dark) {
    text { fill: #dfe2e6; } .page { fill: #16181b; stroke: #33383e; } .ground, .caret { fill: #dfe2e6; }
    .quiet, .cut { fill: #8b929b; } .person, .kept { fill: #6cc3d8; } .added { fill: #7cc99b; }
    .code { fill: #7cc99b; } .removed, .failure { fill: #ec9a8b; } .mark { fill: #d59ad9; } .chosen { fill: #16181b; }
    }

    """
}

extension Frame.Run {
  /// Without blanks at the ends: nothing is to be seen there.
  fileprivate var trimmed: Self {
    var run = self
    while run.text.last == " " {
      run.text.removeLast()
      run.cells -= 1
    }
    let blanks = run.text.prefix { $0 == " " }.count
    run.text.removeFirst(blanks)
    run.column += blanks
    run.cells -= blanks
    return run
  }
}

/// Accuracy over attempts drawn in characters: a curve, and at each attempt its 95 % interval as an
/// upright bar.
struct CurveChart {
  /// What it is drawn with.
  enum Style: Sendable {
    /// `o`, `.` and `|`.
    case ascii
    /// Two by four dots a character.
    case braille
  }

  static let (columns, rows) = (19, 6)
  /// With the axis at its left.
  static let width = columns + 5

  private let style: Style
  /// Dots across and down a character.
  private let cell: (across: Int, down: Int)
  private var dots: [[Character]]

  private init(_ style: Style) {
    self.style = style
    cell = style == .braille ? (2, 4) : (1, 1)
    dots = Array(
      repeating: Array(repeating: " ", count: Self.columns * cell.across),
      count: Self.rows * cell.down)
  }

  /// Lines of ``width`` characters: the name, the chart, the attempts.
  /// - Parameter attempts: of the longest curve that this one is compared with.
  static func lines(
    _ name: String, _ points: [Proportion], attempts: Int, _ style: Style
  ) -> [String] {
    var chart = CurveChart(style)
    chart.draw(points, attempts: attempts)
    let axis = ["100 ", "", "", " 50 ", "", "  0 "]
    let lines = chart.text.enumerated().map { (axis[$0].isEmpty ? "    " : axis[$0]) + $1 }
    let last = "\(attempts)"
    let foot =
      "    1" + String(repeating: " ", count: max(1, columns - 1 - last.count)) + last
    return [FrictionTable.shown(name, width - 1)] + lines + [attempts > 1 ? foot : "    1"]
  }

  private mutating func draw(_ points: [Proportion], attempts: Int) {
    let (across, down) = (dots[0].count, dots.count)
    let x = { (index: Int) in
      attempts > 1 ? index * (across - 1) / (attempts - 1) : across / 2
    }
    let y = { (share: Double) in Int(((1 - share) * Double(down - 1)).rounded()) }
    let known = points.enumerated().compactMap { index, point in
      point.share.map { (x: x(index), y: y($0)) }
    }
    for (from, to) in zip(known, known.dropFirst()) {
      for column in from.x...to.x {
        let part = Double(column - from.x) / Double(max(1, to.x - from.x))
        let row = Double(from.y) + part * Double(to.y - from.y)
        dots[Int(row.rounded())][column] = "."
      }
    }
    for (index, point) in points.enumerated() {
      guard let interval = point.interval else { continue }
      for row in y(interval.upperBound)...y(interval.lowerBound) {
        // In dots the bar is broken, so that the curve stands out.
        if style == .ascii || row % 2 == 0 { dots[row][x(index)] = "|" }
      }
    }
    for (column, row) in known { dots[row][column] = "o" }
  }

  private var text: [String] {
    guard style == .braille else { return dots.map { String($0) } }
    return (0..<Self.rows).map { row in
      String((0..<Self.columns).map { braille(row, $0) })
    }
  }

  /// U+2800 and a bit a dot: the left column 1, 2, 3, 7, the right 4, 5, 6, 8.
  private func braille(_ row: Int, _ column: Int) -> Character {
    let bits: [[UInt32]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
    var value: UInt32 = 0x2800
    for down in 0..<4 {
      for across in 0..<2 where dots[row * 4 + down][column * 2 + across] != " " {
        value |= bits[down][across]
      }
    }
    return Unicode.Scalar(value).map(Character.init) ?? " "
  }
}

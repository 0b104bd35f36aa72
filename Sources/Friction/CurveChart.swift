/// A curve over attempts drawn in characters, and at each attempt an interval as an upright bar.
/// The one drawing of curves in a terminal: reports and the screen both use it.
public struct CurveChart {
  /// What it is drawn with.
  public enum Style: Sendable {
    /// `o`, `.` and `|`.
    case ascii
    /// Two by four dots a character.
    case braille
  }

  /// One attempt.
  public struct Point: Equatable, Sendable {
    /// 0 at the bottom, 1 at the top.
    public var height: Double
    /// Around `height`, on the same scale.
    public var interval: ClosedRange<Double>?

    public init(_ height: Double, interval: ClosedRange<Double>? = nil) {
      (self.height, self.interval) = (height, interval)
    }

    /// A share with its interval; nil of nothing.
    public init?(_ proportion: Proportion) {
      guard let share = proportion.share else { return nil }
      self.init(share, interval: proportion.interval)
    }
  }

  /// Characters that the curve has, without its axes.
  public struct Size: Equatable, Sendable {
    public var columns: Int
    public var rows: Int

    public init(columns: Int, rows: Int) {
      (self.columns, self.rows) = (max(2, columns), max(2, rows))
    }

    /// With the axis at its left and a blank at its right.
    public var width: Int { columns + 5 }
  }

  static let reportSize = Size(columns: 19, rows: 6)

  private let style: Style
  private let size: Size
  /// Dots across and down a character.
  private let cell: (across: Int, down: Int)
  private var dots: [[Character]]

  private init(_ style: Style, _ size: Size) {
    self.style = style
    self.size = size
    cell = style == .braille ? (2, 4) : (1, 1)
    dots = Array(
      repeating: Array(repeating: " ", count: size.columns * cell.across),
      count: size.rows * cell.down)
  }

  /// Lines of at most ``Size/width`` - 1 characters: the name, the chart, the attempts.
  /// - Parameters:
  ///   - points: of attempts 1, 2 …; nil where nothing is known.
  ///   - attempts: of the longest curve that this one is compared with.
  ///   - top: what stands at the top of the axis, and `middle` at half its height; both at most
  ///     three characters.
  public static func lines(
    _ name: String, _ points: [Point?], attempts: Int, _ style: Style, size: Size,
    top: String = "100", middle: String = "50"
  ) -> [String] {
    var chart = CurveChart(style, size)
    chart.draw(points, attempts: attempts)
    let half = size.rows / 2
    let lines = chart.text.enumerated().map { row, line in
      let label =
        row == 0 ? top : row == size.rows - 1 ? "0" : row == half && size.rows > 4 ? middle : ""
      return String(repeating: " ", count: max(0, 3 - label.count)) + label + " " + line
    }
    let last = "\(attempts)"
    let foot =
      "    1" + String(repeating: " ", count: max(1, size.columns - 1 - last.count)) + last
    return [FrictionTable.shown(name, size.width - 1)] + lines + [attempts > 1 ? foot : "    1"]
  }

  private mutating func draw(_ points: [Point?], attempts: Int) {
    let (across, down) = (dots[0].count, dots.count)
    let x = { (index: Int) in
      attempts > 1 ? index * (across - 1) / (attempts - 1) : across / 2
    }
    let y = { (height: Double) in
      min(max(Int(((1 - height) * Double(down - 1)).rounded()), 0), down - 1)
    }
    let known = points.prefix(attempts).enumerated().compactMap { index, point in
      point.map { (x: x(index), y: y($0.height)) }
    }
    for (from, to) in zip(known, known.dropFirst()) {
      for column in from.x...to.x {
        let part = Double(column - from.x) / Double(max(1, to.x - from.x))
        let row = Double(from.y) + part * Double(to.y - from.y)
        dots[Int(row.rounded())][column] = "."
      }
    }
    for (index, point) in points.prefix(attempts).enumerated() {
      guard let interval = point?.interval else { continue }
      for row in y(interval.upperBound)...y(interval.lowerBound) {
        // In dots the bar is broken, so that the curve stands out.
        if style == .ascii || row % 2 == 0 { dots[row][x(index)] = "|" }
      }
    }
    for (column, row) in known { dots[row][column] = "o" }
  }

  private var text: [String] {
    guard style == .braille else { return dots.map { String($0) } }
    return (0..<size.rows).map { row in
      String((0..<size.columns).map { braille(row, $0) })
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

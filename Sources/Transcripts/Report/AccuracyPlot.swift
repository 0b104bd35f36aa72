import Friction

/// Accuracy over attempts of one arm: a line with its 95 % band for each model, the control dashed.
enum AccuracyPlot {
  /// Right at attempt k or before, from the first attempt on.
  struct Series {
    var name: String
    /// `a`, `b`, … for models; `control`.
    var look: String
    var points: [Proportion]
  }

  private static let (width, height) = (230, 160)
  private static let (left, right, top, bottom) = (34.0, 10.0, 24.0, 24.0)

  /// - Parameter attempts: of the longest series of the page, so that panels can be compared.
  static func drawing(_ title: String, _ series: [Series], attempts: Int) -> Drawing {
    var drawing = Drawing(width: width, height: height, label: label(title, series))
    let x = { (attempt: Int) in
      let room = Double(width) - left - right
      return left + room * (attempts > 1 ? Double(attempt - 1) / Double(attempts - 1) : 0.5)
    }
    let y = { (share: Double) in top + (Double(height) - top - bottom) * (1 - share) }
    for share in [0, 0.25, 0.5, 0.75, 1] {
      drawing.line("grid", [.init(left, y(share)), .init(Double(width) - right, y(share))])
      if share != 0.25, share != 0.75 {
        drawing.write("\(Int(share * 100))", at: .init(left - 6, y(share) + 3.5), "end", "tick")
      }
    }
    for attempt in 1...max(attempts, 1) {
      drawing.write("\(attempt)", at: .init(x(attempt), Double(height) - 8), "middle", "tick")
    }
    drawing.write(title, at: .init(left, 14), "start", "head")
    for each in series where each.look != "control" {
      let bounds = each.points.enumerated().compactMap { index, point in
        point.interval.map { (x: x(index + 1), interval: $0) }
      }
      if bounds.count > 1 {
        drawing.area(
          "band \(each.look)",
          bounds.map { .init($0.x, y($0.interval.upperBound)) }
            + bounds.reversed().map { .init($0.x, y($0.interval.lowerBound)) })
      }
      for bound in bounds {
        drawing.line(
          "whisker \(each.look)",
          [
            .init(bound.x, y(bound.interval.lowerBound)),
            .init(bound.x, y(bound.interval.upperBound)),
          ])
      }
    }
    for each in series {
      let points = each.points.enumerated().compactMap { index, point in
        point.share.map { Drawing.Point(x(index + 1), y($0)) }
      }
      drawing.line("line \(each.look)", points)
      guard each.look != "control" else { continue }
      for point in points { drawing.add("dot \(each.look)", dot(point)) }
    }
    return drawing
  }

  private static func dot(_ point: Drawing.Point) -> String {
    let radius = 2.6
    let start = Drawing.Point(point.x - radius, point.y)
    return "M\(start.text)a\(radius) \(radius) 0 1 0 \(2 * radius) 0"
      + "a\(radius) \(radius) 0 1 0 \(-2 * radius) 0Z"
  }

  private static func label(_ title: String, _ series: [Series]) -> String {
    let words = series.map { each in
      let shares = each.points.compactMap(\.share).map { "\(Int(($0 * 100).rounded()))" }
      return "\(each.name) \(shares.joined(separator: ", ")) percent"
    }
    return "\(title): right at attempt k or before. \(words.joined(separator: "; "))."
  }
}

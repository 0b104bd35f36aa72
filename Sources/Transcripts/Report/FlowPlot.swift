import Friction

/// What became of right and wrong first answers: ribbons from the first attempt to the last.
enum FlowPlot {
  private static let (width, height) = (230, 150)
  private static let (top, bottom, bar) = (26.0, 18.0, 9.0)

  /// Nil where no line had a second attempt.
  static func drawing(_ title: String, _ flow: Transitions) -> Drawing? {
    let total = flow.tt + flow.ft + flow.ff + flow.tf
    guard total > 0 else { return nil }
    var drawing = Drawing(
      width: width, height: height,
      label:
        "\(title): of \(total) lines with feedback \(flow.tt) stayed right, \(flow.tf) were lost, "
        + "\(flow.ft) recovered, \(flow.ff) stayed wrong.")
    let room = Double(height) - top - bottom - 4
    let size = { (count: Int) in room * Double(count) / Double(total) }
    let gap = 4.0
    let (x0, x1) = (58.0, Double(width) - 58)
    // Right above wrong on both sides; of each, what stays is nearest to the edge.
    let (leftWrong, rightWrong) = (
      top + size(flow.tt + flow.tf) + gap, top + size(flow.tt + flow.ft) + gap
    )
    let ribbons: [(String, Int, Double, Double)] = [
      ("kept", flow.tt, top, top),
      ("lost", flow.tf, top + size(flow.tt), rightWrong),
      ("won", flow.ft, leftWrong, top + size(flow.tt)),
      ("failed", flow.ff, leftWrong + size(flow.ft), rightWrong + size(flow.tf)),
    ]
    for (look, count, from, to) in ribbons where count > 0 {
      drawing.add(
        "ribbon \(look)",
        ribbon(from: .init(x0 + bar, from), to: .init(x1 - bar, to), thickness: size(count)))
      let middle = Drawing.Point(Double(width) / 2, (from + to + size(count)) / 2 + 3.5)
      if size(count) >= 11 { drawing.write("\(count)", at: middle, "middle", "count") }
    }
    for (x, right) in [(x0, flow.tt + flow.tf), (x1 - bar, flow.tt + flow.ft)] {
      drawing.bar("bar good", from: .init(x, top), to: .init(x + bar, top + size(right)))
      let start = top + size(right) + gap
      drawing.bar(
        "bar bad", from: .init(x, start), to: .init(x + bar, start + size(total - right)))
    }
    let rows = [
      ("right", flow.tt + flow.tf, flow.tt + flow.ft, 0.0),
      ("wrong", flow.ft + flow.ff, flow.tf + flow.ff, gap),
    ]
    for (name, before, after, shift) in rows {
      let place = { (count: Int) in
        name == "right" ? top + size(count) / 2 : top + room + shift - size(count) / 2
      }
      if before > 0 {
        drawing.write("\(name) \(before)", at: .init(x0 - 5, place(before) + 3.5), "end", "tick")
      }
      if after > 0 {
        drawing.write("\(after) \(name)", at: .init(x1 + 5, place(after) + 3.5), "start", "tick")
      }
    }
    drawing.write(title, at: .init(4, 14), "start", "head")
    drawing.write("first", at: .init(x0 + bar / 2, Double(height) - 4), "middle", "tick")
    drawing.write("last", at: .init(x1 - bar / 2, Double(height) - 4), "middle", "tick")
    return drawing
  }

  private static func ribbon(
    from: Drawing.Point, to: Drawing.Point, thickness: Double
  ) -> String {
    let middle = (from.x + to.x) / 2
    let curve = { (a: Drawing.Point, b: Drawing.Point) in
      "C\(middle.pixels) \(a.y.pixels) \(middle.pixels) \(b.y.pixels) \(b.text)"
    }
    let (low, high) = (
      Drawing.Point(to.x, to.y + thickness), Drawing.Point(from.x, from.y + thickness)
    )
    return "M\(from.text)" + curve(from, to) + "L\(low.text)" + curve(low, high) + "Z"
  }
}

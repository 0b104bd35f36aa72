import Friction

/// Mean tokens of a session: read anew, read from the cache, written; a bar an arm.
enum CostPlot {
  private static let (width, left, right, top, row) = (480, 170.0, 70.0, 12.0, 24.0)

  /// Nil where no reply recorded its tokens.
  static func drawing(_ rows: [(name: String, row: FrictionReport.Row)]) -> Drawing? {
    let bars = rows.compactMap { each in
      each.row.cost.total.map { tokens in
        let sessions = Double(max(each.row.sessions, 1))
        return (
          name: each.name, anew: Double(tokens.evaluated) / sessions,
          cached: Double(tokens.prompt - tokens.evaluated) / sessions,
          written: Double(tokens.generated) / sessions
        )
      }
    }
    let most = bars.map { $0.anew + $0.cached + $0.written }.max() ?? 0
    guard most > 0 else { return nil }
    let words = bars.map { bar in
      "\(bar.name) \(Int(bar.anew.rounded())) read anew, \(Int(bar.cached.rounded())) from the cache, "
        + "\(Int(bar.written.rounded())) written"
    }
    var drawing = Drawing(
      width: width, height: Int(top) * 2 + Int(row) * bars.count,
      label: "Mean tokens of a session: \(words.joined(separator: "; ")).")
    let scale = (Double(width) - left - right) / most
    for (index, bar) in bars.enumerated() {
      let y = top + row * Double(index)
      drawing.write(bar.name, at: .init(left - 8, y + 14), "end", "tick")
      var x = left
      for (look, count) in [("anew", bar.anew), ("cached", bar.cached), ("written", bar.written)] {
        let end = x + count * scale
        if count > 0 { drawing.bar("bar \(look)", from: .init(x, y + 4), to: .init(end, y + 18)) }
        x = end
      }
      let total = Int((bar.anew + bar.cached + bar.written).rounded())
      drawing.write("\(total)", at: .init(x + 6, y + 14), "start", "tick")
    }
    return drawing
  }
}

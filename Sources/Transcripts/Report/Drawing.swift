/// A plot as shapes and words, by the names that `Templates/drawing.svg.mustache` uses. Looks are
/// classes of `Templates/plots.css.mustache`.
struct Drawing {
  struct Shape {
    var shapeLook: String
    var path: String
  }

  struct Words {
    var wordsLook: String
    var left: String
    var top: String
    /// `start`, `middle` or `end`.
    var anchor: String
    var words: String
  }

  var width: Int
  var height: Int
  /// What a reader hears who does not see it.
  var label: String
  var shapes: [Shape] = []
  var texts: [Words] = []

  init(width: Int, height: Int, label: String) {
    (self.width, self.height, self.label) = (width, height, VisibleText.line(label))
  }

  mutating func add(_ look: String, _ path: String) {
    shapes.append(Shape(shapeLook: look, path: path))
  }

  mutating func line(_ look: String, _ points: [Point]) {
    add(look, Self.path(points))
  }

  mutating func area(_ look: String, _ points: [Point]) {
    add(look, Self.path(points) + "Z")
  }

  mutating func bar(_ look: String, from: Point, to: Point) {
    area(look, [from, Point(to.x, from.y), to, Point(from.x, to.y)])
  }

  mutating func write(_ words: String, at point: Point, _ anchor: String, _ look: String = "") {
    texts.append(
      Words(
        wordsLook: look, left: point.x.pixels, top: point.y.pixels, anchor: anchor,
        words: VisibleText.line(words)))
  }

  struct Point {
    var x: Double
    var y: Double

    init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }

    var text: String { "\(x.pixels) \(y.pixels)" }
  }

  static func path(_ points: [Point]) -> String {
    points.enumerated().map { ($0 == 0 ? "M" : "L") + $1.text }.joined()
  }
}

extension Double {
  /// At most one decimal, which is what an eye can see.
  var pixels: String {
    let tenths = Int((self * 10).rounded())
    let (whole, rest) = (abs(tenths) / 10, abs(tenths) % 10)
    return (tenths < 0 ? "-" : "") + "\(whole)" + (rest > 0 ? ".\(rest)" : "")
  }
}

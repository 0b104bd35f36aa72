/// What a piece of text means. The real screen turns it into colour and weight; the meaning is
/// never in the colour alone.
public enum Ink: Equatable, Sendable, CaseIterable {
  /// A reply's text, and everything ordinary.
  case text
  /// What can be overlooked: numbers, hints, rules.
  case quiet
  /// What a person wrote.
  case person
  /// Who is speaking; headings.
  case heading
  /// Text of a reply that a person typed in place.
  case kept
  /// Text that will go.
  case cut
  /// A heading or strong words within a reply.
  case strong
  case code
  /// What a search found.
  case found
  case added
  case removed
  /// A reply cut short, a note, a rating.
  case mark
  case failure
  /// The row that is chosen.
  case chosen
}

/// A run of text with one meaning.
struct Span: Equatable, Sendable {
  var text: String
  var ink: Ink

  init(_ text: String, _ ink: Ink = .text) {
    self.text = text
    self.ink = ink
  }
}

/// One line of spans.
public struct StyledLine: Equatable, Sendable {
  var spans: [Span]

  init(_ spans: [Span] = []) { self.spans = spans }
  init(_ text: String, _ ink: Ink = .text) { spans = [Span(text, ink)] }

  /// The text alone.
  public var text: String { spans.reduce(into: "") { $0 += $1.text } }
  /// Width in cells.
  var width: Int { spans.reduce(0) { $0 + CellWidth.of(Sanitise.drawn($1.text)) } }

  static func + (left: StyledLine, right: StyledLine) -> StyledLine {
    StyledLine(left.spans + right.spans)
  }

  /// The beginning that fits, with an ellipsis when something is left out.
  func fitted(to columns: Int) -> StyledLine {
    guard width > columns, columns > 0 else { return columns > 0 ? self : StyledLine() }
    var left = columns - CellWidth.of("…")
    var fitted = StyledLine()
    for span in spans {
      var text = ""
      for cluster in Sanitise.drawn(span.text) {
        let width = CellWidth.of(cluster)
        guard width <= left else {
          fitted.spans.append(Span(text + "…", span.ink))
          return fitted
        }
        left -= width
        text.append(cluster)
      }
      fitted.spans.append(Span(text, span.ink))
    }
    fitted.spans.append(Span("…", .quiet))
    return fitted
  }
}

/// Sets spans of running text in rows; white space that hangs over a row's end is left out.
func wrap(_ spans: [Span], columns: Int) -> [StyledLine] {
  var characters: [Character] = []
  var inks: [Ink] = []
  for span in spans {
    characters += Array(span.text)
    inks += Array(repeating: span.ink, count: characters.count - inks.count)
  }
  return wrap(characters, inks, columns: columns)
}

/// The same for characters with an ink each.
func wrap(_ characters: [Character], _ inks: [Ink], columns: Int) -> [StyledLine] {
  let layout = TextLayout(characters, columns: columns)
  return layout.rows.map { row in
    var end = row.upperBound
    let isLast = row.upperBound == characters.count
    while !isLast, end > row.lowerBound, characters[end - 1] == " " { end -= 1 }
    return StyledLine(characters, inks, row.lowerBound..<end)
  }
}

extension StyledLine {
  /// Some of a text's characters, neighbours of one ink in one span.
  init(_ characters: [Character], _ inks: [Ink], _ range: Range<Int>) {
    spans = []
    var start = range.lowerBound
    while start < range.upperBound {
      var end = start + 1
      while end < range.upperBound, inks[end] == inks[start] { end += 1 }
      spans.append(Span(String(characters[start..<end]), inks[start]))
      start = end
    }
  }
}

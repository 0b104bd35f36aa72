import SessionCore

/// The text of one turn set in rows, and what is needed to go on where it grows.
///
/// A reply that is being written is laid out anew from its last lines only: a frame costs what
/// came since the frame before, however long the reply is.
struct LaidText: Equatable, Sendable {
  /// What the rows depend on besides the text.
  struct Look: Equatable, Sendable {
    /// Width of a row in cells.
    var columns: Int
    /// Only what a model wrote is marked up; a person's text is shown as it is.
    var isMarkedUp: Bool
    /// UTF-8 ranges that a person wrote within a reply, in order.
    var byPerson: [Range<Int>] = []
    var search: TextSearch?
  }

  let look: Look
  private(set) var text: String
  private(set) var rows: [StyledLine] = []
  /// Lines of the text (not rows) that were set so far: what tests count work by.
  private(set) var linesSet = 0
  /// Up to where the rows stay as they are when the text grows.
  private var settled = Settled()

  private struct Settled: Equatable {
    var bytes = 0
    var rows = 0
    var markup = Markup()
  }

  init(_ text: String, _ look: Look) {
    self.look = look
    self.text = text
    layOut()
  }

  /// Takes a longer text that begins with this one; any other text is laid out from its start.
  mutating func become(_ text: String) {
    let stays =
      text.utf8.count >= settled.bytes
      && text.utf8.prefix(settled.bytes).elementsEqual(self.text.utf8.prefix(settled.bytes))
    if !stays { settled = Settled() }
    self.text = text
    layOut()
  }

  private mutating func layOut() {
    rows.removeLast(rows.count - settled.rows)
    var place = settled
    let utf8 = text.utf8
    var rest = text[(utf8.index(utf8.startIndex, offsetBy: settled.bytes))...]
    while true {
      let line = rest.prefix { !$0.isNewline }
      // The last two lines stay open: the very last grows, and a CR at the end of the one before
      // may turn out to be half a line's end.
      settled = place
      set(Array(line), at: &place)
      guard line.endIndex < rest.endIndex else { return }
      let next = rest.index(after: line.endIndex)
      place.bytes += utf8.distance(from: line.endIndex, to: next)
      if next == rest.endIndex {
        set([], at: &place)
        return
      }
      rest = rest[next...]
    }
  }

  /// Adds the rows of one line that begins at `place`, and moves `place` to its end.
  private mutating func set(_ line: [Character], at place: inout Settled) {
    var inks =
      look.isMarkedUp ? place.markup.inks(of: line) : [Ink](repeating: .text, count: line.count)
    let start = place.bytes
    let end = line.reduce(start) { $0 + $1.utf8.count }
    color(.kept, look.byPerson.filter { $0.overlaps(start..<end) }, line, start, &inks)
    if let search = look.search {
      let found = search.ranges(in: String(line).utf8)
      color(
        .found, found.map { $0.lowerBound + start..<$0.upperBound + start }, line, start, &inks)
    }
    rows += wrap(line, inks, columns: look.columns)
    linesSet += 1
    place.bytes = end
    place.rows = rows.count
  }

  /// Gives the characters that begin in one of the ranges another ink.
  private func color(
    _ ink: Ink, _ ranges: [Range<Int>], _ line: [Character], _ start: Int, _ inks: inout [Ink]
  ) {
    guard !ranges.isEmpty else { return }
    var offset = start
    var next = ranges[...]
    for (index, character) in line.enumerated() {
      while let range = next.first, range.upperBound <= offset { next.removeFirst() }
      guard let range = next.first else { return }
      if range.contains(offset) { inks[index] = ink }
      offset += character.utf8.count
    }
  }
}

/// Texts that are laid out already, so that the next frame finds them. Only a memory: it changes
/// nothing that is seen, and two states that differ in it alone are equal.
struct LaidTexts: Equatable, Sendable {
  private var texts: [TurnID: LaidText] = [:]
  /// Lines set since the beginning.
  private(set) var linesSet = 0

  /// Most texts that are kept; beyond that all but those of the last frame go.
  static let textsMax = 256

  static func == (left: Self, right: Self) -> Bool { true }

  /// The rows of a turn's text.
  mutating func rows(of turn: TurnID, text: String, _ look: LaidText.Look) -> [StyledLine] {
    if var known = texts[turn], known.look == look {
      guard known.text != text else { return known.rows }
      texts[turn] = nil
      let before = known.linesSet
      known.become(text)
      linesSet += known.linesSet - before
      texts[turn] = known
      return known.rows
    }
    let made = LaidText(text, look)
    linesSet += made.linesSet
    texts[turn] = made
    return made.rows
  }

  /// Forgets all but the turns in view when there are many.
  mutating func keep(_ turns: some Sequence<TurnID>) {
    guard texts.count > Self.textsMax else { return }
    let kept = Set(turns)
    texts = texts.filter { kept.contains($0.key) }
  }
}

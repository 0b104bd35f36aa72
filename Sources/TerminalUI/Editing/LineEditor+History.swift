// History.
extension LineEditor {
  /// What was submitted before, oldest first, and where one stands in it.
  struct History: Equatable, Sendable {
    private(set) var lines: [String]
    fileprivate var place: Int?
    fileprivate var stash = ""

    /// Most lines that are remembered.
    static let linesMax = 1000

    init(_ lines: [String] = []) { self.lines = lines.suffix(Self.linesMax) }

    /// Takes in lines of a session that was read later; they are newer than those of others.
    mutating func begin(with lines: [String]) {
      self.lines = (self.lines + lines).suffix(Self.linesMax)
      place = nil
    }

    mutating func add(_ line: String) {
      place = nil
      guard line.contains(where: { !$0.isWhitespace }), line != lines.last else { return }
      lines.append(line)
      if lines.count > Self.linesMax { lines.removeFirst() }
    }

    /// The newest line before `place` (nil: the end) that holds `query`, and its place.
    func found(_ query: String, before place: Int?) -> (place: Int, line: String)? {
      guard let search = TextSearch(query) else { return nil }
      return lines[..<min(place ?? lines.count, lines.count)].lastIndex { search.isFound(in: $0) }
        .map { ($0, lines[$0]) }
    }
  }

  /// The line before in the history; the text being typed waits at its end.
  mutating func recallOlder() {
    let place = history.place ?? history.lines.count
    guard place > 0 else { return }
    if history.place == nil { history.stash = text }
    history.place = place - 1
    recall(history.lines[place - 1])
  }

  /// The line after in the history, at last the text that was being typed.
  mutating func recallNewer() {
    guard let place = history.place else { return }
    let isLast = place + 1 >= history.lines.count
    history.place = isLast ? nil : place + 1
    recall(isLast ? history.stash : history.lines[place + 1])
  }

  private mutating func recall(_ line: String) {
    let history = history
    set(line)
    self.history = history
  }
}

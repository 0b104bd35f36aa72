import SessionCore

/// What an inline front shows: rows that are printed once and stay in the terminal's own scrollback,
/// and the last rows, which change.
public struct InlinePicture: Equatable, Sendable {
  /// Rows to be printed above the others; none most of the time.
  public var printed: Frame
  /// The last rows, or the whole screen.
  public var screen: Frame
  /// Whether ``screen`` takes the whole screen: pages, editors, and looking back.
  public var isWhole: Bool
  /// Whether what the terminal shows is to be cleared first; ``printed`` then fills it again.
  public var clears = false

  init(printed: Frame, screen: Frame, isWhole: Bool, clears: Bool = false) {
    (self.printed, self.screen, self.isWhole, self.clears) = (printed, screen, isWhole, clears)
  }

  /// What a terminal of so many rows shows, when it showed nothing before.
  public func together(rows: Int) -> Frame {
    guard !isWhole else { return screen }
    let blank = max(0, rows - printed.size.rows - screen.size.rows)
    var all = Frame(size: ScreenSize(columns: screen.size.columns, rows: rows))
    all.copy(printed, to: rows - blank - screen.size.rows - printed.size.rows)
    all.copy(screen, to: rows - blank - screen.size.rows)
    all.cursor = screen.cursor.map {
      Frame.Place(row: $0.row + rows - blank - screen.size.rows, column: $0.column)
    }
    return all
  }

  /// The same in ASCII.
  public var inASCII: InlinePicture {
    InlinePicture(
      printed: printed.inASCII, screen: screen.inASCII, isWhole: isWhole, clears: clears)
  }

  /// The whole screen and nothing else.
  public init(whole screen: Frame) {
    let none = Frame(size: ScreenSize(columns: screen.size.columns, rows: 0))
    self.init(printed: none, screen: screen, isWhole: true)
  }
}

/// Prints the turns of a conversation once each as they are finished, and tells when the
/// conversation goes on from somewhere else. The state is the one that the full screen shows.
public struct InlineScroll: Sendable {
  /// The last turn that is printed; those above it are too.
  private var last: TurnID?
  /// Of the last reply, as far as they are printed.
  private var remarks: [String] = []
  private var size: ScreenSize?

  public init() {}

  /// The next picture; what it prints is not printed again.
  public mutating func picture(of state: ScreenState) -> InlinePicture {
    guard !state.needsWholeScreen else {
      // What happens meanwhile is printed when the last rows are back.
      return InlinePicture(whole: render(state))
    }
    let isResized = size != nil && size != state.size
    size = state.size
    var lines = isResized ? [] : news(of: state)
    if isResized {
      _ = news(of: state)
      lines = end(of: state)
    }
    return InlinePicture(
      printed: Frame(rows: lines, of: state), screen: bottom(of: state), isWhole: false,
      clears: isResized)
  }

  /// What was not printed yet.
  private mutating func news(of state: ScreenState) -> [StyledLine] {
    let path = state.finishedPath
    let before = last
    let known = remarks
    last = path.last
    remarks = state.remarksOnLastReply
    guard last != before else {
      let margin = String(repeating: " ", count: TranscriptPane(state).gutter)
      let new = remarks.filter { !known.contains($0) }.map { StyledLine(margin + $0, .mark) }
      return new.isEmpty ? [] : new + [StyledLine()]
    }
    // An old session: its end fills the screen.
    if before == nil, path.count > state.size.rows { return end(of: state) }
    // The nearest printed turn that the conversation still goes through.
    var shared = before
    while let turn = shared, !state.index.isOnPath(turn) { shared = state.index.parent(of: turn) }
    var lines: [StyledLine] = []
    if shared != before {
      let place = shared.map { "turn \($0)" } ?? "the beginning"
      lines += [StyledLine("back to \(place)", .mark), StyledLine()]
    }
    let first = shared.flatMap { state.index.place(onPath: $0) }.map { $0 + 1 } ?? 0
    var pane = TranscriptPane(state)
    for id in path.dropFirst(first) { lines += pane.block(id).lines }
    return lines
  }

  /// The newest turns that together fill a screen, and how many stand above them.
  private func end(of state: ScreenState) -> [StyledLine] {
    var pane = TranscriptPane(state)
    var blocks: [[StyledLine]] = []
    var rows = 0
    let path = state.finishedPath
    for id in path.reversed() {
      guard rows < state.size.rows else { break }
      blocks.append(pane.block(id).lines)
      rows += blocks[blocks.count - 1].count
    }
    let above = path.count - blocks.count
    let lead =
      above > 0
      ? [StyledLine("\(above) turns above; PgUp shows them", .quiet), StyledLine()] : []
    return lead + blocks.reversed().joined()
  }

  /// The reply that is being written, and what stands below the rule.
  private func bottom(of state: ScreenState) -> Frame {
    let prompt = PromptPane(state: state).body()
    let room = max(0, state.size.rows - prompt.lines.count - 2)
    var lines: [StyledLine] = []
    if state.index.path.isEmpty {
      lines = WelcomePane.lines(columns: state.size.columns) + [StyledLine()]
    } else if let open = state.session.openReply {
      var pane = TranscriptPane(state)
      lines = pane.block(open).lines
    }
    lines = Array(lines.suffix(room))
    lines.append(StatusLine(state: state).line(columns: state.size.columns))
    let first = lines.count
    lines += prompt.lines
    lines.append(HintLine.line(state))
    var frame = Frame(rows: lines, of: state)
    frame.cursor = prompt.caret.map { Frame.Place(row: first + $0.row, column: $0.column) }
    return frame
  }
}

extension Frame {
  /// As many rows as there are lines.
  fileprivate init(rows lines: [StyledLine], of state: ScreenState) {
    self.init(size: ScreenSize(columns: state.size.columns, rows: lines.count))
    for (row, line) in lines.enumerated() { put(line, row: row) }
  }
}

extension TranscriptPane.Block {
  fileprivate var lines: [StyledLine] { (0..<count).map { self[$0] } }
}

extension ScreenState {
  /// Whether there is something to see that the last rows have no room for.
  fileprivate var needsWholeScreen: Bool {
    if page != nil || anchor != nil || !size.isEnough { return true }
    switch mode {
    case .editor, .palette: return true
    case .normal, .insert, .aside: return false
    }
  }

  /// The conversation without the reply that is being written.
  fileprivate var finishedPath: ArraySlice<TurnID> {
    index.path.last == session.openReply ? index.path.dropLast() : index.path[...]
  }

  fileprivate var remarksOnLastReply: [String] {
    session.lastReply.map { TurnLabels(self).remarks(on: $0) } ?? []
  }
}

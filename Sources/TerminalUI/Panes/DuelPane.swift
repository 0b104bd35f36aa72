import SessionCore

/// The page of a duel: the two replies in columns, or one under the other where there is no room
/// for columns.
struct DuelPane {
  /// Columns from which on the replies stand side by side.
  static let sideBySideMin = 80

  private let state: ScreenState
  private let duel: Duel
  private let columns: Int
  private let rows: Int
  /// Both texts in rows.
  private let texts: [[StyledLine]]

  init(_ duel: Duel, _ state: ScreenState) {
    self.duel = duel
    self.state = state
    columns = state.size.columns
    rows = state.bodyRows
    let isStacked = columns < Self.sideBySideMin
    let width = min(
      isStacked ? columns - 2 : (columns - 3) / 2 - 1, TranscriptPane.measureColumnsMax)
    texts = (0..<2).map { Self.text(of: $0, duel, state, columns: width) }
  }

  private var isStacked: Bool { columns < Self.sideBySideMin }
  private var columnWidth: Int { isStacked ? columns : (columns - 3) / 2 }

  /// Rows that each text has: below the title and the letters.
  private var heights: [Int] {
    guard isStacked else { return [max(1, rows - 2), max(1, rows - 2)] }
    let room = max(2, rows - 3)
    return [room - room / 2, room / 2]
  }

  private var longest: Int {
    zip(texts, heights).map { $0.count + rows - $1 }.max() ?? rows
  }

  /// For scrolling: how long it is, and from which row on it is shown.
  var view: (rows: Int, top: Int) {
    let last = max(0, longest - rows)
    return (longest, min(duel.row ?? last, last))
  }

  /// The whole page.
  var lines: [StyledLine] {
    [title] + (isStacked ? stacked : sideBySide)
  }

  private var title: StyledLine {
    let question = duel.replies.first.flatMap { state.session.question(of: $0) }?.text ?? ""
    let oneLine = String(question.prefix(400).map { $0.isNewline || $0 == "\t" ? " " : $0 })
    return StyledLine([Span(" Duel", .heading), Span("  " + oneLine, .person)])
      .fitted(to: columns - 1)
  }

  private var stacked: [StyledLine] {
    (0..<2).flatMap { side in
      [head(side)] + shown(side).map { StyledLine(" ") + $0 }
    }
  }

  private var sideBySide: [StyledLine] {
    let parts = (0..<2).map { [head($0)] + shown($0).map { StyledLine(" ") + $0 } }
    return zip(parts[0], parts[1]).map { left, right in
      let pad = String(repeating: " ", count: max(0, columnWidth - left.width))
      return left + StyledLine(pad + " │ ", .quiet) + right
    }
  }

  /// The rows of one side that are in view, with empty ones below.
  private func shown(_ side: Int) -> [StyledLine] {
    let (text, height) = (texts[side], heights[side])
    let last = max(0, text.count - height)
    let rows = text.dropFirst(min(duel.row ?? last, last)).prefix(height)
    return rows + Array(repeating: StyledLine(), count: height - rows.count)
  }

  private func head(_ side: Int) -> StyledLine {
    var line = StyledLine(" \(Duel.letters[side])", .heading)
    if case .voted(let choice) = duel.stage {
      if let word = Self.word(choice, side) { line = line + StyledLine(" · \(word)", .mark) }
      let words = duel.words(for: side, in: state.session).joined(separator: ", ")
      line = line + StyledLine(" · \(words)", .quiet)
    } else if duel.replies.count <= side {
      line = line + StyledLine(" · comes after A", .quiet)
    } else if state.session.openReply == duel.replies[side] {
      line = line + StyledLine(" · being written", .quiet)
    }
    return line.fitted(to: columnWidth)
  }

  private static func word(_ choice: Vote.Choice, _ side: Int) -> String? {
    switch choice {
    case .a: side == 0 ? "better" : nil
    case .b: side == 1 ? "better" : nil
    case .tie: "a tie"
    case .bothBad: "bad"
    }
  }

  private static func text(
    of side: Int, _ duel: Duel, _ state: ScreenState, columns: Int
  ) -> [StyledLine] {
    guard duel.replies.indices.contains(side), let reply = state.session[duel.replies[side]] else {
      return []
    }
    let text = state.text(of: reply)
    guard !text.isEmpty else { return [StyledLine("…", .quiet)] }
    let look = LaidText.Look(columns: columns, isMarkedUp: true)
    let ending = TurnLabels(state).ending(of: reply)
    return LaidText(text, look).rows
      + (ending.map { wrap([Span($0, .mark)], columns: columns) } ?? [])
  }
}

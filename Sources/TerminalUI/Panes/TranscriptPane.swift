import SessionCore

/// The conversation as it stands, set in rows: one block a turn, only those in view.
struct TranscriptPane {
  let state: ScreenState
  let turns: [Turn]
  private let labels: TurnLabels
  let columns: Int
  let rows: Int

  /// Longest row of running text: longer ones are hard to read on a wide screen.
  static let measureColumnsMax = 96

  /// Rows from which on the end of the conversation is set apart from the rule below it.
  static let spaciousRows = 16

  init(_ state: ScreenState) {
    self.state = state
    turns = state.session.current
    labels = TurnLabels(state.session)
    columns = state.size.columns
    rows = state.bodyRows
  }

  /// Room for a turn's number and two blanks.
  var gutter: Int { max(3, String(state.session.turns.count).count + 1) + 1 }

  private var textColumns: Int { min(columns - gutter - 1, Self.measureColumnsMax) }

  /// Header, text, remarks, and an empty row.
  func block(_ turn: Turn) -> [StyledLine] {
    let number = String(turn.id.description)
    let margin = String(repeating: " ", count: gutter)
    let lead = String(repeating: " ", count: gutter - 2 - number.count) + number + "  "
    let head = StyledLine([Span(lead, .quiet)]) + header(turn)
    var lines = [head.fitted(to: columns - 1)]
    for line in text(turn) { lines.append(StyledLine(margin) + line) }
    for remark in [labels.ending(of: turn)].compactMap(\.self) + labels.remarks(on: turn) {
      for line in wrap([Span(remark, .mark)], columns: textColumns) {
        lines.append(StyledLine(margin) + line)
      }
    }
    return lines + [StyledLine()]
  }

  /// The speaker, and as many details as fit whole, the important ones first.
  private func header(_ turn: Turn) -> StyledLine {
    var details = [labels.attempt(of: turn), labels.origin(of: turn), labels.version(of: turn)]
    if turn.role == .assistant {
      details += labels.cost(of: turn)
      if turn.id == state.session.openReply { details.append("writing") }
    } else {
      details.removeFirst()
    }
    let ink: Ink = turn.role == .assistant ? .heading : .person
    var line = StyledLine(labels.speaker(of: turn), ink)
    for detail in details.compactMap(\.self) {
      let longer = line + StyledLine(" · \(detail)", .quiet)
      guard longer.width <= columns - gutter - 1 else { break }
      line = longer
    }
    return line
  }

  private func text(_ turn: Turn) -> [StyledLine] {
    let whole = state.text(of: turn)
    let isOpen = turn.id == state.session.openReply
    if turn.saysOnlyTryAgain { return [] }
    let text = isOpen ? whole : whole.trimmingSpace(.end)
    guard !text.isEmpty else {
      if isOpen { return [StyledLine("…", .quiet)] }
      return [StyledLine("(empty)", .quiet)]
    }
    return wrap(Self.spans(of: turn, text: text), columns: textColumns)
  }

  /// The text cut where its author changes.
  static func spans(of turn: Turn, text: String) -> [Span] {
    guard turn.spans.contains(where: { $0.writer == .person }) else { return [Span(text, .text)] }
    var spans: [Span] = []
    var rest = Array(text.utf8)[...]
    for part in turn.spans {
      let piece = rest.prefix(part.bytes)
      rest = rest.dropFirst(part.bytes)
      spans.append(
        Span(String(decoding: piece, as: UTF8.self), part.writer == .person ? .kept : .text))
    }
    return spans + [Span(String(decoding: rest, as: UTF8.self), .text)]
  }

  /// The rows in view.
  func lines() -> [StyledLine] {
    guard !turns.isEmpty else { return WelcomePane.lines(columns: columns) }
    let top = state.anchor ?? bottomAnchor
    guard let first = turns.firstIndex(where: { $0.id == top.turn }) else { return [] }
    var lines: [StyledLine] = []
    for turn in turns[first...] {
      lines += block(turn)
      if lines.count >= top.row + rows { break }
    }
    return Array(lines.dropFirst(top.row).prefix(rows))
  }

  /// The anchor that shows the end.
  var bottomAnchor: TranscriptAnchor {
    guard let last = turns.last else { return TranscriptAnchor(turn: TurnID(0), row: 0) }
    // The empty row under the last turn is shown where there is room for it.
    let spare = rows >= Self.spaciousRows ? 0 : 1
    let end = TranscriptAnchor(turn: last.id, row: block(last).count - spare)
    return moved(end, by: -rows)
  }

  /// The anchor so many rows further down (or up), clamped to the conversation.
  func moved(_ anchor: TranscriptAnchor, by delta: Int) -> TranscriptAnchor {
    guard var index = turns.firstIndex(where: { $0.id == anchor.turn }) else { return anchor }
    var row = anchor.row + delta
    while row < 0, index > 0 {
      index -= 1
      row += block(turns[index]).count
    }
    while index < turns.count - 1 {
      let height = block(turns[index]).count
      guard row >= height else { break }
      row -= height
      index += 1
    }
    return TranscriptAnchor(turn: turns[index].id, row: max(row, 0))
  }

  /// Whether nothing lies below the view from `anchor`.
  func reachesEnd(_ anchor: TranscriptAnchor) -> Bool {
    let bottom = bottomAnchor
    return (anchor.turn, anchor.row) >= (bottom.turn, bottom.row)
  }
}

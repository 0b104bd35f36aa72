import SessionCore

/// The conversation as it stands, set in rows: one block a turn, only those in view.
struct TranscriptPane {
  private let state: ScreenState
  private let labels: TurnLabels
  /// What is laid out; taken back into the state, so that the next frame finds it.
  private(set) var laid: LaidTexts
  let columns: Int
  let rows: Int

  /// Longest row of running text: longer ones are hard to read on a wide screen.
  static let measureColumnsMax = 96

  /// Rows from which on the end of the conversation is set apart from the rule below it.
  static let spaciousRows = 16

  init(_ state: ScreenState) {
    self.state = state
    labels = TurnLabels(state)
    laid = state.laid
    columns = state.size.columns
    rows = state.bodyRows
  }

  /// The conversation, first turn to head.
  var path: [TurnID] { state.index.path }

  /// Room for a turn's number and two blanks.
  var gutter: Int { max(3, String(state.index.count).count + 1) + 1 }

  private var textColumns: Int { min(columns - gutter - 1, Self.measureColumnsMax) }

  /// Header, text, remarks, and an empty row.
  struct Block {
    var head: StyledLine
    var text: [StyledLine]
    var remarks: [StyledLine]
    var margin: String

    var count: Int { 1 + text.count + remarks.count + 1 }

    subscript(row: Int) -> StyledLine {
      if row == 0 { return head }
      if row <= text.count { return StyledLine(margin) + text[row - 1] }
      let remark = row - 1 - text.count
      return remark < remarks.count ? StyledLine(margin) + remarks[remark] : StyledLine()
    }
  }

  mutating func block(_ id: TurnID) -> Block {
    guard let turn = state.session[id] else {
      return Block(head: StyledLine(), text: [], remarks: [], margin: "")
    }
    let number = id.description
    let lead = String(repeating: " ", count: gutter - 2 - number.count) + number + "  "
    let head = StyledLine([Span(lead, .quiet)]) + header(turn)
    let remarks = [labels.ending(of: turn)].compactMap(\.self) + labels.remarks(on: turn)
    return Block(
      head: head.fitted(to: columns - 1), text: text(turn),
      remarks: remarks.flatMap { wrap([Span($0, .mark)], columns: textColumns) },
      margin: String(repeating: " ", count: gutter))
  }

  /// The speaker, and as many details as fit whole, the important ones first.
  private func header(_ turn: Turn) -> StyledLine {
    var details = [labels.attempt(of: turn), labels.origin(of: turn), labels.version(of: turn)]
    if turn.role == .assistant {
      details += labels.cost(of: turn)
      details.append(labels.share(of: turn))
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

  private mutating func text(_ turn: Turn) -> [StyledLine] {
    let whole = state.text(of: turn)
    let isOpen = turn.id == state.session.openReply
    if turn.saysOnlyTryAgain { return [] }
    let text = isOpen ? whole : whole.trimmingSpace(.end)
    guard !text.isEmpty else {
      if isOpen { return [StyledLine("…", .quiet)] }
      return [StyledLine("(empty)", .quiet)]
    }
    let look = LaidText.Look(
      columns: textColumns, isMarkedUp: turn.role == .assistant, byPerson: turn.rangesByPerson,
      search: state.search)
    return laid.rows(of: turn.id, text: text, look)
  }

  /// The rows in view.
  mutating func lines() -> [StyledLine] {
    guard !path.isEmpty else { return WelcomePane.lines(columns: columns) }
    let top = state.anchor ?? bottomAnchor()
    guard let first = state.index.place(onPath: top.turn) else { return [] }
    var lines: [StyledLine] = []
    var skipped = top.row
    for id in path[first...] {
      let block = block(id)
      for row in min(skipped, block.count)..<block.count where lines.count < rows {
        lines.append(block[row])
      }
      skipped = max(0, skipped - block.count)
      if lines.count >= rows { break }
    }
    return lines
  }

  /// The turn that a row in view belongs to.
  mutating func turn(atRow row: Int) -> TurnID? {
    guard !path.isEmpty else { return nil }
    let place = moved(state.anchor ?? bottomAnchor(), by: row)
    return place.row < block(place.turn).count ? place.turn : nil
  }

  /// The anchor that shows the end.
  mutating func bottomAnchor() -> TranscriptAnchor {
    guard let last = path.last else { return TranscriptAnchor(turn: TurnID(0), row: 0) }
    // The empty row under the last turn is shown where there is room for it.
    let spare = rows >= Self.spaciousRows ? 0 : 1
    let end = TranscriptAnchor(turn: last, row: block(last).count - spare)
    return moved(end, by: -rows)
  }

  /// The anchor so many rows further down (or up), clamped to the conversation.
  mutating func moved(_ anchor: TranscriptAnchor, by delta: Int) -> TranscriptAnchor {
    guard var place = state.index.place(onPath: anchor.turn) else { return anchor }
    var row = anchor.row + delta
    while row < 0, place > 0 {
      place -= 1
      row += block(path[place]).count
    }
    while place < path.count - 1 {
      let height = block(path[place]).count
      guard row >= height else { break }
      row -= height
      place += 1
    }
    return TranscriptAnchor(turn: path[place], row: max(row, 0))
  }

  /// Whether nothing lies below the view from `anchor`.
  mutating func reachesEnd(_ anchor: TranscriptAnchor) -> Bool {
    let bottom = bottomAnchor()
    guard let place = state.index.place(onPath: anchor.turn),
      let last = state.index.place(onPath: bottom.turn)
    else { return true }
    return (place, anchor.row) >= (last, bottom.row)
  }

  /// The first row of a turn's text that holds what is searched for, counted in its block.
  mutating func foundRow(in id: TurnID) -> Int {
    let block = block(id)
    return block.text.firstIndex { $0.spans.contains { $0.ink == .found } }.map { $0 + 1 } ?? 0
  }
}

extension Turn {
  /// UTF-8 ranges of a reply that a person typed in place.
  var rangesByPerson: [Range<Int>] {
    var start = 0
    return spans.compactMap { span in
      defer { start += span.bytes }
      return span.writer == .person ? start..<(start + span.bytes) : nil
    }
  }
}

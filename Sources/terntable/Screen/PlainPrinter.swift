import Foundation
import SessionCore
import TerminalUI

/// Writes a conversation as plain text to standard output: who speaks, then the words. The same
/// conversation always gives the same bytes, so nothing here tells the time.
struct PlainPrinter {
  /// Standard output takes no more; `code` is the system's `errno`.
  struct Closed: Error {
    var code: Int32

    /// Whether it was the reader who went away.
    var isReaderGone: Bool { code == EPIPE }
  }

  /// Running text is not wrapped: whoever reads it does that.
  private static let unlimited = 1 << 20

  /// How much of the open reply is out, in UTF-8 bytes.
  private var shownBytes = 0
  private var endsWithLineFeed = true

  // MARK: - A conversation that was there already

  /// The conversation as it stands.
  mutating func show(_ session: Session) throws(Closed) {
    try show(session.current, of: session)
  }

  /// Its last question and reply: what stays on a terminal whose screen is gone.
  mutating func showEnd(of session: Session) throws(Closed) {
    guard let reply = session.lastReply else { return }
    let asked = reply.parent.flatMap { session[$0] }
    try show([asked, reply].compactMap(\.self), of: session)
  }

  private mutating func show(_ turns: [Turn], of session: Session) throws(Closed) {
    let labels = TurnLabels(session)
    for turn in turns {
      switch turn.role {
      case .system: try write("system: \(Sanitise.visible(turn.text))\n\n")
      case .user: try echo(line(for: turn))
      case .assistant:
        try writeHeader(of: turn, in: session, labels)
        try write(Sanitise.visible(turn.text))
        try writeEnd(of: turn, labels)
        for remark in labels.remarks(on: turn) { try writeRemark(remark) }
      }
    }
  }

  /// The line a person types to make this turn.
  private func line(for turn: Turn) -> String {
    switch turn.feedback?.kind {
    case .unary where turn.saysOnlyTryAgain: "/try"
    case .critique: "/critique \(turn.text)"
    default: turn.text.hasPrefix("/") ? "/\(turn.text)" : turn.text
    }
  }

  // MARK: - What happens

  /// A line that somebody else typed.
  mutating func echo(_ line: String) throws(Closed) {
    try write("> \(Sanitise.visible(line))\n\n")
  }

  /// - Parameter former: the settings before the entry.
  mutating func show(
    _ entry: Entry, _ state: ScreenState, after former: Settings
  ) throws(Closed) {
    let session = state.session
    switch entry.event {
    case .replyStarted:
      guard let reply = session.openReply.flatMap({ session[$0] }) else { return }
      shownBytes = 0
      if let letter = state.duel?.blindLetter(of: reply.id) {
        try write(letter + ":\n")
      } else {
        try writeHeader(of: reply, in: session, TurnLabels(state))
      }
      try showOpenReply(state)
    case .replyExtended: try showOpenReply(state)
    case .replyFinished, .replyStopped:
      guard let reply = session.head.flatMap({ session[$0] }) else { return }
      try writeRest(of: reply.text)
      try writeEnd(of: reply, TurnLabels(state))
    case .headMoved(let target, _): try writeHead(target, session, TurnLabels(state))
    case .rated(_, nil, _): try writeRemark("no longer rated")
    case .rated(_, let rating?, _): try writeRemark("rated \(TurnLabels.word(for: rating))")
    case .noted(let id, _, _), .judged(let id, _):
      guard let turn = session[id], let last = TurnLabels(state).remarks(on: turn).last else {
        return
      }
      try writeRemark(last)
    case .tagged(_, let tag, let isSet, _):
      try writeRemark(isSet ? "tagged #\(tag)" : "no longer tagged #\(tag)")
    case .bookmarked(_, let isSet, _):
      try writeRemark(isSet ? "bookmarked" : "no longer bookmarked")
    case .voted(let vote):
      for line in [Self.words(for: vote)] + (state.duel?.reveal(in: session) ?? []) {
        try writeRemark(line)
      }
    case .settingsChanged(let change):
      for words in change.words(after: former) { try writeRemark(words) }
    case .promptAdded:
      // A duel tells how far it is in the same place.
      if state.duel == nil, case .told(let words) = state.notice { try writeRemark(words) }
    case .sessionStarted: break
    }
  }

  /// What the person is asked after a duel.
  mutating func askForVote() throws(Closed) {
    try writeRemark("which is better? a, b, tie, both bad; anything else is no vote")
  }

  private static func words(for vote: Vote) -> String {
    switch vote.choice {
    case .a: "A is better"
    case .b: "B is better"
    case .tie: "a tie"
    case .bothBad: "both are bad"
    }
  }

  mutating func showOpenReply(_ state: ScreenState) throws(Closed) {
    if let text = state.openText { try writeRest(of: text) }
  }

  /// A page in full: help, tree, diff or figures.
  mutating func show(
    _ page: ScreenState.Page, _ state: ScreenState, columns: Int
  ) throws(Closed) {
    let lines: [StyledLine] =
      switch page {
      case .help: HelpPane.commands()
      case .tree: TreePane.lines(of: state, columns: columns)
      case .inspect(let inspection, let view):
        InspectPane.report(on: inspection, view, in: state, columns: Self.unlimited)
      case .friction: state.friction.map { FrictionPane.plainLines(for: $0) } ?? []
      case .list(let list, _): ListPane.lines(for: list, columns: columns)
      // A duel is printed as it is written.
      case .duel: []
      case .diff(let id, _): DiffPane.lines(for: id, in: state.session, columns: Self.unlimited)
      }
    let text = lines.map { Sanitise.visible($0.text) + "\n" }.joined()
    try write((text.isEmpty ? "no turns yet\n" : text) + "\n")
  }

  // MARK: - Pieces

  private mutating func writeHeader(
    of reply: Turn, in session: Session, _ labels: TurnLabels
  ) throws(Closed) {
    let number = labels.attemptNumber(of: reply)
    let details = [number > 1 ? "attempt \(number)" : nil, labels.origin(of: reply)]
    let words = [labels.speaker(of: reply)] + details.compactMap(\.self)
    try write(Sanitise.visible(words.joined(separator: " · ")) + ":\n")
  }

  /// What of `text` is not out yet. A cluster may still grow, so bytes are counted, not clusters.
  private mutating func writeRest(of text: String) throws(Closed) {
    let bytes = Array(text.utf8)
    guard bytes.count > shownBytes else { return }
    try write(Sanitise.visible(String(decoding: bytes[shownBytes...], as: UTF8.self)))
    shownBytes = bytes.count
  }

  private mutating func writeEnd(of reply: Turn, _ labels: TurnLabels) throws(Closed) {
    try write(endsWithLineFeed ? "" : "\n")
    if let ending = labels.ending(of: reply) {
      try write("[\(Sanitise.visible(ending))]\n")
    }
    try write("\n")
  }

  private mutating func writeRemark(_ remark: String) throws(Closed) {
    try write("[\(Sanitise.visible(remark))]\n\n")
  }

  private mutating func writeHead(
    _ target: TurnID?, _ session: Session, _ labels: TurnLabels
  ) throws(Closed) {
    guard let turn = target.flatMap({ session[$0] }) else {
      return try write("[at the beginning]\n\n")
    }
    let speaker = labels.speaker(of: turn)
    let line = turn.text.split(whereSeparator: \.isNewline).first.map { "  \($0)" } ?? ""
    try write(Sanitise.visible("[at turn \(turn.id) · \(speaker)]\(line)\n\n"))
  }

  mutating func write(_ text: String) throws(Closed) {
    guard let last = text.utf8.last else { return }
    endsWithLineFeed = last == 0x0A
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw Closed(code: errno) }
      bytes = bytes.dropFirst(written)
    }
  }
}

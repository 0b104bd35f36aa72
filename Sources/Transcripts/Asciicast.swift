import SessionCore
import StrictJSON

/// A session as asciinema plays it: every turn appears at the time it was recorded, replies piece
/// by piece, in the order in which they began, whatever branch they are on.
///
/// asciicast v2: a header line, then a line an event, `[seconds, code, data]`. Codes: `o` output,
/// `m` a marker, here one a reply. Source: docs.asciinema.org/manual/asciicast/v2.
struct Asciicast: SessionExport {
  static let details = FormatDetails(
    .reading, "a recording that asciinema plays, with the session's own timing",
    fileExtension: "cast", source: "docs.asciinema.org/manual/asciicast/v2",
    readers: "asciinema and its player", noPlaceFor: [.recipes],
    check: .lines { AsciicastCheck() }, make: { options in Asciicast(options.screen) })

  /// How long a session stands before the next one begins.
  private static let pauseMilliseconds: Timestamp = 2000

  private let screen: ScreenOptions
  /// Where on the recording's clock the next session begins; nil before the first one.
  private var start: Timestamp?

  init(_ screen: ScreenOptions) { self.screen = screen }

  mutating func add(_ session: Session, to output: inout ExportOutput) {
    var stage = CastStage()
    stage.play(session)
    if start == nil { output.write(header(session)) }
    let begin = start ?? 0
    let clear = start == nil ? "" : "\u{1B}[H\u{1B}[2J\u{1B}[3J"
    for (number, event) in stage.events.enumerated() {
      let data = number == 0 ? clear + event.data : event.data
      output.write(Self.line(begin + event.time, event.code, data))
    }
    output.count(using: session.turns.map(\.id))
    start = begin + (stage.events.last?.time ?? 0) + Self.pauseMilliseconds
  }

  private func header(_ session: Session) -> String {
    var members = [
      JSONMember("version", .integer(2)), JSONMember("width", .integer(screen.columns)),
      JSONMember("height", .integer(screen.rows)),
    ]
    if let first = session.turns.first {
      // Rounded down, before 1970 too.
      let seconds = (first.time - (first.time < 0 ? 999 : 0)) / 1000
      members.append(JSONMember("timestamp", .integer(seconds)))
    }
    if let idleLimitSeconds = screen.idleLimitSeconds {
      members.append(JSONMember("idle_time_limit", .number("\(idleLimitSeconds)")))
    }
    members.append(JSONMember("title", .string(Wording.title(of: session))))
    members.append(JSONMember("env", .object([JSONMember("TERM", .string("xterm-256color"))])))
    return Self.text(.object(members))
  }

  private static func line(_ time: Timestamp, _ code: String, _ data: String) -> String {
    let milliseconds = String(time % 1000)
    let fraction = String(repeating: "0", count: 3 - milliseconds.count) + milliseconds
    return text(.array([.number("\(time / 1000).\(fraction)"), .string(code), .string(data)]))
  }

  private static func text(_ value: JSONValue) -> String {
    var bytes: [UInt8] = []
    value.write(to: &bytes, escapingSeparators: true)
    return String(decoding: bytes, as: UTF8.self) + "\n"
  }
}

/// What appears when, on a clock that starts with the session.
struct CastStage {
  struct Event: Equatable {
    /// Milliseconds; never less than the event's before it.
    var time: Timestamp
    var code: String
    var data: String
  }

  /// How our own words look; nothing else in a recording is an order to the terminal.
  private enum Look: String {
    case heading = "1", quiet = "2", person = "36", edited = "4;36", mark = "35"
  }

  private(set) var events: [Event] = []
  private var origin: Timestamp = 0
  /// Whether the cursor stands at the left margin.
  private var isAtMargin = true

  mutating func play(_ session: Session) {
    let outline = Outline(session)
    origin = session.turns.first?.time ?? 0
    show(styled(Wording.title(of: session), .heading) + "\n", at: origin)
    if session.turns.isEmpty { show("(nothing was said)\n", at: origin) }
    var tip: TurnID?
    for turn in session.turns {
      if turn.replaces == nil, turn.parent != tip {
        let place = turn.parent.map { "turn \($0)" } ?? "the beginning"
        show("\n" + styled("── goes on from \(place) ──", .quiet) + "\n", at: turn.time)
      }
      play(turn, in: session, outline)
      tip = turn.id
    }
  }

  private mutating func play(_ turn: Turn, in session: Session, _ outline: Outline) {
    let title = Wording.title(of: turn, in: outline)
    if turn.role == .assistant { add("m", title, at: turn.time) }
    let origin = Wording.origin(of: turn, in: session)
    let head =
      styled("[\(turn.id)] ", .quiet)
      + styled(title, turn.role == .assistant ? .heading : .person)
      + (origin.isEmpty ? "" : styled(" (\(origin))", .quiet))
    show("\n" + head + "\n", at: turn.time)
    playText(of: turn)
    let end = turn.endTime ?? turn.growth.last?.time ?? turn.time
    if !isAtMargin { show("\n", at: end) }
    let verdict = session.verdicts[turn.id].map {
      "\(Wording.mark(of: $0.outcome)) \(Wording.text(of: $0))"
    }
    let remarks =
      [Wording.ending(of: turn), verdict ?? ""]
      + [session.ratings[turn.id].map(Wording.text(of:)) ?? ""]
      + Wording.votes(on: turn.id, in: session)
      + (session.notes[turn.id] ?? []).map { "note: \(VisibleText.of($0))" }
    for remark in remarks where !remark.isEmpty { show(styled(remark, .mark) + "\n", at: end) }
  }

  /// What a person wrote appears at once, what the model wrote as it came.
  private mutating func playText(of turn: Turn) {
    let bytes = Array(turn.text.utf8)
    var shown = 0
    var previous: Unicode.Scalar?
    func piece(upTo end: Int) -> String {
      // A line break of two bytes comes whole.
      let isSplit = end > shown && end < bytes.count && bytes[end - 1] == UInt8(ascii: "\r")
      let piece = String(
        decoding: bytes[shown..<max(shown, isSplit ? end - 1 : end)], as: UTF8.self)
      let visible = VisibleText.of(piece, after: previous)
      shown += piece.utf8.count
      previous = piece.unicodeScalars.last ?? previous
      return visible
    }
    if turn.role == .assistant {
      for (part, text) in Authorship.parts(of: turn).prefix(while: { $0.part != .model }) {
        let visible = piece(upTo: shown + text.utf8.count)
        show(part == .person ? styled(visible, .edited) : visible, at: turn.time)
      }
    }
    for mark in turn.growth { show(piece(upTo: min(mark.bytes, bytes.count)), at: mark.time) }
    show(piece(upTo: bytes.count), at: turn.growth.last?.time ?? turn.time)
  }

  private func styled(_ text: String, _ look: Look) -> String {
    "\u{1B}[\(look.rawValue)m\(text)\u{1B}[0m"
  }

  private mutating func show(_ text: String, at time: Timestamp) {
    guard !text.isEmpty else { return }
    isAtMargin = text.unicodeScalars.last == "\n"
    add("o", text.replacing("\n", with: "\r\n"), at: time)
  }

  /// A clock that was set back stands still here; what comes at one time is one event.
  private mutating func add(_ code: String, _ data: String, at time: Timestamp) {
    let time = max(time - origin, events.last?.time ?? 0)
    if code == "o", let last = events.last, last.code == "o", last.time == time {
      events[events.count - 1].data += data
    } else {
      events.append(Event(time: time, code: code, data: data))
    }
  }
}

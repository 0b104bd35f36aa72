import SessionCore

/// A recorded session as a script that does the same again: what was asked and said, edited, taken
/// back and gone to, in the recorded order, so that every reply has its place and with it its seed.
///
/// What a script cannot do again is told in ``remarks`` and in the comments above the script.
public struct SessionScript: Sendable {
  /// Something that will not be as it was.
  public enum Remark: Equatable, Sendable {
    /// The reply was stopped or broke off; played, it is drawn to its end.
    case stopped(TurnID)
    /// A token was chosen for the beginning of the reply; played, only its text stands there.
    case chosenToken(TurnID)
    /// The turn got no reply then; played, it gets one at once.
    case unanswered(TurnID)
    /// Another turn than one of the script's was gone to.
    case lostPlace
    /// The model's layers read other activations than it asks for.
    case activations(ActivationPrecision)
  }

  /// YAML, as docs/formats/script.md describes it.
  public let text: String
  public let remarks: [Remark]

  /// - Parameters:
  ///   - name: of the script; characters that no name may have become `-`.
  ///   - comment: lines to stand above it, without their `#`.
  /// - Throws: ``InvalidEntry`` when an entry does not follow from those before it, and
  ///   ``ScriptError`` when what comes of it is no script, such as one that is too long.
  public init(
    _ entries: [Entry], name: String, comment: [String], wording: (Remark) -> String
  ) throws {
    let session = try Session(replaying: entries)
    var writer = SessionScriptWriter(session)
    for entry in entries { try writer.add(entry) }
    writer.end()
    var remarks = writer.remarks
    if session.header.activations != .int8 {
      remarks.append(.activations(session.header.activations))
    }
    self.remarks = remarks
    let told = remarks.isEmpty ? [] : ["Played otherwise than it was:"] + remarks.map(wording)
    let head = (comment + told).map { "# \(Self.line($0))\n" }.joined()
    text = head + Self.settings(session, writer.system, name) + "turns:\n" + writer.items
    // Whoever plays it shall not be the first to find a fault.
    _ = try Script(parsing: Array(text.utf8), file: name)
  }

  private static func settings(_ session: Session, _ system: String?, _ name: String) -> String {
    let header = session.header
    let sampling = header.sampling
    var lines = [
      "terntable: 1", "name: \(plainName(name))", "model: \(YAMLText.quoted(header.model))",
      "seed: \(header.seed)",
      "history: \(header.history == .chat ? "chat" : "single_message")",
      "sampling:", "  temperature: \(sampling.temperature)", "  top_k: \(sampling.topK)",
      "  top_p: \(sampling.topP)", "  min_p: \(sampling.minP)",
      "  repetition_penalty: \(sampling.repetitionPenalty)",
      "  repetition_window: \(sampling.repetitionWindow)", "  max_tokens: \(sampling.maxTokens)",
    ]
    if let system { lines.append("system: \(YAMLText.quoted(ScriptPlaceholders.escaped(system)))") }
    if session.turns.contains(where: \.expectsSomething) {
      // Feedback that was given is given again, also after a right answer.
      lines.append("stop: { on_correct: false }")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func plainName(_ name: String) -> String {
    let plain = name.unicodeScalars.prefix(Script.nameBytesMax).map { scalar in
      Script.isName("_\(scalar)") ? Character(scalar) : "-"
    }
    let name = String(plain.drop { $0 == "-" })
    return Script.isName(name) ? name : "session"
  }

  private static func line(_ text: String) -> String {
    String(text.map { $0.isNewline || $0 == "\0" ? " " : $0 })
  }
}

/// Writes the turns of a script while it goes through a record.
struct SessionScriptWriter {
  /// The whole record, for what an entry alone does not tell.
  private let whole: Session
  /// The record up to where the writer is.
  private var session: Session?
  /// Recorded turn -> its number in the session that the script will make, from 1.
  private var numbers: [TurnID: Int] = [:]
  private var count = 0
  /// A prompt whose reply has not begun.
  private var pending: TurnID?
  /// Prompts without a recorded reply -> the number of the reply that playing gives them.
  private var answers: [TurnID: Int] = [:]

  private(set) var system: String?
  private(set) var items = ""
  private(set) var remarks: [SessionScript.Remark] = []

  init(_ whole: Session) { self.whole = whole }

  mutating func add(_ entry: Entry) throws {
    guard session != nil else {
      session = try Session(startedBy: entry)
      return
    }
    switch entry.event {
    case .promptAdded(let prompt): add(prompt)
    case .replyStarted(let reply): add(reply)
    case .replyStopped(_, _):
      if let id = session?.openReply { remarks.append(.stopped(id)) }
    case .headMoved(let target, let move): add(move, to: target)
    case .rated(let id, let rating?, _) where whole.ratings[id] == rating:
      remark(on: id, "rate: \(Self.word(for: rating))")
    case .noted(let id, let text, .person): remark(on: id, "note: \(Self.quoted(text))")
    case .tagged(let id, let tag, true, _) where whole.tags[id]?.contains(tag) == true:
      remark(on: id, "tag: \(Self.quoted(tag))")
    case .bookmarked(let id, true, _) where whole.bookmarks.contains(id):
      remark(on: id, "bookmark")
    case .sessionStarted, .replyExtended, .replyFinished, .rated, .noted, .tagged, .bookmarked,
      .judged, .voted, .settingsChanged:
      // Replies that were drawn with other settings have them beside them.
      break
    }
    try session?.apply(entry)
  }

  /// Gives a prompt at the very end the reply that playing gives it.
  mutating func end() { settle() }

  // MARK: - What was said

  private var nextID: TurnID { TurnID(session?.turns.count ?? 0) }

  private mutating func number(_ id: TurnID) {
    count += 1
    numbers[id] = count
  }

  /// A prompt got no reply before something else was done.
  private mutating func settle() {
    guard let prompt = pending else { return }
    pending = nil
    count += 1
    answers[prompt] = count
    remarks.append(.unanswered(prompt))
  }

  private mutating func add(_ prompt: PromptAdded) {
    settle()
    let id = nextID
    if let feedback = prompt.origin.feedback {
      let on = feedback.on == session?.lastReply?.id ? nil : feedback.on
      item("\(feedback.kind.rawValue): \(Self.quoted(prompt.text))", on: on, answer(to: id))
    } else if prompt.role == .system, id.position == 0 {
      system = prompt.text
    } else if prompt.parent != session?.head, let old = whole.olderVersion(of: id) {
      item("edit: { text: \(Self.quoted(prompt.text)) }", on: old, answer(to: id))
    } else {
      if prompt.parent != session?.head, let parent = prompt.parent { go(to: parent) }
      let expectation = Self.expectation(prompt.origin)
      item("prompt: \(Self.quoted(prompt.text))" + expectation, answer(to: id))
    }
    number(id)
    if prompt.role == .user { pending = id }
  }

  private mutating func add(_ reply: ReplyStarted) {
    let id = nextID
    switch reply.origin {
    case .asked, .feedback: return
    case .answered:
      if pending == reply.parent {
        pending = nil
      } else if let answer = answers.removeValue(forKey: reply.parent) {
        numbers[id] = answer
        return item("go: \(answer)")
      } else {
        settle()
        item("regenerate", on: reply.parent, id)
      }
    case .resampled(let original):
      settle()
      item("regenerate", on: original == session?.lastReply?.id ? nil : original, id)
    case .continued(let original, _):
      settle()
      if reply.keptTokens != nil { remarks.append(.chosenToken(id)) }
      let on = original == session?.lastReply?.id ? nil : original
      item("edit: { \(edit(reply, of: original)) }", on: on, id)
    }
    number(id)
  }

  /// What to find and what to put in its place, where that gives the same beginning; else the
  /// beginning.
  private func edit(_ reply: ReplyStarted, of original: TurnID) -> String {
    let beginning = "beginning: \(Self.quoted(reply.kept))"
    guard let old = session?[original]?.text, !reply.kept.isEmpty else { return beginning }
    let typed = reply.spans.last.flatMap { $0.writer == .person ? $0.bytes : nil } ?? 0
    let kept = Array(reply.kept.utf8)
    let place = kept.count - typed
    guard let found = FoundText(at: place, in: Array(old.utf8)), kept.starts(with: found.before)
    else { return beginning }
    let new = String(decoding: kept[place...], as: UTF8.self)
    return "find: \(Self.quoted(found.text)), replace: \(Self.quoted(new))"
  }

  private mutating func add(_ move: HeadMove, to target: TurnID?) {
    settle()
    switch (move, target) {
    case (.undo, _): item("undo")
    case (.go, let target?), (.redo, let target?): go(to: target)
    case (.go, nil), (.redo, nil): remarks.append(.lostPlace)
    }
  }

  private mutating func go(to target: TurnID) {
    guard let number = numbers[target] else { return remarks.append(.lostPlace) }
    item("go: \(number)")
  }

  private mutating func remark(on id: TurnID, _ text: String) {
    item(text, on: id == session?.lastReply?.id ? nil : id)
  }

  /// The reply that a prompt got at once.
  private func answer(to prompt: TurnID) -> TurnID? {
    let next = TurnID(prompt.position + 1)
    guard case .answered? = whole[next]?.origin, whole[next]?.parent == prompt else { return nil }
    return next
  }

  /// - Parameters:
  ///   - turn: what it is about, where that is not the last reply.
  ///   - reply: what comes of it.
  private mutating func item(_ text: String, on turn: TurnID? = nil, _ reply: TurnID? = nil) {
    var keys = text.split(separator: "\n").map(String.init)
    if let turn { keys.append("on: \(numbers[turn] ?? turn.position + 1)") }
    if let drawn = reply.flatMap({ whole[$0] }).flatMap({ DrawSettings(of: $0, in: whole) }),
      !drawn.isUsual
    {
      keys.append("with: \(DrawChange.words(for: drawn, over: whole.header.sampling))")
    }
    if keys.count > 1 { keys[0] = Self.keyed(keys[0]) }
    items += "  - " + keys.joined(separator: "\n    ") + "\n"
  }

  /// A word alone has no place for a second key.
  private static func keyed(_ item: String) -> String { item.contains(":") ? item : item + ":" }

  // MARK: - Words

  private static func quoted(_ text: String) -> String {
    YAMLText.quoted(ScriptPlaceholders.escaped(text))
  }

  private static func word(for rating: Rating) -> String {
    switch rating {
    case .up: "good"
    case .down: "bad"
    case .stars(let stars): "\(stars)"
    }
  }

  /// As `expect` beside a prompt.
  private static func expectation(_ origin: Turn.Origin) -> String {
    guard case .asked(let expectation?) = origin else { return "" }
    let quoted = YAMLText.quoted
    let list = { (texts: [String]) in "[\(texts.map(quoted).joined(separator: ", "))]" }
    let words =
      switch expectation {
      case .number(let text): "number: \(quoted(text))"
      case .numberWithin(let text, let tolerance):
        "number: \(quoted(text)), tolerance: \(quoted(tolerance))"
      case .exact(let text): "exact: \(quoted(text))"
      case .regex(let text): "regex: \(quoted(text))"
      case .anyOf(let texts): "any_of: \(list(texts))"
      case .boxed(let text): "boxed: \(quoted(text))"
      case .choice(let text): "choice: \(quoted(text))"
      case .cells(let texts): "cells: \(list(texts))"
      case .task(let key): "task: \(quoted(key))"
      // What was run or asked then needs leave again, and nobody has given it.
      case .command, .judge: ""
      }
    return words.isEmpty ? "" : "\nexpect: { \(words) }"
  }
}

/// A piece of a text that is found first at one place.
private struct FoundText {
  /// Longest piece that is looked for, in UTF-8 bytes.
  private static let bytesMax = 200

  var text: String
  var before: ArraySlice<UInt8>

  /// The shortest whole words at `place` that occur nowhere before it; nil where there are none.
  init?(at place: Int, in bytes: [UInt8]) {
    guard bytes.indices.contains(place) else { return nil }
    before = bytes[..<place]
    for end in place + 1...min(place + Self.bytesMax, bytes.count) {
      let isWhole = end == bytes.count || bytes[end] == 0x20 || bytes[end] == 0x0A
      let piece = bytes[place..<end]
      guard isWhole, piece.contains(where: { $0 > 0x20 }),
        !(0..<place).contains(where: { bytes[$0...].starts(with: piece) })
      else { continue }
      text = String(decoding: piece, as: UTF8.self)
      return
    }
    return nil
  }
}

/// Texts in YAML.
enum YAMLText {
  /// In quotation marks, on one line (YAML 1.2, 7.3.1 and 5.7).
  static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x22: quoted += "\\\""
      case 0x5C: quoted += "\\\\"
      case 0x0A: quoted += "\\n"
      case 0x09: quoted += "\\t"
      case 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD,
        0x10000...:
        quoted.unicodeScalars.append(scalar)
      default:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
    return quoted + "\""
  }
}

extension Turn {
  fileprivate var expectsSomething: Bool {
    if case .asked(.some) = origin { true } else { false }
  }
}

extension Turn.Origin {
  fileprivate var feedback: Feedback? {
    if case .feedback(let feedback) = self { feedback } else { nil }
  }
}

import SessionCore

/// A file for `$EDITOR`: below a head that says what the text is and what becomes of it, the text.
///
///     ---
///     session: 20261123-7f3a
///     turn: 4
///     kind: critique
///     then: the model reads it and tries again
///     # Only what stands below the second line of dashes is taken.
///     ---
///     Count the carry again.
///
/// Messages have no head. When it comes back, a file without a first line of dashes is all text, so
/// that an editor that writes nothing else is understood too. Only `kind` of feedback may be changed.
struct OutsideFile {
  /// What a file says that came back.
  enum Reading: Equatable {
    /// The text, and for feedback its kind.
    case text(String, Feedback.Kind?)
    /// The head cannot be read. The text is what was typed, none of it left out.
    case fault(InputError, text: String)
  }

  private let purpose: OutsideText
  /// Name and value of each line of the head.
  private var fields: [(name: String, value: String)] = []
  private var remarks: [String] = []

  private static let fence = "---"

  init(_ purpose: OutsideText, in state: ScreenState) {
    self.purpose = purpose
    guard let id = purpose.turn(in: state), let turn = state.session[id] else { return }
    fields = [
      ("session", state.session.header.id), ("turn", id.description),
      ("kind", purpose == .critique ? Feedback.Kind.critique.rawValue : turn.kindName),
      ("then", then(turn, state)),
    ]
    remarks = ["Only what stands below the second line of dashes is taken."]
    if hasFreeKind(turn) {
      let kinds = Feedback.Kind.allCases.map(\.rawValue).joined(separator: ", ")
      remarks.append("kind may be one of \(kinds).")
    }
    let about = purpose == .critique ? turn : turn.feedback.flatMap { state.session[$0.on] }
    if let about {
      let lines = Sanitise.visible(about.text).split(
        omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      remarks += ["The reply it is about:"] + lines.map { "> \($0)" }
    }
  }

  /// The file with `text` below the head.
  func holding(_ text: String) -> String {
    guard !fields.isEmpty else { return text }
    let head = fields.map { "\($0.name): \(Self.line($0.value))" } + remarks.map { "# \($0)" }
    return ([Self.fence] + head + [Self.fence, text]).joined(separator: "\n")
  }

  private func hasFreeKind(_ turn: Turn) -> Bool { purpose == .critique || turn.feedback != nil }

  private func then(_ turn: Turn, _ state: ScreenState) -> String {
    if purpose == .critique { return "the model reads it and tries again" }
    let below = TreeView.count(below: turn.id, state.index)
    let stays = below == 0 ? "" : "; what is below it (\(below)) stays on the old one"
    return switch turn.role {
    case .assistant:
      "kept up to the end of your last change; the model goes on from there, on a new branch"
    case .user: "a new branch with your text, which the model answers\(stays)"
    case .system: "a new beginning with your text; ask the first question after it\(stays)"
    }
  }

  // MARK: - Coming back

  func read(_ file: String) -> Reading {
    guard !fields.isEmpty else { return .text(file, nil) }
    let bytes = file.utf8
    var lines: [(text: String, end: String.UTF8View.Index)] = []
    for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      let end = line.endIndex == bytes.endIndex ? line.endIndex : bytes.index(after: line.endIndex)
      lines.append((String(decoding: line, as: UTF8.self), end))
    }
    // Some editors begin every file with a byte order mark.
    if lines[0].text.unicodeScalars.first == "\u{FEFF}" {
      lines[0].text = String(lines[0].text.unicodeScalars.dropFirst())
    }
    guard Self.isFence(lines[0].text) else { return .text(file, nil) }
    let head = lines.dropFirst().prefix { !Self.isFence($0.text) }
    let own = head.filter { !isKnown($0.text) }.map { $0.text + "\n" }.joined()
    guard head.endIndex < lines.endIndex else { return .fault(.endlessHead, text: own) }
    let text = String(decoding: bytes[lines[head.endIndex].end...], as: UTF8.self)
    var kind = purpose == .critique ? Feedback.Kind.critique : nil
    for (number, line) in zip(head.indices, head) {
      switch check(line.text) {
      case .known: break
      case .kind(let chosen): kind = chosen
      case .changed:
        return .fault(.changedHead(line: number + 1, line.text), text: own + text)
      }
    }
    return .text(text, kind)
  }

  private enum Line { case known, changed, kind(Feedback.Kind) }

  /// What a line of the head says.
  private func check(_ line: String) -> Line {
    let line = line.trimmingSpace()
    if line.isEmpty || line.hasPrefix("#") { return .known }
    let name = line.prefix { $0 != ":" }
    let value = String(line.dropFirst(name.count + 1)).trimmingSpace()
    guard let field = fields.first(where: { $0.name == name }) else { return .changed }
    if field.name == "kind", Feedback.Kind(rawValue: field.value) != nil {
      return Feedback.Kind(rawValue: value).map { .kind($0) } ?? .changed
    }
    // What happens is told; saying otherwise changes nothing.
    return field.name == "then" || value == Self.line(field.value) ? .known : .changed
  }

  /// Whether a line belongs to the head whatever it says, and was not typed as text.
  private func isKnown(_ line: String) -> Bool {
    let line = line.trimmingSpace()
    return line.isEmpty || line.hasPrefix("#")
      || fields.contains { line.hasPrefix($0.name + ":") }
  }

  private static func isFence(_ line: String) -> Bool { line.trimmingSpace(.end) == fence }

  /// In one row, with nothing that commands a terminal.
  private static func line(_ text: String) -> String {
    Sanitise.visible(String(text.map { $0.isNewline ? " " : $0 }))
  }
}

extension OutsideText {
  /// The turn it is about.
  fileprivate func turn(in state: ScreenState) -> TurnID? {
    switch self {
    case .message: nil
    case .critique: state.session.lastReply?.id
    case .turn(let id): id
    }
  }
}

extension Turn {
  /// What the head of a file calls it.
  fileprivate var kindName: String {
    switch role {
    case .system: "system prompt"
    case .assistant: "reply"
    case .user: feedback?.kind.rawValue ?? "question"
    }
  }
}

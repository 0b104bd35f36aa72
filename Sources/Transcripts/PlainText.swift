import SessionCore

/// Sessions as plain text without any markup: what is ours begins at the left margin, what
/// somebody else wrote is indented, so no text can pass for a heading.
struct PlainText: SessionExport {
  static let details = FormatDetails(
    .reading, "the whole session as text without any markup", fileExtension: "txt",
    source: "UTF-8", readers: "people", noPlaceFor: [.recipes],
    check: .lines { PlainTextCheck() }, make: { _ in PlainText() })

  private var isFirst = true

  mutating func add(_ session: Session, to output: inout ExportOutput) {
    output.write((isFirst ? "" : "\n\n") + Self.document(session))
    output.count(using: session.turns.map(\.id))
    isFirst = false
  }

  /// One session, ending with a line break.
  static func document(_ session: Session) -> String {
    let outline = Outline(session)
    // An indented title would pass for somebody's text.
    let title = String(Wording.title(of: session).drop { $0 == " " })
    var blocks = [title + "\n" + String(repeating: "=", count: max(3, title.count))]
    blocks.append(facts(of: session))
    blocks.append(underlined("Conversation"))
    blocks += outline.current.isEmpty ? ["(nothing was said)"] : []
    blocks += outline.current.map { turn($0, in: session, outline) }
    for (number, branch) in outline.others.enumerated() {
      blocks.append(underlined("Other branch \(number + 1), \(Wording.start(of: branch))"))
      blocks += branch.turns.map { turn($0, in: session, outline) }
    }
    return blocks.joined(separator: "\n\n") + "\n"
  }

  private static func underlined(_ heading: String) -> String {
    heading + "\n" + String(repeating: "-", count: heading.count)
  }

  private static func facts(of session: Session) -> String {
    let facts = Wording.facts(of: session)
    let width = (facts.map(\.name.count).max() ?? 0) + 2
    return facts.map { name, value in
      name + String(repeating: " ", count: width - name.count) + value
    }.joined(separator: "\n")
  }

  private static func turn(_ turn: Turn, in session: Session, _ outline: Outline) -> String {
    let known = [
      Wording.origin(of: turn, in: session), Wording.ending(of: turn),
      session.verdicts[turn.id].map(Wording.text(of:)) ?? "",
      session.ratings[turn.id].map(Wording.text(of:)) ?? "", Wording.cost(of: turn),
    ]
    let remarks = (known + Wording.votes(on: turn.id, in: session)).filter { !$0.isEmpty }
    var lines = ["[\(turn.id)] \(Wording.title(of: turn, in: outline))"]
    if !remarks.isEmpty { lines.append("(\(remarks.joined(separator: "; ")))") }
    let parts = Authorship.parts(of: turn).filter { !$0.text.isEmpty }
    if parts.isEmpty { lines.append("(no text)") }
    for (part, text) in parts {
      if case .continued(let original, _) = turn.origin {
        lines.append(Wording.authorship(part, of: original, in: session))
      }
      lines.append(indented(text))
    }
    for note in session.notes[turn.id] ?? [] { lines += ["Note:", indented(note)] }
    return lines.joined(separator: "\n")
  }

  /// Every line behind four blanks; an empty one stays empty.
  static func indented(_ text: String) -> String {
    var lines = VisibleText.of(text).unicodeScalars.split(
      separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { $0.isEmpty ? "" : "    " + String($0) }.joined(separator: "\n")
  }
}

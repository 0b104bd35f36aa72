import SessionCore

/// Sessions as Markdown that reads well unrendered: the current conversation, then the other
/// branches.
///
/// What somebody else wrote stands in fenced blocks longer than any run of backticks in it, or
/// with every mark of Markdown escaped; so no reply can break the document, load an image or
/// bring in HTML.
enum Markdown {
  static let details = FormatDetails(
    .reading, "the whole session as text, the current conversation first", fileExtension: "md",
    source: "CommonMark", readers: "people; any Markdown reader",
    noPlaceFor: [.recipes], check: .lines { MarkdownCheck() },
    make: { _ in
      SequentialExport(separator: "\n---\n\n") { blocks($0).joined(separator: "\n\n") + "\n" }
    })

  private static func blocks(_ session: Session) -> [String] {
    let outline = Outline(session)
    var blocks = ["# \(escaped(Wording.title(of: session)))"]
    blocks.append(
      Wording.facts(of: session).map { "- \($0.name): \(escaped($0.value))" }
        .joined(separator: "\n"))
    blocks.append("## Conversation")
    blocks += outline.current.isEmpty ? ["(nothing was said)"] : []
    blocks += outline.current.flatMap { turn($0, in: session, outline) }
    for (number, branch) in outline.others.enumerated() {
      blocks.append("## Other branch \(number + 1), \(Wording.start(of: branch))")
      blocks += branch.turns.flatMap { turn($0, in: session, outline) }
    }
    return blocks
  }

  private static func turn(
    _ turn: Turn, in session: Session, _ outline: Outline
  ) -> [String] {
    var blocks = ["### \(turn.id) · \(Wording.title(of: turn, in: outline))"]
    let remarks =
      [Wording.origin(of: turn, in: session), Wording.ending(of: turn)]
      + [session.verdicts[turn.id].map(Wording.text(of:)) ?? ""]
      + [session.ratings[turn.id].map(Wording.text(of:)) ?? ""]
      + Wording.votes(on: turn.id, in: session)
    let remark = remarks.filter { !$0.isEmpty }.joined(separator: "; ")
    if !remark.isEmpty { blocks.append("*\(escaped(remark))*") }
    let parts = Authorship.parts(of: turn)
    if parts.isEmpty || turn.text.isEmpty { blocks.append("(no text)") }
    for (part, text) in parts where !text.isEmpty {
      if case .continued(let original, _) = turn.origin {
        blocks.append(Wording.authorship(part, of: original, in: session))
      }
      blocks.append(fenced(text))
    }
    for note in session.notes[turn.id] ?? [] {
      blocks += ["Note:", fenced(note)]
    }
    return blocks
  }

  /// A block of plain text.
  static func fenced(_ text: String) -> String {
    let shown = VisibleText.of(text)
    var (longest, run) = (0, 0)
    for scalar in shown.unicodeScalars {
      run = scalar == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: max(3, longest + 1))
    return "\(fence)text\n\(shown)\(shown.unicodeScalars.last == "\n" ? "" : "\n")\(fence)"
  }

  /// One line in which no character means anything to Markdown.
  static func escaped(_ text: String) -> String {
    var escaped = String.UnicodeScalarView()
    for scalar in VisibleText.line(text).unicodeScalars {
      if marks.contains(scalar) { escaped.append("\\") }
      escaped.append(scalar)
    }
    return String(escaped)
  }

  /// What can begin or end an emphasis, a link, a tag, an entity or a code span in the middle of
  /// a line.
  private static let marks = Set("\\`*_[]<>&!~|".unicodeScalars)
}

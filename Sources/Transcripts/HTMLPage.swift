import Friction
import SessionCore

/// What the HTML template prints above the sessions, by the names it uses.
///
/// Mustache looks a name up in what encloses a value when the value lacks it. So nothing here is
/// optional: what may be missing is an empty array.
struct HTMLPage {
  var title: String
  var contents: [Contents]
  /// Of all sessions of a page with several.
  var together: [Metrics]

  /// Links to the sessions of a page with several.
  struct Contents {
    var entries: [Entry]
  }

  /// All that is kept of a session once it is written; so it is kept short.
  struct Entry {
    var target: String
    var entryTitle: String
    /// Many sessions have the same title.
    var entryQuestion: String

    init(_ session: Session, target: String) {
      self.target = target
      entryTitle = shortened(Wording.title(of: session))
      entryQuestion = session.turns.first { $0.role == .user }.map { shortened($0.text) } ?? ""
    }
  }

  struct Fact {
    var name: String
    var value: String
  }

  /// One session.
  struct SessionPart {
    var anchor: String
    var heading: String
    var summary: String
    var facts: [Fact]
    var overview: [Overview]
    var metrics: [Metrics]
    /// The current conversation, then the branches.
    var sections: [Section]

    /// - Parameter friction: what was measured of the session.
    init(_ session: Session, number: Int, _ friction: [FrictionReport.Row]) {
      let outline = Outline(session)
      let anchor = "s\(number)"
      self.anchor = anchor
      heading = Wording.title(of: session)
      summary = Self.summary(session)
      facts = Wording.facts(of: session).map { Fact(name: $0.name, value: $0.value) }
      let changes = Self.changes(in: session)
      let rows = LineRow.rows(of: session, anchor: anchor, changes)
      overview = rows.isEmpty ? [] : [Overview(rows: rows)]
      var sums = Sums()
      sums.add(friction)
      metrics = Metrics.table(of: sums)
      let part = { (turn: Turn) in
        TurnPart(turn, in: session, outline, anchor: anchor, changes[turn.id])
      }
      let current = Section(
        sectionLook: "current", caption: "Conversation", silence: outline.current.isEmpty,
        turns: outline.current.map(part))
      sections =
        [current]
        + outline.others.enumerated().map { order, branch in
          Section(
            sectionLook: "branch", caption: "Branch \(order + 1), \(Wording.start(of: branch))",
            silence: false,
            turns: branch.turns.map(part))
        }
    }

    /// What each attempt changed since the one before it.
    private static func changes(in session: Session) -> [TurnID: WordDiff] {
      var changes: [TurnID: WordDiff] = [:]
      for turn in session.turns where turn.role == .assistant {
        guard let before = session.previousAttempt(of: turn.id) else { continue }
        changes[turn.id] = WordDiff(from: before.text, to: turn.text)
      }
      return changes
    }

    private static func summary(_ session: Session) -> String {
      let attempts = session.turns.count { $0.role == .assistant }
      let feedback = session.turns.count { $0.feedback != nil }
      let edits = session.turns.count { if case .continued = $0.origin { true } else { false } }
      return [(attempts, "attempt"), (feedback, "feedback turn"), (edits, "edit")]
        .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }
        .joined(separator: " · ")
    }
  }

  /// Turns that are read in one go.
  struct Section {
    /// One of the template's classes.
    var sectionLook: String
    var caption: String
    var silence: Bool
    var turns: [TurnPart]
  }

  struct Overview {
    var rows: [LineRow]
  }

  /// A word or two about a turn, in a frame.
  struct Badge {
    var badge: String
    /// One of the template's classes.
    var badgeLook: String

    static func look(of verdict: Verdict?) -> String {
      switch verdict?.outcome {
      case .right: "right"
      case .wrong: "wrong"
      case .noAnswer: "none"
      case nil: "unknown"
      }
    }
  }

  /// The beginning of a text, on one line.
  static func shortened(_ text: String) -> String {
    // Only what can be shown is looked at: a text may have megabytes.
    let line = VisibleText.line(String(text.prefix(61)))
    return line.count <= 60 ? line : String(line.prefix(59)) + "…"
  }
}

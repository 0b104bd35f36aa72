import Friction
import Mustache
import SessionCore

extension HTMLPage {
  /// One turn: who, what, and for a reply what changed and how it was made.
  struct TurnPart {
    /// A run of text from one writer; two of the three are empty.
    struct Piece: MustacheParent {
      var model: [String] = []
      var kept: [String] = []
      var person: [String] = []

      func child(named name: String) -> Any? {
        switch name {
        case "model": model
        case "kept": kept
        case "person": person
        default: nil
        }
      }
    }
    /// What the looks of an edited reply mean.
    struct Legend {
      var original: String
      var editor: String
    }
    /// The changes since the attempt before.
    struct Changes {
      var changesCaption: String
      var previous: String
      var isUnchanged: Bool
      var words: [Word]
    }
    /// A run of unchanged, removed or added words; two of the three are empty.
    struct Word: MustacheParent {
      var same: [String] = []
      var removed: [String] = []
      var added: [String] = []

      /// There are many: asking them is faster than reflection.
      func child(named name: String) -> Any? {
        switch name {
        case "same": same
        case "removed": removed
        case "added": added
        default: nil
        }
      }
    }
    struct Note { var note: String }
    struct RecipePart { var recipeFacts: [Fact] }

    var turnAnchor: String
    var number: String
    /// One of the template's classes.
    var role: String
    var label: String
    var origin: [String]
    var badges: [Badge]
    var pieces: [Piece]
    var isSilent: Bool
    var legend: [Legend]
    var changes: [Changes]
    var notes: [Note]
    var recipe: [RecipePart]

    /// - Parameter diff: what changed since the attempt before; nil for what is no later attempt.
    init(
      _ turn: Turn, in session: Session, _ outline: Outline, anchor: String, _ diff: WordDiff?
    ) {
      turnAnchor = "\(anchor)-t\(turn.id)"
      number = turn.id.description
      role =
        switch turn.origin {
        case .asked: turn.role == .system ? "system" : "question"
        case .feedback: "feedback"
        case .answered, .resampled, .continued: "attempt"
        }
      label = Wording.title(of: turn, in: outline)
      origin = [Wording.origin(of: turn, in: session)].filter { !$0.isEmpty }
      badges = Self.badges(turn, in: session)
      pieces = Authorship.parts(of: turn).map { part, text in
        switch part {
        case .kept: Piece(kept: [text])
        case .person: Piece(person: [text])
        case .model: Piece(model: [text])
        }
      }
      isSilent = turn.text.isEmpty
      legend = []
      if case .continued(let original, _) = turn.origin {
        legend = [
          Legend(original: original.description, editor: Wording.editor(in: session))
        ]
      }
      let before = session.previousAttempt(of: turn.id).flatMap { outline.attemptNumbers[$0.id] }
      changes = diff.map { [Changes($0, since: before ?? 1)] } ?? []
      notes = (session.notes[turn.id] ?? []).map { Note(note: $0) }
      recipe = turn.recipe.map { [RecipePart($0, turn.statistics)] } ?? []
    }

    private static func badges(_ turn: Turn, in session: Session) -> [Badge] {
      var badges: [Badge] = []
      if let verdict = session.verdicts[turn.id] {
        let badge = "\(Wording.mark(of: verdict.outcome)) \(Wording.text(of: verdict))"
        badges.append(Badge(badge: badge, badgeLook: Badge.look(of: verdict)))
      }
      if let rating = session.ratings[turn.id] {
        badges.append(Badge(badge: Wording.text(of: rating), badgeLook: "opinion"))
      }
      badges += Wording.votes(on: turn.id, in: session).map {
        Badge(badge: $0, badgeLook: "opinion")
      }
      let ending = Wording.ending(of: turn)
      if !ending.isEmpty { badges.append(Badge(badge: ending, badgeLook: "cut")) }
      return badges
    }
  }
}

extension HTMLPage.TurnPart.Changes {
  fileprivate init(_ diff: WordDiff, since number: Int) {
    changesCaption =
      diff.isWordByWord
      ? "Changes since attempt \(number)"
      : "Changes since attempt \(number), too many to compare word by word"
    previous = "\(number)"
    isUnchanged = diff.isUnchanged
    words = diff.pieces.map { piece in
      switch piece.change {
      case .same: .init(same: [piece.text])
      case .removed: .init(removed: [piece.text])
      case .added: .init(added: [piece.text])
      }
    }
  }
}

extension HTMLPage.TurnPart.RecipePart {
  fileprivate init(_ recipe: Recipe, _ statistics: ReplyStatistics?) {
    var facts: [(String, String?)] = [
      ("Model", recipe.model.name), ("Model file", recipe.model.digest),
      ("Chat template", recipe.model.templateDigest),
      ("Sampling", Wording.text(of: recipe.sampling)), ("Seed", "\(recipe.seed)"),
      ("History", Wording.text(of: recipe.history)),
      ("Prompt", "\(recipe.promptDigest) (\(recipe.promptTokens) tokens)"),
      ("Kernel", recipe.kernel), ("Program", recipe.application),
    ]
    facts.append(("Generated", statistics.map { "\($0.generatedTokens) tokens" }))
    facts.append(("From cache", statistics.map { "\($0.cachedTokens) tokens of the prompt" }))
    facts.append(
      ("Speed", statistics?.tokensPerSecond.map { "\(Int($0.rounded(.toNearestOrEven))) tokens/s" })
    )
    recipeFacts = facts.compactMap { name, value in
      value.map { HTMLPage.Fact(name: name, value: VisibleText.line($0)) }
    }
  }
}

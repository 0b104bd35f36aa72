import Friction
import SessionCore

/// A session.
struct RunRow {
  let facts: SessionFacts

  private var session: Session { facts.session }
  private var recipe: Recipe? { session.turns.lazy.compactMap(\.recipe).first }
  private var statistics: [ReplyStatistics] { session.turns.compactMap(\.statistics) }

  /// Nil when no reply recorded its tokens.
  private func sum(_ tokens: (ReplyStatistics) -> Int) -> Int? {
    // A record that says more tokens than memory holds bytes must not overflow the sum.
    statistics.isEmpty ? nil : statistics.reduce(0) { $0 &+ tokens($1) }
  }

  static let columns: [Column<RunRow>] =
    [
      .text("session", "the session's id; other tables name it so too") { $0.session.header.id },
      .text("title", "for people") { $0.session.header.title },
      .text("model", "the model as the person named it, or as an import names it") {
        $0.session.header.model
      },
      .text("model_digest", "SHA-256 of the first reply's model file") { $0.recipe?.model.digest },
      .text("template_digest", "SHA-256 of its chat template") {
        $0.recipe?.model.templateDigest
      },
    ] + origin + sampling + counts

  private static let origin: [Column<RunRow>] = [
    .text("script", "the script that was played") { $0.session.header.provenance?.script },
    .text("arm", "the arm of the experiment") { $0.session.header.provenance?.arm },
    .text("problem", "the problem; sessions with equal ones are paired") {
      $0.session.header.provenance?.problem
    },
    .text("replay_of", "the session that was played again") {
      $0.session.header.provenance?.replayOf
    },
    .text("imported_format", "for an import: the format") {
      $0.session.header.provenance?.imported?.format
    },
    .text("imported_file", "for an import: the file's name") {
      $0.session.header.provenance?.imported?.file
    },
    .integer("imported_record", "for an import: which conversation of the file, from 1") {
      $0.session.header.provenance?.imported?.record
    },
    .text("imported_conversation", "for an import: the conversation's name there") {
      $0.session.header.provenance?.imported?.conversation
    },
    .text("application", "program and version that began it") { $0.session.header.application },
  ]

  private static let sampling: [Column<RunRow>] = [
    .text("seed", "where all draws start; a text, because it may be beyond 2^53") {
      String($0.session.header.seed)
    },
    .text("history", "how earlier attempts are shown: `chat` or `single_message`") {
      TableWords.history($0.session.header.history)
    },
    .real("temperature", "0 is greedy") { $0.session.header.sampling.temperature },
    .integer("top_k", "0 keeps all") { $0.session.header.sampling.topK },
    .real("top_p", "1 keeps all") { $0.session.header.sampling.topP },
    .real("min_p", "0 keeps all") { $0.session.header.sampling.minP },
    .real("repetition_penalty", "1 changes nothing") {
      $0.session.header.sampling.repetitionPenalty
    },
    .integer("repetition_window", "tokens the penalty looks at") {
      $0.session.header.sampling.repetitionWindow
    },
    .integer("max_tokens", "of one reply") { $0.session.header.sampling.maxTokens },
  ]

  private static let counts: [Column<RunRow>] = [
    .text("begun", "when the first turn began: RFC 3339, UTC") {
      $0.session.turns.first.flatMap { TimestampText.rfc3339($0.time) }
    },
    .integer("turns", "all turns, on every branch") { $0.session.turns.count },
    .integer("questions", "questions and other messages that are no feedback") {
      $0.session.turns.count {
        if case .asked = $0.origin { $0.role == .user } else { false }
      }
    },
    .integer("attempts", "replies") { $0.session.turns.count { $0.role == .assistant } },
    .integer("feedback_turns", "feedback that is a turn; edits and new draws are attempts") {
      $0.session.turns.count { $0.feedback != nil }
    },
    .integer("judged", "replies with a verdict") { $0.session.verdicts.count },
    .integer("right", "replies judged right") {
      $0.session.verdicts.values.count { $0.outcome == .right }
    },
    .integer("prompt_tokens", "sum over the replies that recorded them") {
      $0.sum(\.promptTokens)
    },
    .integer("cached_tokens", "the part of them that a cache held") { $0.sum(\.cachedTokens) },
    .integer("generated_tokens", "sum over the replies that recorded them") {
      $0.sum(\.generatedTokens)
    },
  ]
}

/// A turn.
struct TurnRow {
  let facts: SessionFacts
  let turn: Turn

  static let columns: [Column<TurnRow>] = [
    .text("session", "the run") { $0.facts.session.header.id },
    .integer("turn", "its number, from 1, as `/go` and `/tree` have it") {
      TableWords.id($0.turn.id)
    },
    .integer("parent", "the turn it stands under") { TableWords.id($0.turn.parent) },
    .text("role", "`system`, `user`, `assistant`") { $0.turn.role.rawValue },
    .text(
      "origin",
      "`system`, `asked`, `unary`, `critique`, `challenge`, `answered`, `resampled`, `continued`"
    ) { TableWords.origin($0.turn) },
    .integer("replaces", "the reply it was drawn again, or edited, from") {
      TableWords.id($0.turn.replaces)
    },
    .truth("on_current", "1 when it is part of the conversation as it stands") {
      $0.facts.current.contains($0.turn.id)
    },
    .text(
      "state",
      "how it ended: `end_of_turn`, `length`, `context_full`, `cancelled`, `interrupted`, `failed`, `open`"
    ) {
      TableWords.state($0.turn)
    },
    .text("time", "when it began: RFC 3339, UTC") { TimestampText.rfc3339($0.turn.time) },
    .integer("bytes", "length of the text in UTF-8") { $0.turn.text.utf8.count },
    .text("rating", "`up`, `down`, or 1 to 5") {
      $0.facts.session.ratings[$0.turn.id].map(TableWords.rating)
    },
    .text("notes", "notes on it, a line each") {
      $0.facts.session.notes[$0.turn.id]?.joined(separator: "\n")
    },
    .text("text", "what was said") { $0.turn.text },
  ]
}

/// A reply.
struct AttemptRow {
  let facts: SessionFacts
  let turn: Turn

  private var session: Session { facts.session }
  private var verdict: Verdict? { session.verdicts[turn.id] }
  private var expectation: (kind: String, text: String)? {
    facts.expectation(for: turn.id).map(TableWords.expectation)
  }
  private var previous: Turn? { facts.previous[turn.id].flatMap { session[$0] } }

  static let columns: [Column<AttemptRow>] = place + outcome + cost + vote

  private static let place: [Column<AttemptRow>] = [
    .text("session", "the run") { $0.session.header.id },
    .integer("turn", "the reply") { TableWords.id($0.turn.id) },
    .text("model", "the run's model") { $0.session.header.model },
    .text("script", "the run's script") { $0.session.header.provenance?.script },
    .text("arm", "the run's arm") { $0.session.header.provenance?.arm },
    .text("problem", "the run's problem") { $0.session.header.provenance?.problem },
    .integer("question", "the turn that asked") { TableWords.id($0.facts.questions[$0.turn.id]) },
    .integer("attempt", "which attempt at the question along its branch, from 1") {
      $0.facts.attemptNumbers[$0.turn.id]
    },
    .integer("previous", "the attempt before") { TableWords.id($0.facts.previous[$0.turn.id]) },
    .text(
      "moved_by",
      "what led here from it: `unary`, `critique`, `challenge`, `edit`, `regenerate`; "
        + "empty for a first attempt"
    ) { FeedbackKind(ledTo: $0.turn, in: $0.session)?.rawValue },
  ]

  private static let outcome: [Column<AttemptRow>] = [
    .text("expects", "the kind of expectation the question has, such as `number`") {
      $0.expectation?.kind
    },
    .text("expected", "what is expected; lists with a line an element") { $0.expectation?.text },
    .text("outcome", "`right`, `wrong`, `no_answer`; empty when nobody judged") {
      $0.verdict.map { TableWords.outcome($0.outcome) }
    },
    .text("answer", "what the checker read out of it") { $0.verdict?.answer },
    .text("checker", "who judged") { $0.verdict?.checker },
    .text("rating", "`up`, `down`, or 1 to 5") {
      $0.session.ratings[$0.turn.id].map(TableWords.rating)
    },
    .text("state", "how it ended, as in turns") { TableWords.state($0.turn) },
    .truth("identical", "1 when its text is, byte for byte, that of the attempt before") { row in
      row.previous.map { $0.text.utf8.elementsEqual(row.turn.text.utf8) }
    },
    .integer("kept_bytes", "for an edit: how long the beginning is that was left standing") {
      if case .continued(_, let bytes) = $0.turn.origin { bytes } else { nil }
    },
    .integer("bytes", "length of the text in UTF-8") { $0.turn.text.utf8.count },
  ]

  private static let cost: [Column<AttemptRow>] = [
    .text("drawn_by", "the model that drew it; empty for an import") { $0.turn.recipe?.model.name },
    .text("seed", "of this reply; a text, because it may be beyond 2^53") {
      $0.turn.recipe.map { String($0.seed) }
    },
    .real("temperature", "0 is greedy") { $0.turn.recipe?.sampling.temperature },
    .text("kernel", "what computed it") { $0.turn.recipe?.kernel },
    .integer("prompt_tokens", "length of the whole prompt") { $0.turn.statistics?.promptTokens },
    .integer("cached_tokens", "the part of it that a cache held") {
      $0.turn.statistics?.cachedTokens
    },
    .integer("generated_tokens", "tokens drawn") { $0.turn.statistics?.generatedTokens },
    .real("prefill_milliseconds", "time for the prompt") {
      $0.turn.statistics?.prefillMilliseconds
    },
    .real("decode_milliseconds", "time for the tokens") { $0.turn.statistics?.decodeMilliseconds },
  ]
}

extension AttemptRow {
  private static let vote: [Column<AttemptRow>] = [
    .text("vote", "of the last vote about it: `better`, `worse`, `tie`, `both_bad`") { row in
      row.session.votes.last { $0.a == row.turn.id || $0.b == row.turn.id }.map { vote in
        vote.winner.map { $0 == row.turn.id ? "better" : "worse" } ?? TableWords.choice(vote)
      }
    }
  ]
}

/// A pair of replies that somebody voted on; of several votes the last.
struct VoteRow {
  let facts: SessionFacts
  let vote: Vote

  private func model(_ reply: TurnID) -> String? {
    facts.session[reply]?.recipe?.model.name
  }

  static let columns: [Column<VoteRow>] = [
    .text("session", "the run") { $0.facts.session.header.id },
    .integer("a", "the reply that was shown as A") { TableWords.id($0.vote.a) },
    .integer("b", "the reply that was shown as B") { TableWords.id($0.vote.b) },
    .text("model", "the run's model") { $0.facts.session.header.model },
    .text("script", "the run's script") { $0.facts.session.header.provenance?.script },
    .text("arm", "the run's arm") { $0.facts.session.header.provenance?.arm },
    .text("problem", "the run's problem") { $0.facts.session.header.provenance?.problem },
    .integer("question", "the turn that asked") { TableWords.id($0.facts.questions[$0.vote.a]) },
    .text("choice", "`a`, `b`, `tie`, `both_bad`") { TableWords.choice($0.vote) },
    .integer("winner", "the reply that was found better") { TableWords.id($0.vote.winner) },
    .integer("loser", "the reply that was found worse") { TableWords.id($0.vote.loser) },
    .text("drawn_by_a", "the model that drew A") { $0.model($0.vote.a) },
    .text("drawn_by_b", "the model that drew B") { $0.model($0.vote.b) },
    .text("author", "`person`, `script`, `template`, `model`, `judge`") {
      TableWords.author($0.vote.author)
    },
    .text("author_model", "for `model`: its name") {
      if case .model(let name) = $0.vote.author { name } else { nil }
    },
  ]
}

/// A feedback turn.
struct FeedbackRow {
  let facts: SessionFacts
  let turn: Turn
  let feedback: Feedback

  private var next: TurnID? { facts.firstReplies[turn.id] }

  static let columns: [Column<FeedbackRow>] = [
    .text("session", "the run") { $0.facts.session.header.id },
    .integer("turn", "the feedback turn") { TableWords.id($0.turn.id) },
    .text("model", "the run's model") { $0.facts.session.header.model },
    .text("script", "the run's script") { $0.facts.session.header.provenance?.script },
    .text("arm", "the run's arm") { $0.facts.session.header.provenance?.arm },
    .text("problem", "the run's problem") { $0.facts.session.header.provenance?.problem },
    .integer("on", "the reply it is about") { TableWords.id($0.feedback.on) },
    .integer("round", "1 for the first feedback on a question") { $0.feedback.round },
    .text("kind", "`unary`, `critique`, `challenge`") { $0.feedback.kind.rawValue },
    .text("author", "`person`, `script`, `template`, `model`, `judge`") {
      TableWords.author($0.feedback.author)
    },
    .text("author_model", "for `model`: its name") {
      if case .model(let name) = $0.feedback.author { name } else { nil }
    },
    .text("judge_intent", "for `judge`") {
      if case .judge(let intent, _) = $0.feedback.author { intent } else { nil }
    },
    .text("judge_knowledge", "for `judge`") {
      if case .judge(_, let knowledge) = $0.feedback.author { knowledge } else { nil }
    },
    .integer("target_from", "first byte of the reply that is meant") {
      $0.feedback.target?.lowerBound
    },
    .integer("target_to", "the byte behind the last one") { $0.feedback.target?.upperBound },
    .truth("used_gold", "1 when its author knew the right answer") { $0.feedback.usedGold },
    .integer("masked", "how many texts were masked in it") { $0.feedback.masked.count },
    .truth("leaked", "1 when the right answer still stood in it; empty when nobody looked") {
      $0.feedback.leaked
    },
    .text("outcome_before", "of the reply it is about") {
      $0.facts.outcome(of: $0.feedback.on)
    },
    .integer("next", "the first reply to it") { TableWords.id($0.next) },
    .text("outcome_after", "of that reply") { $0.facts.outcome(of: $0.next) },
    .text("text", "what was said") { $0.turn.text },
  ]
}

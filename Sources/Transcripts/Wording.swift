import Friction
import SessionCore

/// How the parts of a session are called in transcripts for people.
enum Wording {
  /// `Question`, `Attempt 2`, `Critique`, …
  static func title(of turn: Turn, in outline: Outline) -> String {
    switch turn.origin {
    case .asked: turn.role == .system ? "System prompt" : "Question"
    case .feedback(let feedback):
      switch feedback.kind {
      case .unary: "Try again"
      case .critique: "Critique"
      case .challenge: "Challenge"
      }
    case .answered, .resampled, .continued: "Attempt \(outline.attemptNumbers[turn.id] ?? 1)"
    }
  }

  /// What else there is to say about how a turn came to be; empty for the plain case.
  static func origin(of turn: Turn, in session: Session) -> String {
    [origin(of: turn), drawing(of: turn, in: session)].filter { !$0.isEmpty }
      .joined(separator: "; ")
  }

  /// Who drew a reply and how, where the session began otherwise.
  private static func drawing(of turn: Turn, in session: Session) -> String {
    guard let drawn = DrawSettings(of: turn, in: session) else { return "" }
    let words = [
      drawn.model.map { "by \(VisibleText.line($0))" }, drawn.sampling.map(text(of:)),
      drawn.history.map(text(of:)),
    ]
    return words.compactMap(\.self).joined(separator: ", ")
  }

  private static func origin(of turn: Turn) -> String {
    switch turn.origin {
    case .asked(let expectation): expectation.map { "expects \(text(of: $0))" } ?? ""
    case .answered: ""
    case .resampled(let original): "drawn again instead of turn \(original)"
    case .continued(let original, _):
      turn.keptTokens.map { "branched off turn \(original) at token \($0.identifiers.count)" }
        ?? "edited in place from turn \(original)"
    case .feedback(let feedback):
      (["\(feedback.kind.rawValue) feedback on turn \(feedback.on)", "round \(feedback.round)"]
        + [text(of: feedback.author)] + knowledge(feedback)).joined(separator: ", ")
    }
  }

  /// Why a reply ends where it ends; empty when the model came to the end of its turn.
  static func ending(of turn: Turn) -> String {
    switch turn.state {
    case .complete(.endOfTurn): ""
    case .complete(.length): "cut off at the limit of tokens"
    case .complete(.contextFull): "cut off: the context was full"
    case .open, .stopped(.interrupted): "interrupted"
    case .stopped(.cancelled): "stopped by a person"
    case .stopped(.failed(let code)): "failed: \(VisibleText.line(code))"
    }
  }

  /// An outcome in one character.
  static func mark(of outcome: Verdict.Outcome) -> String {
    switch outcome {
    case .right: "✓"
    case .wrong: "✗"
    case .noAnswer: "∅"
    }
  }

  static func text(of verdict: Verdict) -> String {
    let answer = verdict.answer.map { ": \(VisibleText.line($0))" } ?? ""
    switch verdict.outcome {
    case .right: return "right\(answer)"
    case .wrong: return "wrong\(answer)"
    case .noAnswer: return "no answer"
    }
  }

  static func text(of rating: Rating) -> String {
    switch rating {
    case .up: "rated good"
    case .down: "rated bad"
    case .stars(let stars): "rated \(stars) of 5"
    }
  }

  /// What votes said of a reply, in the order of the votes.
  static func votes(on reply: TurnID, in session: Session) -> [String] {
    session.votes.filter { $0.a == reply || $0.b == reply }.map { vote in
      let other = vote.a == reply ? vote.b : vote.a
      return switch vote.choice {
      case .tie: "voted as good as turn \(other)"
      case .bothBad: "voted bad, and so was turn \(other)"
      case .a, .b: "voted \(vote.winner == reply ? "better" : "worse") than turn \(other)"
      }
    }
  }

  /// How much of the attempt before is left, in words: blanks do not count.
  static func keptShare(_ diff: WordDiff) -> String {
    guard !diff.isUnchanged else { return "the same text" }
    func bytes(_ change: WordDiff.Change) -> Int {
      diff.pieces.filter { $0.change == change }
        .reduce(0) { $0 + $1.text.utf8.count { $0 > 0x20 } }
    }
    let (same, removed) = (bytes(.same), bytes(.removed))
    guard same + removed > 0 else { return "" }
    return "\(same * 100 / (same + removed)) % kept"
  }

  /// Tokens and time of a reply; empty where they are not known.
  static func cost(of turn: Turn) -> String {
    guard let statistics = turn.statistics else { return "" }
    let tokens = statistics.generatedTokens
    return ([tokens == 1 ? "1 token" : "\(tokens) tokens"] + [seconds(statistics)])
      .compactMap(\.self).joined(separator: " in ")
  }

  /// How long a reply took, such as `1.2 s`; nil where nobody measured.
  static func seconds(_ statistics: ReplyStatistics) -> String? {
    guard let decode = statistics.decodeMilliseconds else { return nil }
    let milliseconds = decode + (statistics.prefillMilliseconds ?? 0)
    guard milliseconds >= 0, milliseconds < 1e12 else { return nil }
    let tenths = Int((milliseconds / 100).rounded())
    return tenths == 0 ? "under 0.1 s" : "\(tenths / 10).\(tenths % 10) s"
  }

  /// Above a part of an edited reply.
  static func authorship(
    _ part: Authorship.Part, of original: TurnID, in session: Session
  ) -> String {
    switch part {
    case .kept: "Kept from turn \(original):"
    case .person: "Written by \(editor(in: session)):"
    case .model: "Continued by the model:"
    }
  }

  /// What moved an attempt to the next, in a word or two.
  static func text(of kind: FeedbackKind) -> String {
    switch kind {
    case .unary: "try again"
    case .critique: "critique"
    case .challenge: "challenge"
    case .edit: "edited in place"
    case .regenerate: "drawn again"
    case .mixed: "mixed"
    case .none: ""
    }
  }

  /// How earlier attempts were shown to the model.
  static func text(of history: HistoryStyle) -> String {
    switch history {
    case .chat: "chat turns"
    case .singleMessage: "one message"
    }
  }

  /// Where a branch leaves what was read before it.
  static func start(of branch: Outline.Branch) -> String {
    branch.start.map { "from turn \($0)" } ?? "from the beginning"
  }

  static func text(of sampling: Sampling) -> String {
    var parts = ["temperature \(sampling.temperature)"]
    if sampling.temperature == 0 {
      parts = ["greedy"]
    } else {
      if sampling.topK > 0 { parts.append("top-k \(sampling.topK)") }
      if sampling.topP < 1 { parts.append("top-p \(sampling.topP)") }
      if sampling.minP > 0 { parts.append("min-p \(sampling.minP)") }
    }
    if sampling.repetitionPenalty != 1 {
      parts.append(
        "repetition penalty \(sampling.repetitionPenalty) over \(sampling.repetitionWindow) tokens")
    }
    return (parts + ["at most \(sampling.maxTokens) tokens"]).joined(separator: ", ")
  }

  /// The names of ``facts(of:)``.
  static let factNames = [
    "Model", "Seed", "Sampling", "History", "Begun", "Script", "Arm", "Problem", "Replay of",
    "Program", "Session",
  ]

  /// The session's facts by name, in reading order; unknown ones are left out.
  static func facts(of session: Session) -> [(name: String, value: String)] {
    let header = session.header
    let provenance = header.provenance
    let values: [String?] = [
      header.model, "\(header.seed)", text(of: header.sampling), text(of: header.history),
      session.turns.first.flatMap { UTCTime.text($0.time) }, provenance?.script, provenance?.arm,
      provenance?.problem, provenance?.replayOf, header.application, header.id,
    ]
    return zip(factNames, values).compactMap { name, value in
      value.map { (name, VisibleText.line($0)) }
    }
  }

  /// Whose hand the edits of a session are: spans know only people and models.
  static func editor(in session: Session) -> String {
    guard let provenance = session.header.provenance else { return "a person" }
    if provenance.replayOf != nil { return "a person or the replay" }
    return provenance.script == nil ? "a person" : "the script"
  }

  /// A session without a title goes by its name.
  static func title(of session: Session) -> String {
    let title = VisibleText.line(session.header.title)
    return title.contains { !$0.isWhitespace } ? title : VisibleText.line(session.header.id)
  }

  private static func text(of expectation: Expectation) -> String {
    switch expectation {
    case .number(let number): "the number \(VisibleText.line(number))"
    case .exact(let text): "exactly “\(VisibleText.line(text))”"
    case .regex(let pattern): "a match of “\(VisibleText.line(pattern))”"
    case .numberWithin(let number, let tolerance):
      "the number \(VisibleText.line(number)), give or take \(VisibleText.line(tolerance))"
    case .anyOf(let texts):
      texts.map { "“\(VisibleText.line($0))”" }.joined(separator: " or ")
    case .boxed(let text): "“\(VisibleText.line(text))” in a box"
    case .choice(let letter): "the option \(VisibleText.line(letter))"
    case .cells(let rows): "the rows “\(VisibleText.line(rows.joined(separator: "; ")))”"
    case .task(let key): "the answer of \(VisibleText.line(key))"
    case .command(let command): "what “\(VisibleText.line(command))” accepts"
    case .judge: "what a judge accepts"
    }
  }

  private static func text(of author: Feedback.Author) -> String {
    switch author {
    case .person: "from a person"
    case .script: "from a script"
    case .template: "from a template"
    case .model(let name): "from the model \(VisibleText.line(name))"
    case .judge(let intent, let knowledge):
      "from a judge (\(VisibleText.line(intent)), \(VisibleText.line(knowledge)))"
    }
  }

  private static func knowledge(_ feedback: Feedback) -> [String] {
    var parts: [String] = []
    if feedback.usedGold { parts.append("the right answer was known") }
    if !feedback.masked.isEmpty { parts.append("\(feedback.masked.count) masked") }
    if feedback.leaked == true { parts.append("the right answer leaked") }
    return parts
  }
}

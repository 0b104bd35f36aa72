import Friction
import SessionCore

/// What several tables ask of a session, found in one pass over its turns.
struct SessionFacts {
  let session: Session
  /// Turns of the conversation as it stands.
  let current: Set<TurnID>
  /// For replies: which attempt at their question they are, from 1.
  private(set) var attemptNumbers: [TurnID: Int] = [:]
  /// For replies: the attempt before.
  private(set) var previous: [TurnID: TurnID] = [:]
  /// For replies: the turn that asked.
  private(set) var questions: [TurnID: TurnID] = [:]
  /// For turns of people: the first reply to them.
  private(set) var firstReplies: [TurnID: TurnID] = [:]

  init(_ session: Session) {
    self.session = session
    current = Set(session.current.map(\.id))
    // An attempt comes later in the record than the one before it.
    for turn in session.turns where turn.role == .assistant {
      let before = session.previousAttempt(of: turn.id)?.id
      previous[turn.id] = before
      attemptNumbers[turn.id] = (before.flatMap { attemptNumbers[$0] } ?? 0) + 1
      questions[turn.id] = before.flatMap { questions[$0] } ?? turn.parent
      if let parent = turn.parent, firstReplies[parent] == nil { firstReplies[parent] = turn.id }
    }
  }

  /// What a reply's question expects.
  func expectation(for reply: TurnID) -> Expectation? {
    guard case .asked(let expectation) = questions[reply].flatMap({ session[$0] })?.origin else {
      return nil
    }
    return expectation
  }

  func outcome(of reply: TurnID?) -> String? {
    reply.flatMap { session.verdicts[$0] }.map { TableWords.outcome($0.outcome) }
  }
}

/// How tables spell what has no number: the journal's words where it has some.
enum TableWords {
  static func id(_ turn: TurnID?) -> Int? { turn.map { $0.position + 1 } }

  static func outcome(_ outcome: Verdict.Outcome) -> String {
    switch outcome {
    case .right: "right"
    case .wrong: "wrong"
    case .noAnswer: "no_answer"
    }
  }

  static func state(_ turn: Turn) -> String {
    switch turn.state {
    case .complete(.endOfTurn): "end_of_turn"
    case .complete(.length): "length"
    case .complete(.contextFull): "context_full"
    case .open: "open"
    case .stopped(.cancelled): "cancelled"
    case .stopped(.interrupted): "interrupted"
    case .stopped(.failed): "failed"
    }
  }

  static func origin(_ turn: Turn) -> String {
    switch turn.origin {
    case .asked: turn.role == .system ? "system" : "asked"
    case .feedback(let feedback): feedback.kind.rawValue
    case .answered: "answered"
    case .resampled: "resampled"
    case .continued: "continued"
    }
  }

  static func rating(_ rating: Rating) -> String {
    switch rating {
    case .up: "up"
    case .down: "down"
    case .stars(let stars): String(stars)
    }
  }

  static func choice(_ vote: Vote) -> String {
    switch vote.choice {
    case .a: "a"
    case .b: "b"
    case .tie: "tie"
    case .bothBad: "both_bad"
    }
  }

  static func history(_ style: HistoryStyle) -> String {
    switch style {
    case .chat: "chat"
    case .singleMessage: "single_message"
    }
  }

  static func author(_ author: Feedback.Author) -> String {
    switch author {
    case .person: "person"
    case .script: "script"
    case .template: "template"
    case .model: "model"
    case .judge: "judge"
    }
  }

  /// The kind of an expectation, and what it holds; lists with a line an element.
  static func expectation(_ expectation: Expectation) -> (kind: String, text: String) {
    switch expectation {
    case .number(let number): ("number", number)
    case .exact(let text): ("exact", text)
    case .regex(let pattern): ("regex", pattern)
    case .numberWithin(let number, let tolerance): ("number_within", "\(number) ± \(tolerance)")
    case .anyOf(let texts): ("any_of", texts.joined(separator: "\n"))
    case .boxed(let text): ("boxed", text)
    case .choice(let letter): ("choice", letter)
    case .cells(let rows): ("cells", rows.joined(separator: "\n"))
    case .task(let key): ("task", key)
    case .command(let command): ("command", command)
    case .judge(let question, let reference): ("judge", reference ?? question)
    }
  }
}

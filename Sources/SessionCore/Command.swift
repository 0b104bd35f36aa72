/// What somebody wants done to a session. `decide` says what comes of it.
public enum Command: Equatable, Sendable {
  /// Sets the system prompt; only before the first question.
  case instruct(String)
  /// A question or any other message.
  case ask(String, expecting: Expectation? = nil)
  /// Feedback on a reply (nil: the last one), with the text the model will read.
  case giveFeedback(
    Feedback.Kind, String, author: Feedback.Author = .person, on: TurnID? = nil,
    grounds: Feedback.Grounds = Feedback.Grounds())
  /// Another reply to the same prompt, under a fresh seed. If the head is still unanswered (the
  /// program ended too early), the first reply to it.
  case regenerate(TurnID? = nil)
  /// Goes on from a person's version of a turn (nil: the last reply): a reply is continued in
  /// place, a question or feedback is said anew on a branch of its own.
  case edit(InPlaceEdit, of: TurnID? = nil)
  case undo
  case redo
  case go(TurnID)
  /// Nil takes the rating back.
  case rate(Rating?, of: TurnID? = nil, author: Feedback.Author = .person)
  case note(String, on: TurnID? = nil, author: Feedback.Author = .person)
  /// Puts a word on a turn (nil: the last reply), or takes it off again.
  case tag(String, on: TurnID? = nil, isSet: Bool = true, author: Feedback.Author = .person)
  case bookmark(TurnID? = nil, isSet: Bool = true, author: Feedback.Author = .person)
  case judge(TurnID, Verdict)
  /// Says which of two replies is better; the conversation goes on from the winner.
  case vote(Vote)
  /// What the next replies are drawn with, and how feedback is worded.
  case set(SettingsChange)

  /// Whether it only says something about a turn, which is allowed while a reply is written.
  public var isRemark: Bool {
    switch self {
    case .rate, .note, .tag, .bookmark, .judge: true
    case .instruct, .ask, .giveFeedback, .regenerate, .edit, .undo, .redo, .go, .vote, .set: false
    }
  }
}

/// What comes of a command: events to record, and perhaps a reply to ask the model for.
public struct Decision: Equatable, Sendable {
  public var events: [Event] = []
  public var order: ReplyOrder?
}

/// A reply that shall be drawn.
public struct ReplyOrder: Equatable, Sendable {
  public var parent: TurnID
  public var origin: Turn.Origin
  /// The beginning that already stands (in place), else empty.
  public var kept: String = ""
  public var spans: [AuthoredSpan] = []
  /// The end of `kept` in tokens, where one of them was chosen.
  public var keptTokens: KeptTokens?
  /// Made from the session's seed and the reply's place in the record, so that a script gives
  /// the same text on every run and two attempts never share a generator.
  public var seed: UInt64

  public init(
    parent: TurnID, origin: Turn.Origin, kept: String = "", spans: [AuthoredSpan] = [],
    keptTokens: KeptTokens? = nil, seed: UInt64
  ) {
    self.parent = parent
    self.origin = origin
    self.kept = kept
    self.spans = spans
    self.keptTokens = keptTokens
    self.seed = seed
  }

  /// The draw of ``SplitMix64`` that belongs to a reply's place in its session.
  public static func seed(of reply: TurnID, sessionSeed: UInt64) -> UInt64 {
    let place = UInt64(reply.position)
    var chance = SplitMix64(seed: sessionSeed &+ place &* SplitMix64.step)
    return chance.next()
  }
}

/// A command that cannot be carried out, and that the person can mend.
public enum Refusal: Error, Equatable, Sendable {
  case emptyText
  case replyInProgress
  /// There is no reply yet to give feedback on, edit, rate or draw again.
  case noReply
  case unknownTurn(TurnID)
  case notAReply(TurnID)
  /// An edit's OLD text does not occur in the reply.
  case textNotFound(String)
  case editChangesNothing
  case nothingToUndo
  case nothingToRedo
  /// A tag is one word of ``Tag/charactersMax`` characters at most, and not empty.
  case badTag(String)
  case ratingOutOfRange(Int)
  /// There is no rating to take back.
  case noRating
  /// Only two replies to one question can be voted on.
  case notComparable(TurnID, TurnID)
  /// The system prompt comes before the first question or not at all.
  case tooLateForInstruction
  /// A wording says nothing, or a critique's has no place for what the person says.
  case badWording
}

/// What a word on a turn may look like.
public enum Tag {
  /// Most characters of a tag.
  public static let charactersMax = 40

  /// The tag without white space around it and without a leading `#`; nil when it is none.
  public static func named(_ text: String) -> String? {
    var word = text.split(whereSeparator: \.isWhitespace)
    guard word.count == 1, let only = word.popLast() else { return nil }
    let name = only.drop { $0 == "#" }
    return name.isEmpty || name.count > charactersMax ? nil : String(name)
  }
}

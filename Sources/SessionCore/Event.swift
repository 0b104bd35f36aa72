/// What happened: the only truth of a session. Everything else is a fold over these.
public enum Event: Equatable, Sendable {
  /// Always first, and only first.
  case sessionStarted(SessionHeader)
  /// A system prompt, a question or feedback. The new turn becomes the head.
  case promptAdded(PromptAdded)
  /// The model begins a reply. The new turn becomes the head and the open reply.
  case replyStarted(ReplyStarted)
  /// The open reply grew.
  case replyExtended(text: String, tokens: [Int32])
  /// The model came to an end; what an imported reply cost is not known.
  case replyFinished(ReplyEnd, ReplyStatistics?)
  /// Somebody or something else ended the reply; its text stays.
  case replyStopped(StopCause, ReplyStatistics?)
  /// The conversation goes on from another turn (nil: before the first).
  case headMoved(to: TurnID?, HeadMove)
  /// Nil takes the rating back.
  case rated(TurnID, Rating?, author: Feedback.Author)
  case noted(TurnID, String, author: Feedback.Author)
  /// A word was put on a turn, or taken off it again.
  case tagged(TurnID, String, isSet: Bool, author: Feedback.Author)
  case bookmarked(TurnID, isSet: Bool, author: Feedback.Author)
  case judged(TurnID, Verdict)
  /// Two replies were compared.
  case voted(Vote)
  /// The next replies are drawn, or feedback is worded, otherwise than before.
  case settingsChanged(SettingsChange)
}

/// Why the head moved.
public enum HeadMove: String, Sendable {
  /// The last operation is taken back.
  case undo
  /// A person or a script chose the turn.
  case go
  /// What was taken back last stands again.
  case redo
}

/// An event with its place and time in the record.
public struct Entry: Equatable, Sendable {
  /// 1 for the first; no gaps.
  public var sequence: Int
  public var time: Timestamp
  public var event: Event

  public init(sequence: Int, time: Timestamp, event: Event) {
    self.sequence = sequence
    self.time = time
    self.event = event
  }
}

/// What a session is, said once at its start.
public struct SessionHeader: Equatable, Sendable {
  /// A name no other session has.
  public var id: String
  public var title: String
  /// Every reply's seed is derived from this one and the reply's place; see ``ReplyOrder``.
  public var seed: UInt64
  public var sampling: Sampling
  public var history: HistoryStyle
  /// The model as the person named it, such as `tutor`.
  public var model: String
  public var activations: ActivationPrecision
  /// Program name and version.
  public var application: String
  public var provenance: Provenance?

  public init(
    id: String, title: String, seed: UInt64, sampling: Sampling, history: HistoryStyle = .chat,
    model: String, activations: ActivationPrecision = .int8, application: String,
    provenance: Provenance? = nil
  ) {
    self.id = id
    self.title = title
    self.seed = seed
    self.sampling = sampling
    self.history = history
    self.model = model
    self.activations = activations
    self.application = application
    self.provenance = provenance
  }
}

/// Where a scripted, replayed or imported session comes from. Reports group by these.
public struct Provenance: Equatable, Sendable {
  /// The script's or experiment's own name.
  public var script: String?
  /// The arm of the experiment, such as `unary`.
  public var arm: String?
  /// The problem within the script; sessions with equal problems are paired.
  public var problem: String?
  /// The kind of problem, such as `multiplication`; reports have a row for each.
  public var family: String?
  /// The family's own word for how hard it is, such as `3x2`.
  public var difficulty: String?
  /// ``SessionHeader/id`` of the session that was played again.
  public var replayOf: String?
  /// Set when the session begins with turns of another one.
  public var forkedFrom: ForkOrigin?
  /// Set when the conversation was not held here.
  public var imported: ImportOrigin?

  public init(
    script: String? = nil, arm: String? = nil, problem: String? = nil, family: String? = nil,
    difficulty: String? = nil, replayOf: String? = nil, forkedFrom: ForkOrigin? = nil,
    imported: ImportOrigin? = nil
  ) {
    self.script = script
    self.arm = arm
    self.problem = problem
    self.family = family
    self.difficulty = difficulty
    self.replayOf = replayOf
    self.forkedFrom = forkedFrom
    self.imported = imported
  }
}

/// Where a session forked off another one.
public struct ForkOrigin: Equatable, Sendable {
  /// ``SessionHeader/id`` of the session it comes from.
  public var session: String
  /// The turn of that session after which the two go their own ways.
  public var turn: TurnID

  public init(session: String, turn: TurnID) {
    self.session = session
    self.turn = turn
  }
}

/// Where a conversation was read from.
public struct ImportOrigin: Equatable, Sendable {
  /// The format's name, such as `sharegpt`.
  public var format: String
  /// The file's name, without the folders that lead to it.
  public var file: String
  /// Which conversation of the file it is, from 1.
  public var record: Int
  /// The name the conversation has in the file.
  public var conversation: String?
  /// Messages that have no place in a session and were left out.
  public var dropped: Int

  public init(
    format: String, file: String, record: Int, conversation: String? = nil, dropped: Int = 0
  ) {
    self.format = format
    self.file = file
    self.record = record
    self.conversation = conversation
    self.dropped = dropped
  }
}

/// A turn that a person or a script wrote.
public struct PromptAdded: Equatable, Sendable {
  public var parent: TurnID?
  public var role: Role
  /// `asked` or `feedback`.
  public var origin: Turn.Origin
  public var text: String

  public init(parent: TurnID?, role: Role, origin: Turn.Origin, text: String) {
    self.parent = parent
    self.role = role
    self.origin = origin
    self.text = text
  }
}

/// The beginning of a reply.
public struct ReplyStarted: Equatable, Sendable {
  public var parent: TurnID
  /// `answered`, `resampled` or `continued`.
  public var origin: Turn.Origin
  /// The beginning a person left standing in an in-place edit, else empty.
  public var kept: String
  /// Who wrote which bytes of `kept`.
  public var spans: [AuthoredSpan]
  /// The end of `kept` in tokens, where one of them was chosen.
  public var keptTokens: KeptTokens?
  /// Nil for a reply that was imported: nobody knows how it was drawn.
  public var recipe: Recipe?

  public init(
    parent: TurnID, origin: Turn.Origin, kept: String = "", spans: [AuthoredSpan] = [],
    keptTokens: KeptTokens? = nil, recipe: Recipe?
  ) {
    self.parent = parent
    self.origin = origin
    self.kept = kept
    self.spans = spans
    self.keptTokens = keptTokens
    self.recipe = recipe
  }
}

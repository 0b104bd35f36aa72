/// The position of a turn in ``Session/turns``. Never reused, never reordered.
public struct TurnID: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Zero-based index into ``Session/turns``.
  public let position: Int

  /// A turn's name from its position.
  public init(_ position: Int) { self.position = position }

  /// What a person types and sees: the position, counted from 1.
  public var description: String { String(position + 1) }

  /// Earlier turns come first.
  public static func < (left: TurnID, right: TurnID) -> Bool { left.position < right.position }
}

/// Who speaks in a turn, as chat templates name it.
public enum Role: String, Sendable, CaseIterable {
  case system, user, assistant
}

/// One message of the tree. An attempt is an assistant turn.
public struct Turn: Equatable, Sendable {
  /// How a turn came to be.
  public enum Origin: Equatable, Sendable {
    /// A person or a script typed it; it starts a question (or is the system prompt).
    case asked(Expectation?)
    /// A user turn under the reply it is about.
    case feedback(Feedback)
    /// The first reply to its parent.
    case answered
    /// A sibling drawn again from the same prompt, with no new text (*regenerate*).
    case resampled(of: TurnID)
    /// A sibling whose beginning is a person's edit of an earlier reply, and whose rest the
    /// model wrote (*in place*). `keptBytes` is the UTF-8 length of the beginning.
    case continued(editOf: TurnID, keptBytes: Int)
  }

  /// Whether the text is whole.
  public enum State: Equatable, Sendable {
    case complete(ReplyEnd)
    /// The model is writing, or was when the record ends (shown as *interrupted* then).
    case open
    case stopped(StopCause)
  }

  public let id: TurnID
  public let parent: TurnID?
  public let role: Role
  public let origin: Origin
  public internal(set) var text: String
  public internal(set) var state: State
  /// Who wrote which bytes of `text`, in order; empty means the role's natural author.
  public internal(set) var spans: [AuthoredSpan]
  /// Token identifiers of the part the model wrote. Evidence for exact replay; never interpreted
  /// here.
  public internal(set) var tokens: [Int32]
  /// The tokens that the end of the kept beginning consists of, where somebody chose one of them;
  /// the model read these and no others. Nil where the beginning is only known as text.
  public internal(set) var keptTokens: KeptTokens? = nil
  /// All that is needed to draw this reply again; nil for turns that no model wrote here.
  public internal(set) var recipe: Recipe?
  public internal(set) var statistics: ReplyStatistics?
  /// Milliseconds since 1970-01-01T00:00:00Z at which the turn began.
  public let time: Timestamp
  /// When the model's text came: an entry a recorded piece. Empty for typed turns.
  public internal(set) var growth: [TextGrowth] = []
  /// When the reply ended; nil while it is open, and for typed turns.
  public internal(set) var endTime: Timestamp?

  /// The feedback this turn carries, when it is a feedback turn.
  public var feedback: Feedback? {
    if case .feedback(let feedback) = origin { feedback } else { nil }
  }

  /// The reply that this reply tries to better without a new user turn.
  public var replaces: TurnID? {
    switch origin {
    case .resampled(let original), .continued(let original, _): original
    case .asked, .feedback, .answered: nil
    }
  }
}

/// A run of UTF-8 bytes with one author.
public struct AuthoredSpan: Equatable, Sendable {
  /// Who wrote a run of text.
  public enum Writer: String, Sendable { case person, model }
  public var writer: Writer
  /// Length in UTF-8 bytes.
  public var bytes: Int

  public init(_ writer: Writer, bytes: Int) {
    self.writer = writer
    self.bytes = bytes
  }
}

/// The end of a reply's kept beginning in tokens: what the model had drawn up to a place, and last
/// the token that somebody chose there instead of the drawn one.
public struct KeptTokens: Equatable, Sendable {
  /// UTF-8 byte of the kept text at which they begin; what comes before it is only known as text.
  public var start: Int
  public var identifiers: [Int32]

  public init(start: Int, identifiers: [Int32]) {
    self.start = start
    self.identifiers = identifiers
  }
}

/// How long the text of a reply had become when a piece of it was recorded.
public struct TextGrowth: Equatable, Sendable {
  public var time: Timestamp
  /// Length of the text in UTF-8 bytes, with the piece.
  public var bytes: Int
  /// Tokens drawn until then.
  public var tokens: Int

  public init(time: Timestamp, bytes: Int, tokens: Int) {
    self.time = time
    self.bytes = bytes
    self.tokens = tokens
  }
}

/// Milliseconds since 1970-01-01T00:00:00Z.
public typealias Timestamp = Int64

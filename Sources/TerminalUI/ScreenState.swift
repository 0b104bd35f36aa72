import SessionCore

/// Everything the two fronts show, as one value. `reduce` alone changes it.
public struct ScreenState: Equatable, Sendable {
  public internal(set) var session: Session
  /// Text of the open reply that is not in the record yet.
  public internal(set) var draft = ""
  public internal(set) var model: ModelFacts
  public internal(set) var size: ScreenSize
  var mode: Mode = .insert
  /// The message being typed; it waits here while something else is typed.
  var prompt = LineEditor()
  /// What lies over the conversation, if anything does.
  public internal(set) var page: Page?
  /// The uppermost row in view; nil follows the end of the conversation.
  var anchor: TranscriptAnchor?
  public internal(set) var notice: Notice?
  public internal(set) var work = Work()
  public internal(set) var lastInterrupt: Timestamp?
  /// Time of the newest entry: what the speed of an open reply is counted by.
  public internal(set) var lastEntry: Timestamp?
  var keymap = Keymap.standard
  /// False in the plain front: no cursor, no keys.
  public internal(set) var hasScreen: Bool

  public init(
    session: Session, model: ModelFacts, size: ScreenSize, hasScreen: Bool = true
  ) {
    self.session = session
    self.model = model
    self.size = size
    self.hasScreen = hasScreen
    // A session that goes on remembers what was asked in it.
    prompt = LineEditor(history: LineEditor.History(session.turns.compactMap(\.asked)))
  }

  /// What the status line says about the model.
  public struct ModelFacts: Equatable, Sendable {
    public var name: String
    /// Most tokens the model reads; nil when unknown.
    public var contextTokensMax: Int?

    public init(name: String, contextTokensMax: Int?) {
      self.name = name
      self.contextTokensMax = contextTokensMax
    }
  }

  /// What the keys mean.
  enum Mode: Equatable, Sendable {
    /// Single keys give feedback and move about.
    case normal
    /// The prompt line.
    case insert
    /// One line about the last reply; single keys work again afterwards.
    case aside(Aside, LineEditor)
    /// A reply under the cursor.
    case editor(ReplyEdit)
  }

  /// What a line beside the prompt is for.
  enum Aside: Equatable, Sendable { case critique, note }

  /// A reply that is being edited in place.
  struct ReplyEdit: Equatable, Sendable {
    var turn: TurnID
    var original: String
    var editor: LineEditor
    /// Whether single keys worked before.
    var fromNormal: Bool
  }

  /// What lies over the conversation.
  public enum Page: Equatable, Sendable {
    /// With the uppermost row in view.
    case help(row: Int)
    case diff(TurnID, row: Int)
    case tree(chosen: TurnID?)
  }

  /// One line that says what happened, until the next key.
  public enum Notice: Equatable, Sendable {
    case told(String)
    case failed(String)
  }

  /// What is under way.
  public struct Work: Equatable, Sendable {
    /// Commands that have not answered yet.
    public internal(set) var running = 0
    /// Entries the record had when the last command ended; they may still be on their way.
    var awaitedEntries = 0
  }

  /// Nothing is under way, and all that is in the record has been seen. Tests wait for this.
  public var isIdle: Bool { work.running == 0 && session.entryCount >= work.awaitedEntries }

  /// The open reply's text as far as it is known, or nil when none is open.
  public var openText: String? {
    session.openReply.flatMap { session[$0] }.map { $0.text + draft }
  }

  /// The text of a turn, with what is still unrecorded.
  func text(of turn: Turn) -> String {
    turn.id == session.openReply ? turn.text + draft : turn.text
  }
}

extension Turn {
  /// The text of a question or message; nil for replies, feedback and the system prompt.
  fileprivate var asked: String? {
    if role == .user, case .asked = origin { text } else { nil }
  }
}

/// The uppermost visible row, told by its turn, so that a resize or a growing reply leaves the
/// same text in view.
struct TranscriptAnchor: Equatable, Sendable {
  var turn: TurnID
  /// Row within the turn's block, from 0.
  var row: Int
}

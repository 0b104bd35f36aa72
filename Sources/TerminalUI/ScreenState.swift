import SessionCore

/// Everything the two fronts show, as one value. `reduce` alone changes it.
public struct ScreenState: Equatable, Sendable {
  public internal(set) var session: Session
  /// The tree of turns, kept up with ``session``.
  public internal(set) var index: TurnIndex
  /// Text of the open reply that is not in the record yet.
  public internal(set) var draft = ""
  public internal(set) var model: ModelFacts
  /// What is still missing before the model can answer; nil when nothing is.
  public internal(set) var loading: Loading?
  public internal(set) var size: ScreenSize
  var mode: Mode = .insert
  /// The message being typed; it waits here while something else is typed.
  var prompt = LineEditor()
  /// What lies over the conversation, if anything does.
  public internal(set) var page: Page?
  /// Two replies that wait for a vote, or were just voted on.
  public internal(set) var duel: Duel?
  /// What the friction page shows; nil before anything is known.
  public internal(set) var friction: FrictionSheet?
  /// Curves in braille dots; else in ASCII.
  var hasBraille: Bool
  /// The tree page; what is folded stays so when it is left.
  var tree: TreeView?
  /// What was searched for last in the conversation, and is shown until Esc.
  var search: TextSearch?
  /// vi's command mode on the text being typed, when ``Keymap/editingMode`` is vi.
  var vi = ViCommand()
  /// Ctrl-X was pressed, and what follows completes it.
  var isPrefixed = false
  /// A number typed in front of a key.
  var count: Count?
  /// The program ends when what is under way is done.
  var isLeaving = false
  /// Commands that wait for the one under way.
  var queue: [Command] = []
  /// A person's version of a turn that is on its way into the record.
  var lastEdit: PendingEdit?
  /// What Tab offers besides commands.
  var completions: Completions
  /// Texts that are laid out already.
  var laid = LaidTexts()
  /// The uppermost row in view; nil follows the end of the conversation.
  var anchor: TranscriptAnchor?
  public internal(set) var notice: Notice?
  /// What is to be told together with the next change of settings.
  var remark: String?
  public internal(set) var work = Work()
  public internal(set) var lastInterrupt: Timestamp?
  /// Time of the newest entry: what the speed of an open reply is counted by.
  public internal(set) var lastEntry: Timestamp?
  /// The terminal reports its mouse.
  public internal(set) var hasMouse = false
  var keymap = Keymap.standard
  /// False in the plain front: no cursor, no keys.
  public internal(set) var hasScreen: Bool
  /// Whether the terminal can be lent to `$EDITOR`.
  var hasTerminal: Bool

  /// - Parameters:
  ///   - loading: what is still missing; the session may come later.
  ///   - hasTerminal: whether somebody types at a terminal; nil is as `hasScreen`.
  ///   - history: lines typed in earlier sessions, oldest first.
  ///   - hasBraille: whether the terminal's character set has braille dots.
  public init(
    session: Session, model: ModelFacts, loading: Loading? = nil, size: ScreenSize,
    hasScreen: Bool = true, hasTerminal: Bool? = nil, keymap: Keymap = .standard,
    history: [String] = [], completions: Completions = Completions(), hasBraille: Bool = true,
    hasMouse: Bool = false
  ) {
    self.session = session
    self.model = model
    self.loading = loading
    self.size = size
    self.hasScreen = hasScreen
    self.hasTerminal = hasTerminal ?? hasScreen
    self.keymap = keymap
    self.completions = completions
    self.hasBraille = hasBraille
    self.hasMouse = hasMouse
    index = TurnIndex(session)
    // A session that goes on remembers what was asked in it.
    prompt = LineEditor(
      history: LineEditor.History(history + session.turns.suffix(2000).compactMap(\.asked)))
  }

  /// Words that a line can be completed with.
  public struct Completions: Equatable, Sendable {
    /// For `/export`.
    public var formats: [String]
    /// For `/tag`, before those that the session has already.
    public var tags: [String]
    /// What the last asked-for beginning of a path can become.
    var paths: [String] = []

    public init(formats: [String] = [], tags: [String] = []) {
      (self.formats, self.tags) = (formats, tags)
    }
  }

  /// The newest line that was typed and sent, for a history on disk; nil when there is none.
  public var lastLine: String? { prompt.history.lines.last }

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
    /// A turn under the cursor.
    case editor(TurnEdit)
    /// The list of all commands and keys, narrowed by what is typed.
    case palette(Palette)
  }

  /// What a line beside the prompt is for.
  enum Aside: Equatable, Sendable {
    case critique
    case note(on: TurnID)
    case tag(on: TurnID)
    /// A format and a file for one branch.
    case export(upTo: TurnID)
    /// In the conversation.
    case search
    case treeSearch
    /// In older lines; what was on the prompt line comes back with Esc.
    case history(found: Int?)

    /// The command whose arguments are typed; nil where no command says the same.
    var command: String? {
      switch self {
      case .export: "/export "
      case .tag: "/tag "
      case .critique, .note, .search, .treeSearch, .history: nil
      }
    }
  }

  /// A turn that is being edited.
  struct TurnEdit: Equatable, Sendable {
    var turn: TurnID
    /// Whose text it is: a reply is gone on with, anything else is said anew.
    var role: Role
    /// Turns below it, which stay with the old version.
    var below: Int
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
    case inspect(Inspection, InspectionView)
    case tree
    case duel
    /// With the uppermost row in view.
    case friction(row: Int)
    case list(Listing, row: Int)
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
  var asked: String? {
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

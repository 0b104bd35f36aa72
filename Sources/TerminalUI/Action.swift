import SessionCore

/// Everything that can happen to the screen. The one mailbox carries these.
public enum Action: Equatable, Sendable {
  /// Time in milliseconds since 1970, as everywhere.
  case key(Key, at: Timestamp)
  case mouse(MouseEvent, at: Timestamp)
  /// Text pasted in one piece; never taken for keys.
  case paste(String)
  /// A whole line, in the plain front.
  case line(String)
  /// Ctrl-C as a signal.
  case interrupt(at: Timestamp)
  case resized(ScreenSize)
  /// A page was printed, in the plain front.
  case pageShown
  /// What has to be there before the model can answer came so far.
  case loading(Loading)
  /// The record of the session that goes on has been read.
  case recordRead(Session)
  /// Everything is there; the session as its driver took it over.
  case opened(Session, ScreenState.ModelFacts)
  /// The record grew.
  case entry(Entry)
  /// The open reply's text after its last recorded byte.
  case draft(String)
  /// A command came to its end; the record had so many entries then.
  case performed(entries: Int)
  /// A command failed, in words.
  case failed(String, entries: Int)
  /// A duel has drawn what it could; the record had so many entries then.
  case duelDrawn(entries: Int)
  /// A model or a preset was taken up; the record had so many entries then. The words are for the
  /// person, beside what the record says.
  case adopted(ScreenState.ModelFacts, entries: Int, words: String?)
  /// A list that was asked for.
  case listed(Listing)
  /// Work that takes longer has come so far, in words.
  case progressed(String)
  /// The figures of the friction page, as far as they are known.
  case measured(FrictionSheet)
  /// Something was not understood or refused, in words.
  case complained(String)
  /// A file was written, in words.
  case exported(String)
  /// What somebody wanted to know of a reply.
  case inspected(Inspection, InspectionDepth)
  /// More places of the reply that is looked into.
  case odds([Inspection.Odds], of: TurnID)
  /// A `wait` is over.
  case waited(serial: Int)
  /// `$EDITOR` came back with this file.
  case written(String, OutsideText)
  /// What the beginning of a path can become.
  case paths([String], beginning: String)
}

/// What the reducer wants done outside. Whoever does it answers with actions.
public enum Effect: Equatable, Sendable {
  /// Answered by `performed` or `failed`.
  case perform(Command)
  case cancelReply
  /// Draws the two sides one after the other. Answered by `duelDrawn` or `failed`.
  case duel(DuelBout)
  /// Reads the session and its folder's others. Answered by `measured`, several times.
  case measure
  /// Nobody looks at the figures any more.
  case stopMeasuring
  /// Answered by `complained`, in words.
  case complain(InputError)
  /// Hands the terminal to `$EDITOR` with this file. Answered by `written` or `complained`.
  case writeOutside(OutsideText, String)
  /// Answered by `paths`.
  case listPaths(String)
  /// Names of models or presets that begin so, and files that may be models. Answered by `paths`.
  case listNames(Listing.Kind, String)
  /// Answered by `listed`, or by `failed`.
  case list(Listing.Kind)
  /// Lets another model answer from here on. Answered by `loading` several times, then by `adopted`,
  /// or by `failed`.
  case chooseModel(String)
  /// The same for what a preset says.
  case usePreset(String)
  /// Text for the clipboard, harmless and not too long.
  case copy(String)
  /// Writes the screen to files. Answered by `exported` or `failed`.
  case saveScreen
  /// Answered by `exported` or `failed`.
  case export(ExportRequest)
  /// Writes what was done so far as a script. Answered by `exported` or `failed`.
  case macro(path: String)
  /// Answered by `inspected`, then perhaps `odds`, then `performed`; or by `failed`.
  case inspect(TurnID, InspectionDepth)
  /// Ends what `inspect` still looks for.
  case cancelInspection
  /// Another reply that goes on from a token of this one (from 0) that somebody chose instead.
  /// Answered by `performed` or `failed`.
  case branch(TurnID, at: Int, BranchChoice)
  /// A new session that begins as this one up to a turn; nil takes a new file in the folder of
  /// sessions. Answered by `exported` or `failed`.
  case fork(TurnID, path: String?)
  /// Answered by `waited`.
  case wait(milliseconds: Timestamp, serial: Int)
  /// Has the terminal report its mouse, or not.
  case mouse(Bool)
  case suspend
  case redraw
  case quit
}

/// What of the session is written how and where.
public struct ExportRequest: Equatable, Sendable {
  /// By name; nil is Markdown.
  public var format: String?
  /// Nil is a file named after the session.
  public var path: String?
  /// The turn whose branch alone is written; nil for the whole session.
  public var branch: TurnID?
}

/// What is written in `$EDITOR`.
public enum OutsideText: Equatable, Sendable {
  case message
  /// About the last reply.
  case critique
  /// Another version of a turn.
  case turn(TurnID)
}

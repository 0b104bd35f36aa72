import Foundation
import SessionCore
import SessionRuntime
import TerminalUI
import Transcripts

/// The screen as a file, without a terminal and without a model: a session as a chat about it
/// would show it after some keys.
struct ScreenDump {
  var session: String?
  var model: String?
  var size: TerminalSize
  /// Keys by the names the help gives them, blanks between; other words are typed.
  var keys: String
  var look: ScreenLook
  /// Asked for: a file has no locale.
  var isASCII: Bool

  /// Writes text, a picture, or both.
  func write(text: String?, picture: String?) throws {
    try TextLook.$current.withValue(look.text) { try draw(text, picture) }
  }

  private func draw(_ text: String?, _ picture: String?) throws {
    let state = try state()
    let frame = frame(of: state)
    if let text { try ResultFile.replace(text, with: frame.text) }
    if let picture {
      try ResultFile.replace(picture, with: frame.svg(title: state.session.header.title))
    }
  }

  private func frame(of state: ScreenState) -> Frame {
    var scroll = InlineScroll()
    let frame =
      look.extent == .inline ? scroll.picture(of: state).together(rows: size.rows) : render(state)
    return isASCII ? frame.inASCII : frame
  }

  private func state() throws -> ScreenState {
    let session = try session.map(JournalInput.session) ?? empty()
    var state = ScreenState(
      session: session,
      model: ScreenState.ModelFacts(name: session.header.model, contextTokensMax: nil),
      size: ScreenSize(columns: size.columns, rows: size.rows), keymap: try KeyFile.keymap(),
      completions: .init(formats: TranscriptFormat.allCases.map(\.rawValue)))
    var time: Timestamp = 0
    for key in pressed {
      // Far enough apart to be keys of their own.
      time += 10_000
      for effect in reduce(&state, .key(key, at: time)) {
        switch effect {
        case .perform, .export, .macro, .inspect, .branch, .fork, .duel, .list, .chooseModel,
          .usePreset:
          throw CommandFailure(
            "--press \(keys): \(key) asks for work; a picture is only looked at", .usage)
        case .measure: _ = reduce(&state, .measured(FolderFigures.alone(state.session)))
        case .complain(let error): _ = reduce(&state, .complained(text(for: error)))
        default: break
        }
      }
    }
    return state
  }

  private var pressed: [Key] {
    keys.split(separator: " ").flatMap { word in
      Key(String(word)).map { [$0] } ?? word.map { .character($0) }
    }
  }

  private func empty() throws -> Session {
    let header = SessionHeader(
      id: "", title: "Chat", seed: 1, sampling: Sampling(), model: model ?? bundledModelName,
      application: ProgramVersion.application)
    return try Session(
      startedBy: Entry(sequence: 1, time: 0, event: .sessionStarted(header)))
  }
}

import Foundation
import SessionCore
import SessionRuntime
import TerminalUI
import Transcripts

/// The full-screen front: owns the state and the terminal, and lets everything in through one
/// mailbox.
@MainActor final class EventLoop {
  /// What the mailbox carries.
  private enum Mail: Sendable {
    case action(Action)
    /// Keys wait at standard input.
    case input
    case signal(Int32)
    /// A frame that was put off is due.
    case frame
  }

  /// Shortest time between two frames: 30 a second.
  private static let framePauseMilliseconds: Timestamp = 33

  private var state: ScreenState
  private let terminal: CursesTerminal
  private let effects: SessionEffects
  private let editor: OutsideEditor
  private let mailbox: AsyncStream<Mail>
  private let post: AsyncStream<Mail>.Continuation
  private let keys: InputWatch
  private let history: LineHistory
  /// The newest line of the history on disk.
  private var lastLine: String?

  private var lastFrame: Timestamp = 0
  private var isFramePending = false
  /// `$EDITOR` has the terminal.
  private var isLent = false
  /// Set once: how the program ends.
  private var exit: Int32?

  init(_ chat: ChatSession, keymap: Keymap, colours: Bool) throws {
    let terminal = try CursesTerminal(colours: colours)
    let (mailbox, post) = AsyncStream<Mail>.makeStream()
    self.terminal = terminal
    self.mailbox = mailbox
    self.post = post
    history = LineHistory()
    state = ScreenState(
      session: chat.driver.initialSession, model: chat.model, size: terminal.size, keymap: keymap,
      history: history.lines,
      completions: .init(formats: TranscriptFormat.allCases.map(\.rawValue)),
      hasBraille: LocaleFacts.isUTF8)
    lastLine = state.lastLine
    effects = SessionEffects(chat) { post.yield(.action($0)) }
    editor = OutsideEditor()
    keys = InputWatch { post.yield(.input) }
  }

  /// Runs until the person leaves or a signal ends it.
  /// - Returns: the exit code.
  func run() async -> Int32 {
    for signal in [SIGWINCH, SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT] {
      TerminalSignals.on(signal, .caught)
    }
    let signals = TerminalSignals.watch { [post] in post.yield(.signal($0)) }
    defer { signals.cancel() }
    let following = effects.follow()
    keys.arm()
    draw()
    for await mail in mailbox {
      handle(mail)
      if let exit {
        terminal.close()
        await effects.driver.close()
        following.cancel()
        return exit
      }
      drawSoon()
    }
    return 0
  }

  private func handle(_ mail: Mail) {
    switch mail {
    case .action(let action): take(action)
    case .frame: isFramePending = false
    case .signal(let number): handle(signal: number)
    case .input:
      // Lent out, the keys are the editor's.
      guard !isLent else { return }
      let actions = terminal.input(at: SessionDriver.wallClock())
      // A terminal that is gone is ready for ever and has nothing to say.
      if actions.isEmpty, InputWatch.isGone { exit = 128 + SIGHUP }
      for action in actions where exit == nil { take(action) }
      if exit == nil, !isLent { keys.arm() }
    }
  }

  private func take(_ action: Action) {
    for effect in reduce(&state, action) where !effects.start(effect) {
      switch effect {
      case .quit: exit = 0
      case .redraw: terminal.forget()
      case .suspend: suspend(wholeJob: true)
      case .editOutside(let turn, let text): lend(text) { .edited($0, of: turn) }
      case .writeOutside(let purpose, let text): lend(text) { .written($0, purpose) }
      case .copy(let text): terminal.copy(text)
      case .saveScreen: saveScreen()
      default: break
      }
    }
    if let line = state.lastLine, line != lastLine {
      history.add(line)
      lastLine = line
    }
  }

  private func handle(signal: Int32) {
    switch signal {
    case SIGWINCH: take(.resized(terminal.size))
    case SIGINT: take(.interrupt(at: SessionDriver.wallClock()))
    case SIGTERM, SIGHUP: exit = 128 + signal
    case SIGTSTP: suspend(wholeJob: false)
    case SIGCONT:
      guard !isLent else { return }
      terminal.reopen()
      take(.resized(terminal.size))
    default: break
    }
  }

  // MARK: - Drawing

  private func draw() {
    guard !isLent else { return }
    terminal.draw(render(state))
    lastFrame = SessionDriver.wallClock()
  }

  /// Draws now, or when the pause after the last frame is over.
  private func drawSoon() {
    guard !isFramePending else { return }
    let elapsed = SessionDriver.wallClock() - lastFrame
    guard (0..<Self.framePauseMilliseconds).contains(elapsed) else { return draw() }
    isFramePending = true
    Task { [post] in
      await SessionDriver.realSleep(.milliseconds(Self.framePauseMilliseconds - elapsed))
      post.yield(.frame)
    }
  }

  /// Writes what is on the screen beside where the program was started.
  private func saveScreen() {
    do {
      take(.exported("written: \(try ScreenFiles.save(render(state)))"))
    } catch {
      take(.failed(commandFailure(for: error).text, entries: 0))
    }
  }

  // MARK: - Giving the terminal away

  /// Stops as other programs do, with the terminal as it was found.
  private func suspend(wholeJob: Bool) {
    terminal.close()
    TerminalSignals.on(SIGTSTP, .usual)
    // Zero is the whole job: `make` and a shell script around us have to stop too.
    kill(wholeJob ? 0 : getpid(), SIGTSTP)
    // Another thread may be the one that is stopped first. Where nobody could wake us again the
    // system does not stop us at all, and this is all that happens.
    usleep(50_000)
    TerminalSignals.on(SIGTSTP, .caught)
    terminal.reopen()
    take(.resized(terminal.size))
  }

  private func lend(_ text: String, then answer: @escaping @Sendable (String) -> Action) {
    terminal.close()
    isLent = true
    // Whatever stops the editor has to stop us too, or the shell would wait for ever.
    TerminalSignals.on(SIGTSTP, .usual)
    TerminalSignals.on(SIGINT, .ignored)
    TerminalSignals.on(SIGQUIT, .ignored)
    Task {
      let result = await editor.edit(text)
      TerminalSignals.on(SIGTSTP, .caught)
      TerminalSignals.on(SIGINT, .caught)
      TerminalSignals.on(SIGQUIT, .usual)
      isLent = false
      terminal.reopen()
      take(.resized(terminal.size))
      switch result {
      case .success(let edited): take(answer(edited))
      case .failure(let failure): take(.complained(failure.text))
      }
      keys.arm()
      post.yield(.frame)
    }
  }
}

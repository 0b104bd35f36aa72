import ArgumentParser
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
    /// The session or its model came a step further.
    case opening(ChatOpening.Step)
    /// Keys wait at standard input.
    case input
    case signal(Int32)
    /// A frame that was put off is due.
    case frame
  }

  /// Shortest time between two frames while a reply streams: 30 a second.
  private static let framePauseMilliseconds: Timestamp = 33
  /// And after a key: whoever types shall see it, and a held key shall not fall behind.
  private static let keyPauseMilliseconds: Timestamp = 8

  private static let signals = [SIGWINCH, SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT]

  private var state: ScreenState
  private let signals: any DispatchSourceRead
  private let opening: ChatOpening
  private let terminal: CursesTerminal
  /// Nil until the model is there.
  private var effects: SessionEffects?
  /// What waits for it.
  private var waiting: [Effect] = []
  private var following: Task<Void, Never>?
  private let editor: OutsideEditor
  private let mailbox: AsyncStream<Mail>
  private let post: AsyncStream<Mail>.Continuation
  private let keys: InputWatch
  private let history: LineHistory
  /// The newest line of the history on disk.
  private var lastLine: String?

  private var lastFrame: Timestamp = 0
  /// The whole screen as it was drawn last; nil where it was not drawn whole.
  private var drawn: Frame?
  private var isFramePending = false
  /// `$EDITOR` has the terminal.
  private var isLent = false
  /// Set once: how the program ends.
  private var exit: Int32?
  /// Why no model answers.
  private var failure: CommandFailure?
  private let look: ScreenLook
  /// What is printed already, in the inline look.
  private var scroll: InlineScroll?
  private let record: FrameRecord?
  /// Keys and pastes taken so far.
  private var inputs = 0

  /// - Throws: ``CursesTerminal/Unusable``.
  init(
    _ options: ChatOptions, _ opening: ChatOpening, keymap: Keymap, look: ScreenLook
  ) throws(CursesTerminal.Unusable) {
    guard let preview = options.preview else { throw CursesTerminal.Unusable() }
    let (mailbox, post) = AsyncStream<Mail>.makeStream()
    // From before the first byte is sent: whatever ends the program has to give the screen back.
    for signal in Self.signals { TerminalSignals.on(signal, .caught) }
    signals = TerminalSignals.watch { post.yield(.signal($0)) }
    do {
      terminal = try CursesTerminal(look)
    } catch {
      for signal in Self.signals { TerminalSignals.on(signal, .usual) }
      throw error
    }
    self.mailbox = mailbox
    self.post = post
    self.look = look
    record = FrameRecord()
    history = LineHistory()
    state = ScreenState(
      session: preview.session,
      model: ScreenState.ModelFacts(name: preview.model, contextTokensMax: nil),
      loading: options.firstStep, size: terminal.size, keymap: keymap,
      history: history.lines,
      completions: .init(
        formats: TranscriptFormat.allCases.map(\.rawValue), tags: look.tags),
      hasBraille: !look.isASCII, hasMouse: look.hasMouse)
    if look.extent == .inline, terminal.canPrint { scroll = InlineScroll() }
    lastLine = state.lastLine
    editor = OutsideEditor()
    keys = InputWatch { post.yield(.input) }
    self.opening = opening
  }

  /// How the screen was left.
  struct End {
    var exit: Int32
    /// What was said is on the terminal already.
    var isPrinted = false
    /// As it was last shown.
    var session: Session
    /// Nil when it was never opened.
    var chat: ChatSession?
    var failure: CommandFailure?
  }

  /// Runs until the person leaves or a signal ends it.
  /// - Returns: how it ended.
  func run() async -> End {
    defer { signals.cancel() }
    keys.arm()
    // What was there before the screen was is on its first picture.
    if !opening.isOver { draw() }
    opening.follow { [post] in post.yield(.opening($0)) }
    opening.begin()
    for await mail in mailbox {
      record?.go()
      handle(mail)
      if exit == nil { drawSoon(after: mail) }
      record?.pause()
      guard let exit else { continue }
      // What ended with the last action is printed before it stays for good.
      if scroll != nil { draw() }
      terminal.close()
      await effects?.driver.close()
      following?.cancel()
      return End(
        exit: exit, isPrinted: scroll != nil, session: state.session, chat: chat,
        failure: failure)
    }
    return End(exit: 0, session: state.session, chat: chat, failure: failure)
  }

  // MARK: - The session and its model come

  private var chat: ChatSession?

  private func handle(_ step: ChatOpening.Step) {
    switch step {
    case .progress(let loading): take(.loading(loading))
    case .record(let session): take(.recordRead(session))
    case .opened(let chat):
      self.chat = chat
      let effects = SessionEffects(chat) { [post] in post.yield(.action($0)) }
      self.effects = effects
      following = effects.follow()
      take(.opened(chat.driver.initialSession, chat.model))
      for effect in waiting { _ = effects.start(effect) }
      waiting = []
    case .failed(let failure):
      self.failure = failure
      // Where there is nothing to read and nothing was typed, a screen is of no use.
      if state.isUntouched { exit = failure.exitCode.rawValue }
      take(.loading(.failed(failure.text)))
      for _ in waiting { take(.failed(failure.text, entries: 0)) }
      waiting = []
    }
  }

  /// What the session's own effects are not there to do yet.
  private func startEarly(_ effect: Effect) {
    switch effect {
    case .complain(let error): take(.complained(text(for: error)))
    case .cancelReply:
      for _ in waiting { take(.failed("taken back", entries: 0)) }
      waiting = []
    default:
      if let failure { return take(.failed(failure.text, entries: 0)) }
      waiting.append(effect)
    }
  }

  private func handle(_ mail: Mail) {
    switch mail {
    case .action(let action): take(action)
    case .opening(let step): handle(step)
    case .frame: isFramePending = false
    case .signal(let number): handle(signal: number)
    case .input:
      // Lent out, the keys are the editor's.
      guard !isLent else { return }
      let actions = terminal.input(at: SessionDriver.wallClock())
      // A terminal that is gone is ready for ever and has nothing to say.
      if actions.isEmpty, InputWatch.isGone { exit = 128 + SIGHUP }
      inputs += actions.count
      for action in actions where exit == nil { take(action) }
      if exit == nil, !isLent { keys.arm() }
    }
  }

  private func take(_ action: Action) {
    for effect in reduce(&state, action) where effects?.start(effect) != true {
      switch effect {
      case .quit: exit = failure?.exitCode.rawValue ?? 0
      case .redraw: terminal.forget()
      case .suspend: suspend(wholeJob: true)
      case .writeOutside(let purpose, let text): lend(text) { .written($0, purpose) }
      case .copy(let text): terminal.copy(text)
      case .mouse(let isOn): terminal.setMouse(isOn)
      case .saveScreen: saveScreen()
      default: if effects == nil { startEarly(effect) }
      }
    }
    switch action {
    // Their lines are known, and were not typed here.
    case .recordRead, .opened: lastLine = state.lastLine
    default:
      guard let line = state.lastLine, line != lastLine else { return }
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

  private var frame: Frame {
    let frame = render(state)
    return look.isASCII ? frame.inASCII : frame
  }

  private func draw() {
    guard !isLent else { return }
    let picture: InlinePicture
    if let drawn = scroll?.picture(of: state) {
      picture = look.isASCII ? drawn.inASCII : drawn
    } else {
      picture = InlinePicture(whole: frame)
    }
    terminal.draw(picture)
    drawn = picture.isWhole ? picture.screen : nil
    record?.add(picture.screen, inputs: inputs)
    lastFrame = SessionDriver.wallClock()
  }

  /// Draws now, or when the pause after the last frame is over.
  private func drawSoon(after mail: Mail) {
    guard !isFramePending else { return }
    let pause =
      if case .input = mail { Self.keyPauseMilliseconds } else { Self.framePauseMilliseconds }
    let elapsed = SessionDriver.wallClock() - lastFrame
    guard (0..<pause).contains(elapsed) else { return draw() }
    isFramePending = true
    Task { [post] in
      await SessionDriver.realSleep(.milliseconds(pause - elapsed))
      post.yield(.frame)
    }
  }

  /// Writes what is on the screen beside where the program was started.
  private func saveScreen() {
    do {
      take(.exported("written: \(try ScreenFiles.save(drawn ?? frame))"))
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

import ArgumentParser
import Foundation
import SessionCore
import SessionRuntime
import TerminalUI

/// The plain front: lines in, the conversation out, nothing else. For pipes, for terminals
/// without a screen, and for readers that speak.
///
/// It runs on the same reducer and effects as the screen; only what is drawn differs.
@MainActor final class PlainShell {
  private enum Mail: Sendable {
    case action(Action)
    case line(LineReader.Line)
    case signal(Int32)
    case broke(ExitCode)
  }

  private var state: ScreenState
  private let effects: SessionEffects
  private let mailbox: AsyncStream<Mail>
  private let reader: LineReader
  private let post: AsyncStream<Mail>.Continuation
  private var printer: PlainPrinter
  /// A person types here and sees the line already; elsewhere it is echoed.
  private let isTyped: Bool
  private var isWaiting = false
  private var loadingPace = ProgressPace(every: .seconds(1), beginsAtOnce: false)
  /// `$EDITOR` has the terminal.
  private var isLent = false
  /// What came back from it and is not in the record yet.
  private var written: String?
  private var exit: Int32?
  /// What the first turn that got no answer, or was lost on a full disk, makes of success.
  private var breakage: ExitCode?

  /// Width of what is printed in rows, such as the tree. Running text has none.
  private static let pageColumns = 100

  init(_ chat: ChatSession) {
    let (mailbox, post) = AsyncStream<Mail>.makeStream()
    self.mailbox = mailbox
    self.post = post
    state = ScreenState(
      session: chat.driver.initialSession, model: chat.model, size: ScreenSize.smallest,
      hasScreen: false, hasTerminal: isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1)
    effects = SessionEffects(chat, broke: { post.yield(.broke($0)) }) { post.yield(.action($0)) }
    reader = LineReader { post.yield(.line($0)) }
    isTyped = isatty(STDIN_FILENO) == 1
    printer = PlainPrinter()
  }

  /// Runs until the lines end, somebody quits or nobody listens any more.
  /// - Returns: the exit code. A reader that went away is no failure; a turn that got no
  ///   answer or could not be recorded is one, though the lines after it were served.
  func run() async -> Int32 {
    TerminalSignals.on(SIGPIPE, .ignored)
    for signal in [SIGINT, SIGTERM, SIGHUP] { TerminalSignals.on(signal, .caught) }
    let signals = TerminalSignals.watch { [post] in post.yield(.signal($0)) }
    defer { signals.cancel() }
    let following = effects.follow()
    defer { following.cancel() }
    do throws(PlainPrinter.Closed) {
      try printer.show(state.session)
      try await serve()
    } catch {
      // What is recorded is recorded. A reader that has read enough is no failure.
      exit = error.isReaderGone ? 0 : ExitCode.inputOutput.rawValue
      if !error.isReaderGone { complain("standard output: \(systemText(error.code))") }
    }
    await effects.driver.close()
    let code = exit ?? 0
    return code == 0 ? breakage?.rawValue ?? 0 : code
  }

  private func serve() async throws(PlainPrinter.Closed) {
    try askForLine()
    for await mail in mailbox {
      switch mail {
      case .action(let action): try take(action)
      case .signal(let number): try handle(signal: number)
      case .broke(let code): breakage = breakage ?? code
      case .line(let line): try take(line)
      }
      if exit != nil { return }
      try askForLine()
    }
  }

  /// The next line is read only when the last one is dealt with.
  private func askForLine() throws(PlainPrinter.Closed) {
    guard state.isIdle, !isWaiting, !isLent else { return }
    isWaiting = true
    written = nil
    if isTyped { try printer.write("> ") }
    reader.readNext()
  }

  private func take(_ line: LineReader.Line) throws(PlainPrinter.Closed) {
    isWaiting = false
    switch line {
    case .text(let text):
      if !isTyped, text.contains(where: { !$0.isWhitespace }) { try printer.echo(text) }
      try take(.line(text))
    case .tooLong(let bytes, let limit):
      complain(text(for: InputError.lineTooLong(bytes: bytes, limit: limit)))
    case .end:
      if isTyped { try printer.write("\n") }
      exit = 0
    }
  }

  private func take(_ action: Action) throws(PlainPrinter.Closed) {
    let wasAsking = state.duel?.asks == true
    let former = state.session.settings
    for effect in reduce(&state, action) {
      switch effect {
      case .quit: exit = exit ?? 0
      // Said at once, so that it stands between the lines it belongs to.
      case .complain(let error): complain(text(for: error))
      case .writeOutside(let purpose, let file): lend(file, for: purpose)
      default: _ = effects.start(effect)
      }
    }
    switch state.notice {
    case .failed(let text) where action.isAnswer: complain(text)
    case .told(let text) where action.isAnswer: say(text)
    default: break
    }
    if case .entry(let entry) = action { try printer.show(entry, state, after: former) }
    if case .loading(let loading) = action { tell(loading) }
    if case .draft = action { try printer.showOpenReply(state) }
    if !wasAsking, state.duel?.asks == true { try printer.askForVote() }
    if let page = state.page {
      try printer.show(page, state, columns: Self.pageColumns)
      _ = reduce(&state, .pageShown)
    }
  }

  private func handle(signal: Int32) throws(PlainPrinter.Closed) {
    if signal == SIGINT {
      try take(.interrupt(at: SessionDriver.wallClock()))
      if exit == nil { return }
    }
    if isTyped { try printer.write("\n") }
    exit = 128 + signal
  }

  /// How far another model is, once it takes longer than a second.
  private func tell(_ loading: Loading) {
    if case .other(_, 0, _) = loading {
      loadingPace = ProgressPace(every: .seconds(1), beginsAtOnce: false)
    }
    if loadingPace.isDue { say(loading.words) }
  }

  private func complain(_ text: String) {
    // What was written in an editor is not thrown away because it cannot be sent.
    let kept = written.flatMap { OutsideEditor.keep($0) }
    written = nil
    say("terntable: \(text)" + (kept.map { "; what you wrote is in \($0)" } ?? ""))
  }

  /// Lends the terminal to `$EDITOR`; no line is read meanwhile.
  private func lend(_ file: String, for purpose: OutsideText) {
    isLent = true
    TerminalSignals.on(SIGINT, .ignored)
    Task {
      let result = await OutsideEditor().edit(file)
      TerminalSignals.on(SIGINT, .caught)
      isLent = false
      switch result {
      case .success(let edited):
        written = edited
        post.yield(.action(.written(edited, purpose)))
      case .failure(let failure): post.yield(.action(.complained(failure.text)))
      }
    }
  }
}

extension Action {
  /// Whether it brings words to be said on standard error.
  fileprivate var isAnswer: Bool {
    switch self {
    case .failed, .complained, .exported, .interrupt, .line, .duelDrawn, .progressed, .adopted: true
    default: false
    }
  }
}

import SessionCore

/// What comes of an action: the state changes, and effects are asked for. Pure.
public func reduce(_ state: inout ScreenState, _ action: Action) -> [Effect] {
  switch action {
  case .key(let key, let time): return state.press(key, at: time)
  case .paste(let text): return state.paste(text)
  case .line(let line):
    state.notice = nil
    return state.submit(line)
  case .interrupt(let time): return state.interrupt(at: time)
  case .resized(let size):
    state.size = size
    return []
  case .pageShown:
    state.page = nil
    return []
  case .entry(let entry): return state.add(entry)
  case .draft(let text):
    if state.session.openReply != nil { state.draft = text }
    return []
  case .performed(let entries):
    state.settle(entries)
    return []
  case .failed(let text, let entries):
    state.settle(entries)
    state.notice = .failed(text)
    return []
  case .complained(let text):
    state.notice = .failed(text)
    return []
  case .exported(let text):
    state.settle(0)
    state.notice = .told(text)
    return []
  case .edited(let text, let turn): return state.finishEdit(of: turn, with: text)
  }
}

extension ScreenState {
  /// Most milliseconds between two Ctrl-C that together mean "quit".
  static let secondInterruptMillisecondsMax: Timestamp = 1000
  /// A Ctrl-C so soon after a reply's end was meant for the reply.
  static let lateInterruptMillisecondsMax: Timestamp = 500

  mutating func add(_ entry: Entry) -> [Effect] {
    // What a resumed or just started session held already is published again.
    guard entry.sequence > session.entryCount else { return [] }
    let headBefore = session.head
    do {
      try session.apply(entry)
    } catch {
      // The driver checked it before; the screen would rather stop than show another truth.
      preconditionFailure("entry \(entry.sequence) does not follow: \(error)")
    }
    lastEntry = entry.time
    switch entry.event {
    case .replyExtended: draft = ""
    case .replyFinished, .replyStopped:
      draft = ""
      // "Stopping" is over.
      if case .told = notice { notice = nil }
    default: break
    }
    if session.head != headBefore { anchor = nil }
    return []
  }

  mutating func settle(_ entries: Int) {
    work.running -= 1
    work.awaitedEntries = max(work.awaitedEntries, entries)
  }

  /// Asks for a command, unless a reply is being written and the command has to wait for it.
  mutating func perform(_ command: Command) -> [Effect] {
    guard command.isRemark || isIdle else { return [.complain(.refused(.replyInProgress))] }
    work.running += 1
    return [.perform(command)]
  }

  mutating func interrupt(at time: Timestamp) -> [Effect] {
    defer { lastInterrupt = time }
    let isSecond =
      lastInterrupt.map { time - $0 <= Self.secondInterruptMillisecondsMax } ?? false
    if work.running > 0, !isSecond {
      notice = .told("stopping; Ctrl-C again quits")
      return [.cancelReply]
    }
    if isSecond { return [.quit] }
    if hasScreen, leaveTyping() { return [] }
    if let lastEntry, time - lastEntry < Self.lateInterruptMillisecondsMax,
      session.lastReply?.id == session.head
    {
      notice = .told("the reply was already over; Ctrl-C again quits")
      return []
    }
    return [.quit]
  }

  /// Gives up a half-typed text. False when there is none.
  private mutating func leaveTyping() -> Bool {
    switch mode {
    case .normal: return false
    case .insert:
      guard !prompt.isEmpty else { return false }
      _ = prompt.submit()
    case .aside: mode = .normal
    case .editor(let edit): mode = edit.fromNormal ? .normal : .insert
    }
    notice = .told("Ctrl-C again quits")
    return true
  }
}

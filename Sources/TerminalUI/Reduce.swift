import SessionCore

/// What comes of an action: the state changes, and effects are asked for. Pure.
public func reduce(_ state: inout ScreenState, _ action: Action) -> [Effect] {
  let effects = state.take(action)
  state.settleDuel()
  state.layOut()
  return effects
}

extension ScreenState {
  fileprivate mutating func take(_ action: Action) -> [Effect] {
    switch action {
    case .key(let key, let time): return press(key, at: time)
    case .mouse(let event, let time): return take(event, at: time)
    case .paste(let text): return paste(text)
    case .line(let line):
      notice = nil
      return takeVote(line) ?? submit(line)
    case .interrupt(let time): return interrupt(at: time)
    case .resized(let size): self.size = size
    case .pageShown: page = nil
    case .loading(let loading): show(loading)
    case .recordRead(let session): show(session)
    case .opened(let session, let model):
      show(session)
      return beginAnswering(model)
    case .entry(let entry):
      add(entry)
      return measuring(after: entry)
    case .draft(let text): if session.openReply != nil { draft = text }
    case .performed(let entries):
      lastEdit = nil
      return settle(entries)
    case .failed(let text, let entries):
      giveUpLoading()
      queue = []
      notice = .failed(text)
      if duel?.stage == .drawing { endDuel() }
      takeUpEdit(entries)
      return settle(entries)
    case .duelDrawn(let entries):
      duel?.stage = .drawn
      return settle(entries)
    case .adopted(let facts, let entries, let words): return adopted(facts, entries, words)
    case .listed(let list):
      page = .list(list, row: 0)
      return settle(0)
    case .progressed(let text): notice = .told(text)
    case .measured(let sheet): return show(sheet)
    case .complained(let text): notice = .failed(text)
    case .exported(let text):
      notice = .told(text)
      return settle(0)
    case .inspected(let inspection, let depth): show(inspection, depth)
    case .odds(let odds, let turn): add(odds, of: turn)
    case .waited(let serial): return endWait(serial)
    case .written(let text, let purpose): return takeWritten(text, purpose)
    case .paths(let paths, let beginning): completePath(paths, beginning)
    }
    return []
  }
}

extension ScreenState {
  /// Most milliseconds between two Ctrl-C that together mean "quit".
  static let secondInterruptMillisecondsMax: Timestamp = 1000
  static let stopping = Notice.told("stopping; Ctrl-C again quits")
  /// A Ctrl-C so soon after a reply's end was meant for the reply.
  static let lateInterruptMillisecondsMax: Timestamp = 500

  mutating func add(_ entry: Entry) {
    // What a resumed or just started session held already is published again.
    guard entry.sequence > session.entryCount else { return }
    let (headBefore, settingsBefore) = (session.head, session.settings)
    let left = turnsLeft(by: entry.event)
    do {
      try session.apply(entry)
    } catch {
      // The driver checked it before; the screen would rather stop than show another truth.
      preconditionFailure("entry \(entry.sequence) does not follow: \(error)")
    }
    index.update(session)
    lastEntry = entry.time
    tellBranch(left)
    switch entry.event {
    case .replyStarted: noteDuelReply()
    case .replyExtended: draft = ""
    case .settingsChanged(let change): tell(change, after: settingsBefore)
    case .replyFinished, .replyStopped:
      draft = ""
      if notice == Self.stopping || duel != nil { notice = nil }
    default: break
    }
    if session.head != headBefore { anchor = nil }
    guard page == .tree else { return }
    switch entry.event {
    // A reply that grows changes no outline.
    case .replyExtended, .replyFinished, .replyStopped: break
    default:
      let chosen = session.head == headBefore ? tree?.chosen : session.head
      tree?.makeRows(session, index, choosing: chosen)
    }
  }

  /// A command has ended; the next one that waits begins when the record has caught up.
  mutating func settle(_ entries: Int) -> [Effect] {
    work.running -= 1
    work.awaitedEntries = max(work.awaitedEntries, entries)
    if isLeaving, work.running == 0 { return [.quit] }
    guard work.running == 0, !queue.isEmpty else { return [] }
    work.running += 1
    return [.perform(queue.removeFirst())]
  }

  /// Asks for a command, unless a reply is being written and the command has to wait for it.
  mutating func perform(_ command: Command) -> [Effect] {
    switch loading {
    case .failed(let why): return [.complain(.noModel(why))]
    case .record, .model, .other: return wait(command)
    case nil: break
    }
    guard command.isRemark || isIdle else { return [.complain(.refused(.replyInProgress))] }
    work.running += 1
    return [.perform(command)]
  }

  mutating func interrupt(at time: Timestamp) -> [Effect] {
    defer { lastInterrupt = time }
    let isSecond =
      lastInterrupt.map { time - $0 <= Self.secondInterruptMillisecondsMax } ?? false
    if loading != nil, !queue.isEmpty, !isSecond {
      takeBackWaiting()
      return []
    }
    if work.running > 0, !isSecond {
      queue = []
      notice = Self.stopping
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
    case .aside, .editor, .palette: leaveMode()
    }
    notice = .told("Ctrl-C again quits")
    return true
  }

  /// Back from whatever is typed beside the prompt.
  mutating func leaveMode() {
    vi = ViCommand()
    switch mode {
    case .editor(let edit): mode = edit.fromNormal ? .normal : .insert
    case .palette(let palette): mode = palette.fromNormal ? .normal : .insert
    case .aside(.history, _): mode = .insert
    case .insert, .aside, .normal: mode = .normal
    }
  }
}

import SessionCore

// While the model is still being loaded: the old session can be read, and what asks for a reply
// waits.
extension ScreenState {
  /// Nothing was read and nothing was typed.
  public var isUntouched: Bool { session.turns.isEmpty && prompt.isEmpty && queue.isEmpty }

  /// Shows a session that has been read; also again, with what was added to it since.
  mutating func show(_ session: Session) {
    let isNew = index.count == 0
    self.session = session
    index.update(session)
    if isNew { prompt.history.begin(with: session.turns.suffix(2000).compactMap(\.asked)) }
    if page == .tree { tree?.makeRows(session, index, choosing: session.head) }
  }

  /// What is told of another model after somebody gave it up comes too late.
  mutating func show(_ loading: Loading) {
    if case .other = loading, self.loading == nil, work.running == 0 { return }
    self.loading = loading
  }

  /// The model answers from now on: what waited for it begins.
  mutating func beginAnswering(_ model: ModelFacts) -> [Effect] {
    self.model = model
    loading = nil
    // "Waits for the model" is over.
    if !queue.isEmpty { notice = nil }
    guard !queue.isEmpty else { return [] }
    work.running += 1
    return [.perform(queue.removeFirst())]
  }

  /// Keeps a command until the model is there: remarks, settings, and one that asks for a reply.
  mutating func wait(_ command: Command) -> [Effect] {
    guard command.waitsFreely || queue.allSatisfy(\.waitsFreely) else {
      return [.complain(.stillLoading)]
    }
    queue.append(command)
    notice = .told("waits for the model; Ctrl-C takes it back")
    return []
  }

  /// Gives back what waits for the model, to be typed on.
  mutating func takeBackWaiting() {
    for command in queue {
      switch command {
      case .ask(let text, _) where prompt.isEmpty: prompt.set(text)
      case .giveFeedback(.critique, let text, _, on: nil, _):
        mode = .aside(.critique, LineEditor(text))
      default: break
      }
    }
    takeUpEdit(session.entryCount)
    queue = []
    notice = .told("taken back; Ctrl-C again quits")
  }
}

extension Command {
  /// Whether any number of them may wait for a model.
  fileprivate var waitsFreely: Bool {
    if case .set = self { true } else { isRemark }
  }
}

import SessionCore

// Lines: messages and slash commands, the same in both fronts.
extension ScreenState {
  mutating func submit(_ line: String) -> [Effect] {
    do {
      switch try SlashCommand.parse(line) {
      case .blank: return []
      case .message(let text): return perform(.ask(text))
      case .command(let command): return run(command)
      }
    } catch {
      return [.complain(error)]
    }
  }

  mutating func run(_ command: SlashCommand) -> [Effect] {
    switch command {
    case .tryAgain:
      return perform(.giveFeedback(.unary, session.settings.wordings.tryAgain))
    case .critique(let text):
      return perform(
        .giveFeedback(.critique, session.settings.wordings.critique(saying: text)))
    case .edit(let old, let new): return perform(.edit(.replace(old: old, new: new)))
    case .editHere(let turn): return openEditor(turn)
    case .rewrite(let turn, let text): return finishEdit(of: turn, with: text)
    case .continueReply(let text): return continueReply(text)
    case .regenerate(let count): return regenerate(count)
    case .undo: return perform(.undo)
    case .redo: return perform(.redo)
    case .diff: return openDiff()
    case .tree:
      openTree()
      return []
    case .prompt: return inspect(nil, .prompt)
    case .inspect(let turn): return inspect(turn, hasScreen ? .live : .whole)
    case .branch(let place, let number):
      guard let reply = session.lastReply else { return [.complain(.refused(.noReply))] }
      return branch(reply.id, at: place - 1, .number(number))
    case .fork(let path): return fork(path)
    case .go(let id): return perform(.go(id))
    case .goBelow(let id, let place): return go(below: id, place)
    case .rate(let rating, let reason): return rate(rating, reason)
    case .note(let text): return perform(.note(text))
    case .tag(let word):
      guard let reply = session.lastReply else { return [.complain(.refused(.noReply))] }
      return toggleTag(word, reply.id)
    case .bookmark:
      guard let reply = session.lastReply else { return [.complain(.refused(.noReply))] }
      return toggleBookmark(reply.id)
    case .find(let text):
      search = TextSearch(text)
      return findAgain(1)
    case .copy:
      guard let reply = session.lastReply else { return [.complain(.refused(.noReply))] }
      return copy([reply.id])
    case .export(let format, let path):
      work.running += 1
      return [.export(ExportRequest(format: format, path: path))]
    case .macro(let path): return macro(path)
    case .system(let text): return perform(.instruct(text))
    case .duel(let request): return begin(request)
    case .vote(let choice): return vote(choice)
    case .friction: return openFriction()
    case .set(let request): return set(request)
    case .model(let name): return choose(model: name)
    case .preset(let name): return use(preset: name)
    case .mouse: return setMouse(!hasMouse)
    case .help:
      page = .help(row: 0)
      return []
    case .quit: return [.quit]
    }
  }

  private mutating func regenerate(_ count: Int) -> [Effect] {
    let effects = perform(.regenerate())
    if !effects.contains(where: \.isComplaint) {
      queue += Array(repeating: .regenerate(), count: count - 1)
    }
    return effects
  }

  /// From the chosen turn of the tree, else from where the conversation stands.
  mutating func fork(_ path: String?) -> [Effect] {
    guard isIdle else { return [.complain(.refused(.replyInProgress))] }
    guard let turn = page == .tree ? tree?.chosen : session.head else {
      return [.complain(.refused(.noReply))]
    }
    work.running += 1
    return [.fork(turn, path: path)]
  }

  /// A rating, and its reason as a note beside it: the record keeps both, and those before them.
  private mutating func rate(_ rating: Rating?, _ reason: String) -> [Effect] {
    let effects = perform(.rate(rating))
    guard !reason.isEmpty, !effects.contains(where: \.isComplaint) else { return effects }
    let words = rating.map { "rated \(TurnLabels.word(for: $0))" } ?? "no longer rated"
    return effects + perform(.note("\(words): \(reason)"))
  }

  private mutating func macro(_ path: String) -> [Effect] {
    guard isIdle else { return [.complain(.refused(.replyInProgress))] }
    guard !session.turns.isEmpty else { return [.complain(.noPrompt)] }
    work.running += 1
    return [.macro(path: path)]
  }

  /// Asks for the format and the file of one branch: to the chosen turn of the tree, else to where
  /// the conversation stands.
  mutating func openExport() -> [Effect] {
    guard let turn = page == .tree ? tree?.chosen : session.head else {
      return [.complain(.noPrompt)]
    }
    mode = .aside(.export(upTo: turn), LineEditor("markdown"))
    notice = .told("a format and a file; without a file it is named after the session")
    return []
  }

  mutating func export(_ line: String, upTo turn: TurnID) -> [Effect] {
    do {
      guard case .command(.export(let format, let path)) = try SlashCommand.parse("/export " + line)
      else { return [] }
      work.running += 1
      return [.export(ExportRequest(format: format, path: path, branch: turn))]
    } catch {
      return [.complain(error)]
    }
  }

  mutating func openDiff() -> [Effect] {
    guard let reply = session.lastReply else { return [.complain(.refused(.noReply))] }
    guard session.previousAttempt(of: reply.id) != nil else {
      return [.complain(.noEarlierAttempt)]
    }
    page = .diff(reply.id, row: 0)
    return []
  }

  /// The newest end under the sibling `step` places away from the lowest turn that has any.
  mutating func goToSibling(_ step: Int) -> [Effect] {
    guard let fork = index.path.last(where: { index.siblingCount(of: $0) > 1 }),
      let sibling = step < 0 ? index.previousSibling(of: fork) : index.nextSibling(of: fork)
    else { return [.complain(.noOtherVersion)] }
    return perform(.go(index.newestEnd(below: sibling)))
  }
}

// Remarks, searching, copying.
extension ScreenState {
  mutating func openTree() {
    if tree == nil { tree = TreeView(session, index) }
    tree?.open(session, index)
    page = .tree
  }

  mutating func toggleTag(_ word: String, _ turn: TurnID) -> [Effect] {
    let name = String(word.trimmingSpace().drop { $0 == "#" })
    let isSet = session.tags[turn]?.contains(name) != true
    return perform(.tag(word, on: turn, isSet: isSet))
  }

  mutating func toggleBookmark(_ turn: TurnID) -> [Effect] {
    perform(.bookmark(turn, isSet: !session.bookmarks.contains(turn)))
  }

  /// The next (1) or previous (-1) place that holds what is searched for, the whole way round.
  mutating func findAgain(_ step: Int) -> [Effect] {
    if page == .tree {
      guard let query = tree?.search?.query else { return [] }
      let isFound = tree?.find(step, session) == true
      return isFound ? [] : [.complain(.notFound(query))]
    }
    guard let search else { return [] }
    let path = index.path
    guard !path.isEmpty else { return [.complain(.notFound(search.query))] }
    // Without a place to start from, the newest turn comes first.
    let here = anchor.flatMap { index.place(onPath: $0.turn) }
    let start = here.map { $0 + step } ?? path.count - 1
    let direction = here == nil ? -1 : step
    for offset in 0..<path.count {
      let place = ((start + direction * offset) % path.count + path.count) % path.count
      guard let turn = session[path[place]], search.isFound(in: text(of: turn)) else { continue }
      if hasScreen { show(path[place]) }
      notice = hasScreen ? nil : .told("turn \(path[place]) holds it")
      return []
    }
    self.search = nil
    return [.complain(.notFound(search.query))]
  }

  /// Most bytes that go to the terminal's clipboard: the least of what terminals take (OSC 52, in
  /// Base64 100,000 bytes).
  static let copiedBytesMax = 74_994

  mutating func copy(_ turns: [TurnID]) -> [Effect] {
    guard hasScreen else { return [.complain(.needsScreen)] }
    let labels = TurnLabels(self)
    let texts = turns.compactMap { session[$0] }.map { turn in
      turns.count == 1 ? text(of: turn) : labels.speaker(of: turn) + ":\n" + text(of: turn)
    }
    let whole = Sanitise.visible(texts.joined(separator: "\n\n"))
    guard whole.utf8.count <= Self.copiedBytesMax else {
      return [
        .complain(.tooLongToCopy(bytes: whole.utf8.count, limit: Self.copiedBytesMax))
      ]
    }
    notice = .told("copied: \(whole.count) characters")
    return [.copy(whole)]
  }
}

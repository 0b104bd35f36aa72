import SessionCore

// Keys: what each deed of the keymap does in each mode.
extension ScreenState {
  private var contexts: [Keymap.Context] {
    var typing: [Keymap.Context] = vi.isOn ? [.vi] : [.text]
    switch mode {
    case .aside where page == nil || mode.isOverPage: return typing + [.insert]
    case .palette: return [.palette, .text]
    case .normal where page == nil: return [.normal]
    case .insert where page == nil: typing = vi.isOn ? [.vi, .insert] : [.insert, .text]
    case .editor where page == nil: typing = vi.isOn ? [.vi, .editor] : [.editor, .text]
    default:
      switch page {
      case .tree: return [.tree, .page]
      case .inspect: return [.inspect, .page]
      case .duel: return [.duel, .page]
      case .friction: return [.friction, .page]
      default: return [.page]
      }
    }
    return typing
  }

  /// Whether characters are taken as text.
  private var isTyping: Bool {
    (page == nil && mode != .normal || mode.isOverPage) && !vi.isOn
  }

  mutating func press(_ pressed: Key, at time: Timestamp) -> [Effect] {
    var key = pressed
    if isPrefixed {
      isPrefixed = false
      switch pressed {
      case .control(let letter), .character(let letter): key = .afterControlX(letter)
      default: break
      }
    }
    let deed = keymap.deed(for: key, in: contexts)
    // Drawn again, the screen says what it said before.
    if deed != .redraw { notice = nil }
    if let effects = takeDigit(key, deed) { return effects }
    guard let number = count else { return carryOut(deed, key, at: time) }
    count = nil
    if let effects = carryOut(deed, behind: number) { return effects }
    return carryOut(deed, key, at: time) + rate(number)
  }

  /// - Parameter deed: nil where the key means nothing here but itself.
  private mutating func carryOut(
    _ deed: Keymap.Deed?, _ key: Key, at time: Timestamp
  ) -> [Effect] {
    if let deed { return carryOut(deed, at: time) }
    vi.forget()
    switch key {
    case .character(let character):
      if isTyping { edit { $0.insert(String(character)) } }
      return []
    case .alt(let character):
      // An Alt key that means nothing was Escape, and then a character.
      return press(.escape, at: time) + press(.character(character), at: time)
    default: return []
    }
  }

  mutating func paste(_ text: String) -> [Effect] {
    notice = nil
    // Two replies that wait for a vote stay in view.
    guard !isBlind else { return [] }
    if !mode.isOverPage { page = nil }
    if mode == .normal { mode = .insert }
    let plain = text.reduce(into: "") { $0.append($1.isNewline ? "\n" : $1) }
    edit { $0.insert(plain) }
    return []
  }

  mutating func carryOut(_ deed: Keymap.Deed, at time: Timestamp) -> [Effect] {
    if let effects = lookInto(deed) { return effects }
    if let effects = look(deed) { return effects }
    if let effects = type(deed) { return effects }
    switch deed {
    case .interrupt: return interrupt(at: time)
    case .redraw: return [.redraw]
    case .mouse: return run(.mouse)
    case .suspend: return [.suspend]
    case .tryAgain: return run(.tryAgain)
    case .critique: return openAside(.critique)
    case .critiqueOutside: return openOutside(.critique)
    case .note: return targetTurn.map { openAside(.note(on: $0)) } ?? noReply
    case .tag: return targetTurn.map { openAside(.tag(on: $0)) } ?? noReply
    case .bookmark: return targetTurn.map { toggleBookmark($0) } ?? noReply
    case .editInPlace: return openEditor(page == .tree ? targetTurn : nil)
    case .editOutside: return openOutsideEditor(page == .tree ? targetTurn : nil)
    case .editPrompt:
      return lastPrompt.map { openEditor($0) } ?? [.complain(.noPrompt)]
    case .regenerate: return run(.regenerate(1))
    case .regenerateFive: return run(.regenerate(5))
    case .inspect: return inspect(page == .tree ? targetTurn : nil, .live)
    case .fork: return run(.fork(path: nil))
    case .exportLine: return openExport()
    case .undo: return run(.undo)
    case .redo: return run(.redo)
    case .rate(let rating):
      return page == .tree
        ? perform(.rate(rating, of: targetTurn)) : run(.rate(rating, reason: ""))
    case .duel: return run(.duel(DuelRequest(sides: [DuelSide(), DuelSide()])))
    case .vote(let choice): return vote(choice)
    case .friction: return run(.friction)
    case .copyTurn: return targetTurn.map { copy([$0]) } ?? noReply
    case .copyBranch: return copy(index.path)
    case .dumpScreen:
      work.running += 1
      return [.saveScreen]
    default: return []
    }
  }

  private var noReply: [Effect] { [.complain(.refused(.noReply))] }

  /// The turn that remarks are about: the chosen one of the tree, else the last reply.
  var targetTurn: TurnID? { page == .tree ? tree?.chosen : session.lastReply?.id }

  /// Deeds that only change what is looked at; nil for the others.
  private mutating func look(_ deed: Keymap.Deed) -> [Effect]? {
    switch deed {
    case .diff: return run(.diff)
    case .tree: return run(.tree)
    case .help: return run(.help)
    case .glyphs: hasBraille.toggle()
    case .quit: return [.quit]
    case .palette: mode = .palette(Palette(fromNormal: mode == .normal))
    case .search where page == .tree: mode = .aside(.treeSearch, LineEditor())
    case .search: mode = .aside(.search, LineEditor(search?.query ?? ""))
    case .searchNext: return findAgain(1)
    case .searchPrevious: return findAgain(-1)
    case .previousSibling, .nextSibling:
      let step = deed == .nextSibling ? 1 : -1
      guard page == .tree else { return goToSibling(step) }
      walkTree { step < 0 ? $0.previousSibling(of: $1) : $0.nextSibling(of: $1) }
    case .parent: walkTree { $0.parent(of: $1) }
    case .child: walkTree { $0.firstChild(of: $1) }
    case .fold: tree?.toggleFold(session, index)
    case .foldAll: tree?.toggleFoldAll(session, index)
    case .filter:
      tree?.nextFilter(session, index)
      notice = tree.map { .told("shown: \($0.filter.word)") }
    case .type, .commandLine:
      mode = .insert
      if deed == .commandLine, prompt.isEmpty { prompt.insert("/") }
    case .up, .down, .pageUp, .pageDown, .halfUp, .halfDown, .top, .bottom: scroll(deed)
    case .choose: return choose()
    default: return nil
    }
    return []
  }

  private mutating func walkTree(_ step: (TurnIndex, TurnID) -> TurnID?) {
    guard let chosen = tree?.chosen, let next = step(index, chosen) else { return }
    tree?.choose(next, index)
  }

  private mutating func choose() -> [Effect] {
    if case .palette(let palette) = mode { return choose(from: palette) }
    if page == .duel {
      if isBlind { notice = .told("a, b, t or n says which is better; Esc: no vote") }
      if !isBlind { endDuel() }
      return []
    }
    let chosen = tree?.chosen
    page = nil
    guard let chosen, chosen != session.head else { return [] }
    return perform(.go(chosen))
  }

  private mutating func choose(from palette: Palette) -> [Effect] {
    let items = palette.items(keymap)
    leaveMode()
    guard items.indices.contains(palette.chosen) else { return [] }
    switch items[palette.chosen].kind {
    case .deed(let deed): return carryOut(deed, at: lastEntry ?? 0)
    case .command(let entry) where entry.arguments.isEmpty || entry.isOptional:
      return submit("/" + entry.name)
    case .command(let entry):
      mode = .insert
      prompt.set("/" + entry.name + " ")
      return []
    }
  }
}

extension ScreenState.Mode {
  /// Whether what is typed is typed while a page stays in view.
  var isOverPage: Bool {
    switch self {
    case .aside(.treeSearch, _), .aside(.note, _), .aside(.tag, _), .aside(.export, _): true
    default: false
    }
  }
}

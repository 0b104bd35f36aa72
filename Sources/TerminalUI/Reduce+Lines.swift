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
    case .tryAgain: return perform(.giveFeedback(.unary, Feedback.unaryWording))
    case .critique(let text): return perform(.giveFeedback(.critique, text))
    case .edit(let old, let new): return perform(.edit(.replace(old: old, new: new)))
    case .editHere: return openEditor()
    case .regenerate: return perform(.regenerate())
    case .undo: return perform(.undo)
    case .diff: return openDiff()
    case .tree:
      page = .tree(chosen: session.head)
      return []
    case .go(let id): return perform(.go(id))
    case .rate(let rating): return perform(.rate(rating))
    case .note(let text): return perform(.note(text))
    case .export(let format, let path):
      work.running += 1
      return [.export(format: format, path: path)]
    case .help:
      page = .help(row: 0)
      return []
    case .quit: return [.quit]
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

  mutating func openEditor() -> [Effect] {
    guard hasScreen else {
      return SlashCommand.Entry.all.first { $0.name == "edit" }
        .map { [.complain(.missingArgument($0))] } ?? []
    }
    guard isIdle else { return [.complain(.refused(.replyInProgress))] }
    guard let reply = session.lastReply else { return [.complain(.refused(.noReply))] }
    var editor = LineEditor(reply.text)
    editor.moveToStart()
    page = nil
    mode = .editor(
      ReplyEdit(
        turn: reply.id, original: reply.text, editor: editor, fromNormal: mode == .normal))
    return []
  }

  mutating func openOutsideEditor() -> [Effect] {
    guard isIdle else { return [.complain(.refused(.replyInProgress))] }
    guard let reply = session.lastReply else { return [.complain(.refused(.noReply))] }
    return [.editOutside(reply.id, reply.text)]
  }

  mutating func finishEdit(of turn: TurnID, with text: String) -> [Effect] {
    guard let original = session[turn]?.text else {
      return [.complain(.refused(.unknownTurn(turn)))]
    }
    // Editors end a file with a line feed that nobody typed.
    var edited = text
    if !original.hasSuffix("\n"), edited.hasSuffix("\n") { edited.removeLast() }
    guard edited != original else { return [.complain(.refused(.editChangesNothing))] }
    return perform(.edit(.rewrite(edited), of: turn))
  }

  /// The newest end under the sibling `step` places away from the lowest turn that has any.
  mutating func goToSibling(_ step: Int) -> [Effect] {
    // Grouped once: asking turn by turn would go through a long session for each of its turns.
    let children = Dictionary(grouping: session.turns, by: \.parent)
    let fork = session.current.last { children[$0.parent, default: []].count > 1 }
    guard let fork else { return [.complain(.noOtherVersion)] }
    let siblings = children[fork.parent, default: []]
    let place = siblings.firstIndex { $0.id == fork.id }.map { $0 + step } ?? -1
    guard siblings.indices.contains(place) else { return [.complain(.noOtherVersion)] }
    var end = siblings[place].id
    while let next = children[end]?.last { end = next.id }
    return perform(.go(end))
  }
}

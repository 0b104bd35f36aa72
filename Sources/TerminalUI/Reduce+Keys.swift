import SessionCore

// Keys: what each deed of the keymap does in each mode.
extension ScreenState {
  private var contexts: [Keymap.Context] {
    if page != nil { return [.page] }
    switch mode {
    case .normal: return [.normal]
    case .insert, .aside: return [.insert, .text]
    case .editor: return [.editor, .text]
    }
  }

  mutating func press(_ key: Key, at time: Timestamp) -> [Effect] {
    notice = nil
    if let deed = keymap.deed(for: key, in: contexts) { return carryOut(deed, at: time) }
    switch key {
    case .character(let character):
      if page == nil { edit { $0.insert(String(character)) } }
      return []
    case .alt(let character):
      // An Alt key that means nothing was Escape, and then a character.
      return press(.escape, at: time) + press(.character(character), at: time)
    default: return []
    }
  }

  mutating func paste(_ text: String) -> [Effect] {
    notice = nil
    page = nil
    if mode == .normal { mode = .insert }
    let plain = text.reduce(into: "") { $0.append($1.isNewline ? "\n" : $1) }
    edit { $0.insert(plain) }
    return []
  }

  private mutating func carryOut(_ deed: Keymap.Deed, at time: Timestamp) -> [Effect] {
    switch deed {
    case .interrupt: return interrupt(at: time)
    case .redraw: return [.redraw]
    case .suspend: return [.suspend]
    case .tryAgain: return run(.tryAgain)
    case .critique: return openAside(.critique)
    case .note: return openAside(.note)
    case .editInPlace: return openEditor()
    case .editOutside: return openOutsideEditor()
    case .regenerate: return run(.regenerate)
    case .undo: return run(.undo)
    case .diff: return run(.diff)
    case .tree: return run(.tree)
    case .help: return run(.help)
    case .quit: return [.quit]
    case .previousSibling: return goToSibling(-1)
    case .nextSibling: return goToSibling(1)
    case .rate(let rating): return run(.rate(rating))
    case .type, .commandLine:
      mode = .insert
      if deed == .commandLine, prompt.isEmpty { prompt.insert("/") }
    case .leave: leave()
    case .up, .down, .pageUp, .pageDown, .halfUp, .halfDown, .top, .bottom: scroll(deed)
    case .choose: return choose()
    case .send: return send()
    case .newline: edit { $0.insert("\n") }
    case .complete: complete()
    case .endOfInput:
      if case .insert = mode, prompt.isEmpty { return [.quit] }
      edit { $0.deleteForward() }
    case .edit(let key): edit(key)
    }
    return []
  }

  private mutating func openAside(_ aside: Aside) -> [Effect] {
    guard session.lastReply != nil else { return [.complain(.refused(.noReply))] }
    guard isIdle || aside == .note else { return [.complain(.refused(.replyInProgress))] }
    mode = .aside(aside, LineEditor())
    return []
  }

  private mutating func leave() {
    if page != nil {
      page = nil
      return
    }
    switch mode {
    case .editor(let edit): mode = edit.fromNormal ? .normal : .insert
    case .insert, .aside, .normal: mode = .normal
    }
  }

  private mutating func choose() -> [Effect] {
    guard case .tree(let chosen) = page else {
      page = nil
      return []
    }
    page = nil
    guard let chosen, chosen != session.head else { return [] }
    return perform(.go(chosen))
  }

  private mutating func send() -> [Effect] {
    switch mode {
    case .normal: return []
    case .insert:
      let effects = submit(prompt.text)
      // What was not understood stays on the line, to be mended.
      if effects.contains(where: \.isComplaint) { return effects }
      _ = prompt.submit()
      anchor = nil
      return effects
    case .aside(let aside, let line):
      mode = .normal
      let text = line.text.trimmingSpace()
      guard !text.isEmpty else { return [] }
      return run(aside == .critique ? .critique(text) : .note(text))
    case .editor(let edit):
      guard edit.editor.text != edit.original else {
        return [.complain(.refused(.editChangesNothing))]
      }
      mode = edit.fromNormal ? .normal : .insert
      return finishEdit(of: edit.turn, with: edit.editor.text)
    }
  }

  private mutating func complete() {
    guard prompt.text.hasPrefix("/"), !prompt.text.contains(" "),
      let name = SlashCommand.Entry.completion(of: String(prompt.text.dropFirst()))
    else { return }
    let command = SlashCommand.Entry.all.first { $0.name == name }
    prompt.set("/" + name + (command?.arguments.isEmpty == false ? " " : ""))
  }

  private mutating func edit(_ key: Keymap.EditorKey) {
    let columns = textColumns
    edit { $0.press(key, columns: columns) }
  }

  private mutating func edit(_ change: (inout LineEditor) -> Void) {
    switch mode {
    case .normal: break
    case .insert: change(&prompt)
    case .aside(let aside, var line):
      change(&line)
      mode = .aside(aside, line)
    case .editor(var edit):
      change(&edit.editor)
      mode = .editor(edit)
    }
  }
}

extension Effect {
  var isComplaint: Bool {
    if case .complain = self { true } else { false }
  }
}

extension LineEditor {
  mutating func press(_ key: Keymap.EditorKey, columns: Int) {
    switch key {
    case .left: moveLeft()
    case .right: moveRight()
    case .up: moveVertically(-1, columns: columns)
    case .down: moveVertically(1, columns: columns)
    case .wordLeft: moveWordLeft()
    case .wordRight: moveWordRight()
    case .lineStart: moveToLineStart()
    case .lineEnd: moveToLineEnd()
    case .deleteBackward: deleteBackward()
    case .deleteForward: deleteForward()
    case .killToLineEnd: killToLineEnd()
    case .killToLineStart: killToLineStart()
    case .killBigWordBackward: killBigWordBackward()
    case .killWordBackward: killWordBackward()
    case .killWordForward: killWordForward()
    case .yank: yank()
    case .undo: undo()
    case .older: if !moveVertically(-1, columns: columns) { recallOlder() }
    case .newer: if !moveVertically(1, columns: columns) { recallNewer() }
    }
  }
}

import SessionCore

// Typing: deeds on the text under the caret, and what becomes of it.
extension ScreenState {
  /// Deeds of a text; nil for the others.
  mutating func type(_ deed: Keymap.Deed) -> [Effect]? {
    switch deed {
    case .prefix: isPrefixed = true
    case .leave:
      let left = page
      leave()
      guard page == nil else { return [] }
      // Nobody looks any more: the model need not evaluate the rest.
      if left?.inspection != nil, work.running > 0 { return [.cancelInspection] }
      if left?.isFriction == true { return [.stopMeasuring] }
    case .send: return send()
    case .newline: edit { $0.insert("\n") }
    case .complete: return complete()
    case .endOfInput:
      if case .insert = mode, prompt.isEmpty { return [.quit] }
      edit { $0.deleteForward() }
    case .promptOutside: return openOutside(.message)
    case .searchHistory: searchHistory()
    case .edit(let key): edit(key)
    case .vi(let key):
      var vi = vi
      edit { vi.press(key, on: &$0) }
      self.vi = vi
    default: return nil
    }
    return []
  }

  private mutating func leave() {
    if keymap.editingMode == .vi, !vi.isOn, page == nil || mode.isOverPage,
      mode != .normal, mode.isText
    {
      vi.isOn = true
      edit { $0.moveLeft() }
    } else if mode.isOverPage {
      leaveMode()
    } else if page == .duel {
      leaveDuel()
    } else if page != nil {
      page = isBlind ? .duel : nil
    } else {
      if mode == .normal || mode == .insert { search = nil }
      leaveMode()
    }
  }

  mutating func openAside(_ aside: Aside) -> [Effect] {
    guard session.lastReply != nil else { return [.complain(.refused(.noReply))] }
    guard isIdle || aside != .critique else { return [.complain(.refused(.replyInProgress))] }
    mode = .aside(aside, LineEditor())
    return []
  }

  private mutating func send() -> [Effect] {
    switch mode {
    case .normal, .palette: return []
    case .insert:
      let effects = submit(prompt.text)
      // What was not understood stays on the line, to be mended.
      if effects.contains(where: \.isComplaint) { return effects }
      _ = prompt.submit()
      vi = ViCommand()
      anchor = nil
      return effects
    case .aside(let aside, let line): return send(aside, line)
    case .editor(let edit):
      guard edit.editor.text != edit.original else {
        return [.complain(.refused(.editChangesNothing))]
      }
      leaveMode()
      return sendEdit(of: edit.turn, with: edit.editor.text)
    }
  }

  private mutating func send(_ aside: Aside, _ line: LineEditor) -> [Effect] {
    leaveMode()
    let text = line.text.trimmingSpace()
    if case .history(let found) = aside {
      if let found { prompt.set(prompt.history.lines[found]) }
      return []
    }
    guard !text.isEmpty else { return [] }
    switch aside {
    case .critique: return run(.critique(text))
    case .note(let turn): return perform(.note(text, on: turn))
    case .tag(let turn): return toggleTag(text, turn)
    case .export(let turn): return export(text, upTo: turn)
    case .search: return run(.find(line.text))
    case .treeSearch:
      tree?.search = TextSearch(line.text)
      return findAgain(1)
    case .history: return []
    }
  }

  // MARK: - History

  /// Opens the search of older lines, or goes to the next older place found.
  private mutating func searchHistory() {
    if case .aside(.history(let found), let line) = mode {
      let older = prompt.history.found(line.text, before: found)
      mode = .aside(.history(found: older?.place ?? found), line)
      if older == nil { notice = .told("no older line holds it") }
    } else if case .insert = mode {
      vi = ViCommand()
      mode = .aside(.history(found: nil), LineEditor())
    }
  }

  // MARK: - Completion

  private mutating func complete() -> [Effect] { asCommand { $0.completeLine() } }

  /// Completes a line beside the prompt as if its command stood before it.
  private mutating func asCommand<Answer>(_ work: (inout Self) -> Answer) -> Answer {
    guard case .aside(let aside, let line) = mode, let lead = aside.command else {
      return work(&self)
    }
    let message = prompt
    (mode, prompt) = (.insert, LineEditor(lead + line.text))
    let answer = work(&self)
    let completed = String(prompt.text.dropFirst(lead.count))
    (mode, prompt) = (.aside(aside, LineEditor(completed)), message)
    return answer
  }

  private mutating func completeLine() -> [Effect] {
    guard case .insert = mode else { return [] }
    let text = prompt.text
    guard text.hasPrefix("/") else { return [] }
    let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard words.count > 1 else {
      completeName(String(words[0].dropFirst()))
      return []
    }
    guard let entry = SlashCommand.Entry.all.first(where: { "/" + $0.name == words[0] }),
      let (slot, place) = entry.slot(words.count - 2)
    else { return [] }
    // What fills the last place may have blanks in it.
    let beginning = words[(place + 1)...].joined(separator: " ")
    switch slot {
    case .file: return [.listPaths(beginning)]
    case .model: return [.listNames(.models, beginning)]
    case .preset: return [.listNames(.presets, beginning)]
    case .side: return completeSide(words.last ?? "")
    case .word:
      complete(
        beginning, among: candidates(for: entry, at: place),
        isLast: entry.slots.count == place + 1)
    }
    return []
  }

  /// A word of a duel's side: a model, or what is no model's name.
  private mutating func completeSide(_ word: String) -> [Effect] {
    let settings = Setting.Name.allCases.filter(\.isOfDrawing).map { $0.rawValue + "=" }
    let others = (settings + ["try-again", "critique ", "same"]).filter { $0.hasPrefix(word) }
    guard !word.isEmpty, !others.isEmpty else { return [.listNames(.models, word)] }
    complete(word, among: others, isLast: true)
    return []
  }

  private mutating func completeName(_ beginning: String) {
    guard let name = SlashCommand.Entry.completion(of: beginning) else {
      let names = SlashCommand.Entry.all.map(\.name).filter { $0.hasPrefix(beginning) }
      return offer(names.map { "/" + $0 })
    }
    let command = SlashCommand.Entry.all.first { $0.name == name }
    prompt.set("/" + name + (command?.arguments.isEmpty == false ? " " : ""))
  }

  /// What the words of a command can be.
  private func candidates(for entry: SlashCommand.Entry, at place: Int) -> [String] {
    switch entry.name {
    case "export": completions.formats
    case "tag": tags
    case "rate": ["+", "-", "1", "2", "3", "4", "5", "0"]
    case "set" where place == 0: Setting.Name.allCases.map(\.rawValue)
    case "set": [SettingRequest.usualWord] + Setting.histories.map(\.word)
    default: []
    }
  }

  /// A person's own, then those that the session has besides.
  private var tags: [String] {
    completions.tags
      + Set(session.tags.values.joined()).subtracting(completions.tags).sorted()
  }

  private mutating func complete(_ beginning: String, among words: [String], isLast: Bool) {
    let matches = words.filter { $0.hasPrefix(beginning) }
    guard let shared = matches.sharedBeginning else { return }
    let end = matches.count == 1 && !isLast ? " " : ""
    prompt.set(String(prompt.text.dropLast(beginning.count)) + shared + end)
    if matches.count > 1, shared == beginning { offer(matches) }
  }

  /// - Parameter beginning: what the paths were asked for; an answer that comes late is dropped.
  mutating func completePath(_ paths: [String], _ beginning: String) {
    asCommand { $0.completeLine(with: paths, beginning) }
  }

  private mutating func completeLine(with paths: [String], _ beginning: String) {
    guard prompt.text.hasPrefix("/"), prompt.text.hasSuffix(" " + beginning),
      let shared = paths.sharedBeginning
    else { return }
    prompt.set(String(prompt.text.dropLast(beginning.count)) + shared)
    if paths.count > 1, shared == beginning { offer(paths) }
  }

  private mutating func offer(_ words: [String]) {
    guard words.count > 1 else { return }
    notice = .told(words.joined(separator: "  "))
  }

  // MARK: - The text under the caret

  private mutating func edit(_ key: Keymap.EditorKey) {
    let columns = textColumns
    var vi = vi
    edit { editor in
      if vi.isOn {
        vi.press(key, on: &editor, columns: columns)
      } else {
        editor.press(key, columns: columns)
      }
    }
    self.vi = vi
  }

  mutating func edit(_ change: (inout LineEditor) -> Void) {
    switch mode {
    case .normal: break
    case .insert: change(&prompt)
    case .aside(let aside, var line):
      change(&line)
      mode = .aside(narrowed(aside, line.text), line)
    case .editor(var edit):
      change(&edit.editor)
      mode = .editor(edit)
    case .palette(var palette):
      change(&palette.line)
      palette.chosen = 0
      mode = .palette(palette)
    }
  }

  /// A search in older lines follows what is typed.
  private func narrowed(_ aside: Aside, _ text: String) -> Aside {
    guard case .history(let found) = aside else { return aside }
    return .history(found: prompt.history.found(text, before: found.map { $0 + 1 })?.place)
  }
}

extension ScreenState.Mode {
  /// Whether a text is under the caret that vi's commands work on.
  var isText: Bool {
    switch self {
    case .insert, .aside, .editor: true
    case .normal, .palette: false
    }
  }
}

extension Effect {
  var isComplaint: Bool {
    if case .complain = self { true } else { false }
  }
}

extension [String] {
  /// The longest beginning all of them have; nil without any.
  fileprivate var sharedBeginning: String? {
    guard let first else { return nil }
    return dropFirst().reduce(first) { common, word in
      String(zip(common, word).prefix { $0 == $1 }.map(\.0))
    }
  }
}

import SessionCore

// Other versions of turns: edited under the cursor, in `$EDITOR`, or by a command.
extension ScreenState {
  /// A person's version of a turn that is not in the record yet. What cannot be recorded is not
  /// lost: it comes back under the cursor.
  struct PendingEdit: Equatable, Sendable {
    var turn: TurnID
    var text: String
    /// Entries the record had when it was sent.
    var entries: Int
  }

  /// What the person said last in the conversation as it stands.
  var lastPrompt: TurnID? { index.path.last { session[$0]?.role == .user } }

  /// Puts a turn (nil: the last reply) under the cursor.
  mutating func openEditor(_ target: TurnID?) -> [Effect] {
    guard hasScreen else {
      // A terminal without a screen has its own editor.
      if hasTerminal { return openOutsideEditor(target) }
      return SlashCommand.Entry.all.first { $0.name == "edit" }
        .map { [.complain(.missingArgument($0))] } ?? []
    }
    guard isIdle else { return [.complain(.refused(.replyInProgress))] }
    do {
      let turn = try editable(target)
      page = nil
      mode = .editor(edit(of: turn, text: turn.text))
      return []
    } catch {
      return [.complain(.refused(error))]
    }
  }

  private func editable(_ target: TurnID?) throws(Refusal) -> Turn {
    guard let target else {
      guard let reply = session.lastReply else { throw .noReply }
      return reply
    }
    guard let turn = session[target] else { throw .unknownTurn(target) }
    return turn
  }

  private func edit(of turn: Turn, text: String) -> TurnEdit {
    var editor = LineEditor(text)
    // A reply goes wrong somewhere; a question is mended at its end.
    if turn.role == .assistant { editor.moveToStart() }
    return TurnEdit(
      turn: turn.id, role: turn.role, below: TreeView.count(below: turn.id, index),
      original: turn.text, editor: editor, fromNormal: mode == .normal)
  }

  /// Asks for a person's version of a turn.
  /// - Parameter kind: of feedback, when the person said which; nil leaves it to the text.
  mutating func finishEdit(
    of id: TurnID, with text: String, as kind: Feedback.Kind? = nil
  ) -> [Effect] {
    guard let turn = session[id] else { return [.complain(.refused(.unknownTurn(id)))] }
    // Editors end a file with a line feed that nobody typed.
    var edited = text
    if !turn.text.hasSuffix("\n"), edited.hasSuffix("\n") { edited.removeLast() }
    var command = Command.edit(.rewrite(edited), of: id)
    if let kind, let feedback = turn.feedback, kind != feedback.kind || edited != turn.text {
      command = .giveFeedback(kind, edited, on: feedback.on)
    } else if edited == turn.text {
      return [.complain(.refused(.editChangesNothing))]
    }
    lastEdit = PendingEdit(turn: id, text: edited, entries: session.entryCount)
    return perform(command)
  }

  /// The same for what was typed in an editor: what cannot be asked for stays under the cursor.
  mutating func sendEdit(
    of id: TurnID, with text: String, as kind: Feedback.Kind? = nil
  ) -> [Effect] {
    let effects = finishEdit(of: id, with: text, as: kind)
    if effects.contains(where: \.isComplaint) { takeUpEdit(session.entryCount) }
    return effects
  }

  /// Puts an edit under the cursor again that came to nothing.
  /// - Parameter entries: of the record as it is now; 0 when none was reached.
  mutating func takeUpEdit(_ entries: Int) {
    guard let edit = lastEdit else { return }
    lastEdit = nil
    guard hasScreen, entries <= edit.entries, let turn = session[edit.turn] else { return }
    switch mode {
    case .normal, .insert: mode = .editor(self.edit(of: turn, text: edit.text))
    case .aside, .editor, .palette: break
    }
  }

  /// The last reply, gone on with at its end.
  mutating func continueReply(_ text: String) -> [Effect] {
    guard let reply = session.lastReply else { return [.complain(.refused(.noReply))] }
    let isApart = text.isEmpty || reply.text.isEmpty || reply.text.last?.isWhitespace == true
    let start = InPlaceEdit.Start(
      before: reply.text.utf8, writtenBy: reply.spans, typed: isApart ? text : " " + text)
    return perform(.edit(.beginning(start), of: reply.id))
  }

  // MARK: - What stays behind

  /// How many turns of the conversation as it stands a new version leaves on the old branch; nil
  /// when it is none, or leaves nothing.
  func turnsLeft(by event: Event) -> Int? {
    var above: TurnID?
    switch event {
    case .promptAdded(let prompt): above = prompt.parent
    case .replyStarted(let reply):
      guard case .continued = reply.origin else { return nil }
      above = reply.parent
    default: return nil
    }
    // Both sides of a duel stand beside each other.
    guard duel == nil else { return nil }
    while let id = above, index.place(onPath: id) == nil { above = index.parent(of: id) }
    let kept = above.flatMap { index.place(onPath: $0) }.map { $0 + 1 } ?? 0
    return index.path.count > kept ? index.path.count - kept : nil
  }

  /// Says what has become of the old version.
  mutating func tellBranch(_ left: Int?) {
    guard let left, let new = session.head,
      let old = session[new]?.replaces ?? index.previousSibling(of: new)
    else { return }
    let turns = left == 1 ? "1 turn stays" : "\(left) turns stay"
    notice = .told("turn \(new) instead of \(old); \(turns) on the old branch")
  }

  /// To a turn directly below another, the oldest of which is 1.
  mutating func go(below id: TurnID, _ place: Int) -> [Effect] {
    guard session[id] != nil else { return [.complain(.refused(.unknownTurn(id)))] }
    let below = session.children(of: id)
    guard below.indices.contains(place - 1) else {
      return [.complain(.noTurnBelow(id, count: below.count))]
    }
    return perform(.go(below[place - 1].id))
  }
}

// Editors outside.
extension ScreenState {
  /// Hands a turn (nil: the last reply) to `$EDITOR`.
  mutating func openOutsideEditor(_ target: TurnID?) -> [Effect] {
    guard isIdle else { return [.complain(.refused(.replyInProgress))] }
    do {
      let turn = try editable(target)
      page = nil
      return [outside(.turn(turn.id), turn.text)]
    } catch {
      return [.complain(.refused(error))]
    }
  }

  /// Hands what is being typed to `$EDITOR`.
  mutating func openOutside(_ purpose: OutsideText) -> [Effect] {
    switch (purpose, mode) {
    case (.critique, _):
      guard isIdle else { return [.complain(.refused(.replyInProgress))] }
      guard session.lastReply != nil else { return [.complain(.refused(.noReply))] }
      return [outside(.critique, "")]
    case (_, .editor(let edit)): return [outside(.turn(edit.turn), edit.editor.text)]
    case (_, .aside(.critique, let line)): return [outside(.critique, line.text)]
    case (_, .insert): return [outside(.message, prompt.text)]
    default: return []
    }
  }

  private func outside(_ purpose: OutsideText, _ text: String) -> Effect {
    .writeOutside(purpose, OutsideFile(purpose, in: self).holding(text))
  }

  /// A message waits on the line to be sent; anything else is done at once. When the head of the
  /// file cannot be read, the text stands under the cursor.
  mutating func takeWritten(_ file: String, _ purpose: OutsideText) -> [Effect] {
    switch OutsideFile(purpose, in: self).read(file) {
    case .text(let text, let kind): return take(text, kind, purpose)
    case .fault(let error, let text):
      switch purpose {
      case _ where !hasScreen: break
      case .message: prompt.set(text)
      case .critique: mode = .aside(.critique, LineEditor(text.trimmingSpace(.end)))
      case .turn(let id):
        guard let turn = session[id] else { break }
        mode = .editor(edit(of: turn, text: text.trimmingSpace(.end)))
      }
      return [.complain(error)]
    }
  }

  private mutating func take(
    _ text: String, _ kind: Feedback.Kind?, _ purpose: OutsideText
  ) -> [Effect] {
    switch purpose {
    case .message:
      prompt.set(text.trimmingSpace(.end))
      return []
    case .critique:
      if case .aside(.critique, _) = mode { leaveMode() }
      let text = text.trimmingSpace(.end)
      guard !text.isEmpty else { return [] }
      // The same words as on the line.
      if kind ?? .critique == .critique { return run(.critique(text)) }
      return perform(.giveFeedback(kind ?? .critique, text))
    case .turn(let id):
      if case .editor = mode { leaveMode() }
      return sendEdit(of: id, with: text, as: kind)
    }
  }
}

import SessionCore

/// The rule between conversation and prompt: the model and what it does on the left, numbers on
/// the right. What does not fit goes, the least important first.
struct StatusLine {
  let state: ScreenState

  /// What is going on, in one word. Tests wait for `ready`.
  var word: String {
    if let loading = state.loading {
      let waiting = state.queue.isEmpty ? "" : " · \(state.queue.count) waiting"
      return loading.words + waiting
    }
    if state.isIdle { return "ready" }
    if let duel = state.duel, let open = state.session.openReply,
      let letter = duel.blindLetter(of: open)
    {
      return "writing \(letter)"
    }
    return state.session.openReply == nil ? "reading" : "writing"
  }

  /// Right-hand side, the most important first.
  var facts: [String] {
    // Speed and length would tell the models apart.
    guard !state.isBlind else { return [] }
    var facts: [String] = []
    if let used = contextTokens {
      facts.append("context \(used)" + (state.model.contextTokensMax.map { "/\($0)" } ?? ""))
    }
    if let rate = tokensPerSecond { facts.append("\(oneDecimal(rate)) tokens/s") }
    facts.append("seed \(state.session.header.seed)")
    return facts
  }

  /// Tokens the model had read and written at the end of the conversation as it stands.
  var contextTokens: Int? {
    guard let reply = state.session.lastReply, let recipe = reply.recipe else { return nil }
    return recipe.promptTokens + (reply.statistics?.generatedTokens ?? reply.tokens.count)
  }

  /// Of the reply being written, else of the last one.
  var tokensPerSecond: Double? {
    guard let reply = state.session.lastReply else { return nil }
    if let statistics = reply.statistics { return statistics.tokensPerSecond }
    guard reply.id == state.session.openReply, let last = state.lastEntry, last > reply.time,
      !reply.tokens.isEmpty
    else { return nil }
    return Double(reply.tokens.count) / Double(last - reply.time) * 1000
  }

  func line(columns: Int) -> StyledLine {
    let name = TurnLabels.shortName(state.model.name)
    // Always said, however narrow the screen: nobody shall think that a turn is lost.
    let elsewhere = state.index.turnsElsewhere
    let others =
      elsewhere == 0
      ? "" : "· \(elsewhere)\(columns < 60 ? "" : elsewhere == 1 ? " turn" : " turns") elsewhere "
    let left: [Span] = [
      Span("── ", .quiet), Span(name, .heading), Span(" · ", .quiet),
      Span(word, state.isIdle && state.loading == nil ? .text : .mark),
      Span(state.anchor == nil || state.page != nil ? " " : " · more below ", .quiet),
      Span(others, .quiet),
    ]
    var shown = facts
    while true {
      let right = shown.isEmpty ? "──" : " " + shown.reversed().joined(separator: " · ") + " ──"
      let used = StyledLine(left).width + CellWidth.of(right)
      if used <= columns || shown.isEmpty {
        let rule = String(repeating: "─", count: max(0, columns - used))
        return StyledLine(left + [Span(rule, .quiet), Span(right, .quiet)])
      }
      shown.removeLast()
    }
  }
}

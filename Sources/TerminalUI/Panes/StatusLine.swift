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

  /// Right-hand side, the most important first. Figures are measured; where one is not known, `-`
  /// stands, never a guess.
  var facts: [String] {
    // Speed and length would tell the models apart.
    guard !state.isBlind else { return [] }
    let reply = state.session.lastReply
    let limit = state.model.contextTokensMax
    var facts: [String] = []
    if reply != nil || limit != nil {
      facts.append("context \(contextTokens ?? "-")/\(limit.map(String.init) ?? "-")")
    }
    facts += settings
    if let reply { facts.append("\(rate(tokensPerSecond(of: reply))) tokens/s") }
    facts.append("seed \(state.session.settings.seed)")
    if let reply {
      facts.append("first \(latency(reply.statistics?.firstTokenMilliseconds))")
      facts.append("prompt \(rate(reply.statistics?.promptTokensPerSecond)) tokens/s")
    }
    return facts
  }

  /// What somebody set otherwise than it usually is.
  private var settings: [String] {
    let unusual = state.session.settings.unusual
    let words = unusual.filter(\.isOfDrawing).map(\.words)
    return words.count == unusual.count ? words : words + ["own wordings"]
  }

  /// Tokens the model had read and written at the end of the conversation as it stands.
  var contextTokens: String? {
    guard let reply = state.session.lastReply, let recipe = reply.recipe else { return nil }
    let written = reply.statistics?.generatedTokens ?? reply.tokens.count
    return String(recipe.promptTokens + written)
  }

  /// Of a reply being written: from its first recorded piece to its last.
  private func tokensPerSecond(of reply: Turn) -> Double? {
    guard reply.id == state.session.openReply else { return reply.statistics?.tokensPerSecond }
    guard let first = reply.growth.first, let last = reply.growth.last, last.time > first.time
    else {
      return nil
    }
    return Double(last.tokens - first.tokens) / Double(last.time - first.time) * 1000
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
      Span(" " + others, .quiet),
      Span(
        state.anchor == nil || state.page != nil
          ? "" : columns < 60 ? "· more " : "· more below ", .quiet),
    ]
    // What does not fit is left out; what comes behind it and is shorter may still be shown.
    let room = columns - StyledLine(left).width
    var right = "──"
    var shown: [String] = []
    for fact in facts {
      let longer = " " + (shown + [fact]).reversed().joined(separator: " · ") + " ──"
      guard CellWidth.of(longer) <= room else { continue }
      (right, shown) = (longer, shown + [fact])
    }
    let rule = String(repeating: "─", count: max(0, room - CellWidth.of(right)))
    return StyledLine(left + [Span(rule, .quiet), Span(right, .quiet)])
  }
}

/// A rate in three digits or more; `-` when nobody measured it.
func rate(_ perSecond: Double?) -> String {
  guard let perSecond else { return "-" }
  return perSecond.isFinite && perSecond >= 100
    ? "\(Int(min(perSecond, 1e12).rounded()))" : oneDecimal(perSecond)
}

/// `12 ms`, `1.4 s`; `-` when nobody measured it.
func latency(_ milliseconds: Double?) -> String {
  guard let milliseconds, milliseconds.isFinite, milliseconds >= 0 else { return "-" }
  return milliseconds < 1000 ? "\(Int(milliseconds.rounded())) ms" : seconds(milliseconds)
}

import SessionCore

/// The page of a reply's tokens: how it was drawn, the tokens in a row, and under them what else
/// could stand at the one that is looked at.
public enum InspectPane {
  /// Rows from which on the facts of the reply are shown above its tokens.
  static let factsRowsMin = 18

  /// - Parameter rows: room for all of it.
  static func lines(
    for inspection: Inspection, _ view: InspectionView, in state: ScreenState, columns: Int,
    rows: Int
  ) -> [StyledLine] {
    let facts = facts(of: inspection, in: state)
    var head = [StyledLine(facts[0], .heading).fitted(to: columns)]
    if rows >= factsRowsMin {
      head += facts.dropFirst().flatMap { wrap([Span($0)], columns: columns) } + [StyledLine()]
    }
    let tableRows = min(Inspection.alternativesMax + 2, max(4, rows / 3 + 1))
    let flowRows = max(1, rows - head.count - tableRows - 1)
    let flow = flow(inspection, view, columns: columns, rows: flowRows)
    let table = table(inspection, view, rows: tableRows)
    return head + flow + [StyledLine()] + table.map { $0.fitted(to: columns) }
  }

  // MARK: - How it was drawn

  /// A line each; the first names the reply.
  static func facts(of inspection: Inspection, in state: ScreenState) -> [String] {
    guard let reply = state.session[inspection.sheet.turn] else { return [""] }
    let labels = TurnLabels(state)
    let title =
      ["turn \(reply.id)", labels.attempt(of: reply), labels.origin(of: reply)]
      .compactMap(\.self) + [labels.speaker(of: reply)]
    guard let recipe = reply.recipe else { return [title.joined(separator: " · ")] }
    let drawn = [
      "seed \(recipe.seed)", "\(recipe.activations.rawValue) activations", recipe.kernel,
      recipe.application, "history \(recipe.history.rawValue)",
    ]
    return [
      title.joined(separator: " · "), "sampler: " + chain(recipe.sampling),
      drawn.joined(separator: " · "), counts(reply, inspection),
    ]
  }

  /// Every step of the sampler with its value, in the order they run.
  static func chain(_ sampling: Sampling) -> String {
    let penalty =
      sampling.repetitionPenalty == 1
      ? "repetition penalty off"
      : "repetition penalty \(sampling.repetitionPenalty) over \(sampling.repetitionWindow) tokens"
    let steps =
      sampling.temperature == 0
      ? ["temperature 0: the likeliest"]
      : [
        "temperature \(sampling.temperature)",
        sampling.topK == 0 ? "top-k off" : "top-k \(sampling.topK)",
        sampling.topP == 1 ? "top-p off" : "top-p \(sampling.topP)",
        sampling.minP == 0 ? "min-p off" : "min-p \(sampling.minP)",
      ]
    return ([penalty] + steps).joined(separator: " → ")
      + " · at most \(sampling.maxTokens) tokens"
  }

  private static func counts(_ reply: Turn, _ inspection: Inspection) -> String {
    let all = inspection.sheet.tokens.count
    var counts = ["prompt of \(all) tokens, \(inspection.sheet.standing)"]
    if let statistics = reply.statistics {
      let reused = statistics.cachedTokens
      counts.append("\(reused) reused, \(statistics.promptTokens - reused) evaluated")
    }
    if let statistics = reply.statistics {
      counts += [
        "first token after \(latency(statistics.firstTokenMilliseconds))",
        "read \(rate(statistics.promptTokensPerSecond)) tokens/s",
        "wrote \(rate(statistics.tokensPerSecond)) tokens/s",
      ]
    }
    let drawn = inspection.tokens.count - inspection.keptCount
    let kept = inspection.keptCount > 0 ? "\(inspection.keptCount) kept and " : ""
    counts.append("reply of \(kept)\(drawn) drawn tokens")
    let ranks = inspection.odds.compactMap(\.rank)
    if ranks.count == inspection.tokens.count, !ranks.isEmpty {
      counts.append("the likeliest at \(ranks.count { $0 == 1 }) of \(ranks.count) places")
    }
    return counts.joined(separator: " · ")
  }

  // MARK: - The tokens in a row

  private static func flow(
    _ inspection: Inspection, _ view: InspectionView, columns: Int, rows: Int
  ) -> [StyledLine] {
    var spans: [Span] = []
    for (place, token) in inspection.tokens.enumerated() {
      let ink: Ink =
        place == view.place ? .chosen : inspection.isSurprising(place) ? .mark : .text
      spans.append(Span(shown(token), ink))
    }
    let isAtEnd = view.place == inspection.tokens.count
    spans.append(Span(isAtEnd ? "▸end" : " ", isAtEnd ? .chosen : .text))
    let lines = wrap(spans, columns: columns - 1)
    let chosen = lines.firstIndex { $0.spans.contains { $0.ink == .chosen } } ?? 0
    let top = max(0, min(chosen - rows / 2, lines.count - rows))
    return lines.dropFirst(top).prefix(rows).map { StyledLine(" ") + $0 }
  }

  /// Line feeds are seen and obeyed; what has no text of its own is named.
  private static func shown(_ token: Inspection.Token) -> String {
    guard !token.text.isEmpty else { return "‹›" }
    return token.text.reduce(into: "") { text, character in
      if character.isNewline { text += "↵\n" } else { text.append(character) }
    }
  }

  // MARK: - Alternatives

  private static func table(
    _ inspection: Inspection, _ view: InspectionView, rows: Int
  ) -> [StyledLine] {
    var lines = [StyledLine(place(view.place, inspection), .heading)]
    guard inspection.odds.indices.contains(view.place) else {
      return lines + [StyledLine(" the model evaluates it again …", .quiet)]
    }
    let odds = inspection.odds[view.place]
    lines.append(StyledLine(" " + columnTitles, .quiet))
    let room = max(1, rows - lines.count)
    let top = max(0, min(view.choice - room + 1, odds.alternatives.count - room))
    for (number, alternative) in odds.alternatives.enumerated().dropFirst(top).prefix(room) {
      let row = StyledLine(
        (number == view.choice ? "▸" : " ") + self.row(number, alternative, odds))
      lines.append(number == view.choice ? row.chosen : row)
    }
    return lines
  }

  /// `token 7 of 12 ‹×› 40 · p 0.4312 · chance 0.5000 · rank 2`.
  private static func place(_ place: Int, _ inspection: Inspection) -> String {
    let count = inspection.tokens.count
    var facts: [String]
    if place < count {
      let token = inspection.tokens[place]
      facts = ["token \(place + 1) of \(count) \(token.quoted) \(token.id)"]
      if place < inspection.keptCount {
        facts.append(place == inspection.keptCount - 1 ? "chosen by a person" : "kept")
      }
    } else {
      facts = ["behind the last of \(count) tokens"]
    }
    if inspection.odds.indices.contains(place), let own = inspection.odds[place].own {
      facts += ["p \(share(own.probability))", "chance \(share(own.chance))"]
      if let rank = inspection.odds[place].rank {
        facts.append(rank == 1 ? "the likeliest" : "rank \(rank)")
      }
    }
    return facts.joined(separator: " · ")
  }

  private static let columnTitles = "  #       p  chance  text, number"

  private static func row(
    _ number: Int, _ alternative: Inspection.Alternative, _ odds: Inspection.Odds
  ) -> String {
    let cells = [
      padded(String(number + 1), 3), padded(share(alternative.probability), 8),
      padded(alternative.chance == 0 ? "never" : share(alternative.chance), 8),
    ]
    var text = cells.joined() + "  \(alternative.token.quoted)  \(alternative.token.id)"
    if alternative.isEnd { text += "  ends the reply" }
    if alternative.token.id == odds.own?.token.id { text += "  stands here" }
    return text
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  /// Four digits after the point; what is smaller than they show says so.
  static func share(_ value: Double) -> String {
    guard value.isFinite else { return "?" }
    let parts = Int((min(max(value, 0), 1) * 10_000).rounded())
    if parts == 0, value > 0 { return "<0.0001" }
    let digits = String(parts % 10_000)
    return "\(parts / 10_000)." + String(repeating: "0", count: 4 - digits.count) + digits
  }

  // MARK: - All of it as text

  /// Alternatives that are read out of each place.
  static let reportedMax = 5

  /// Everything for a front without a screen: the facts, then a row for each alternative.
  public static func report(
    on inspection: Inspection, _ view: InspectionView, in state: ScreenState, columns: Int
  ) -> [StyledLine] {
    guard view.promptRow == nil else {
      return SentPane.lines(for: inspection.sheet, columns: columns)
    }
    var lines = facts(of: inspection, in: state).map { StyledLine($0) }
    for index in inspection.odds.indices {
      lines += [StyledLine(), StyledLine(place(index, inspection)), StyledLine(columnTitles)]
      let odds = inspection.odds[index]
      lines += odds.alternatives.prefix(reportedMax).enumerated().map {
        StyledLine(row($0, $1, odds))
      }
    }
    return lines
  }
}

import Friction

/// The figures of friction: for the session and for its folder a few small curves over the
/// attempts, drawn alike, a sentence, and every number in a table.
public enum FrictionPane {
  /// Of one curve: four of them fit beside each other on eighty columns.
  static let chart = CurveChart.Size(columns: 14, rows: 4)

  /// The page; the curves in `style`.
  static func lines(
    for sheet: FrictionSheet?, columns: Int, style: CurveChart.Style
  ) -> [StyledLine] {
    guard let sheet else { return [StyledLine(" measuring …", .quiet)] }
    let session = [title("This session", columns)] + curves(sheet.session, columns, style)
    let folder =
      [title(folderTitle(sheet.folder), columns)]
      + curves(sheet.folder.digest, columns, style)
    let numbers =
      indented(sentence("This session", sheet.session), columns)
      + indented(folderSentence(sheet.folder), columns) + [StyledLine()]
      + table(sheet).map { StyledLine(" " + $0).fitted(to: columns) }
    return session + [StyledLine()] + folder + [StyledLine()] + numbers
  }

  /// Without a picture: a sentence each, and the table. For the plain front.
  public static func plainLines(for sheet: FrictionSheet) -> [StyledLine] {
    let sentences = [sentence("This session", sheet.session), folderSentence(sheet.folder)]
    return sentences.map { StyledLine($0) } + [StyledLine()] + table(sheet).map { StyledLine($0) }
  }

  private static func title(_ text: String, _ columns: Int) -> StyledLine {
    StyledLine(" " + text, .heading).fitted(to: columns)
  }

  private static func indented(_ text: String, _ columns: Int) -> [StyledLine] {
    let measure = min(columns - 2, TranscriptPane.measureColumnsMax)
    return wrap([Span(text)], columns: measure).map { StyledLine(" ") + $0 }
  }

  private static func folderTitle(_ folder: FrictionSheet.Folder) -> String {
    "Folder: " + covered(folder)
  }

  /// How much of the folder the figures are of.
  private static func covered(_ folder: FrictionSheet.Folder) -> String {
    let read = folder.digest.sessions
    let sessions = folder.found == 1 ? "session" : "sessions"
    var text =
      read >= folder.found
      ? "\(read) \(sessions)" : "the newest \(read) of \(folder.found) \(sessions)"
    if folder.damaged > 0 { text += ", \(folder.damaged) unreadable left out" }
    return folder.isReading ? text + ", reading …" : text
  }
}

// Curves.
extension FrictionPane {
  /// One small curve.
  private struct Panel {
    var name: String
    var points: [CurveChart.Point?]
    var top = "100"
    var middle = "50"
  }

  private static func curves(
    _ digest: FrictionDigest, _ columns: Int, _ style: CurveChart.Style
  ) -> [StyledLine] {
    let panels = panels(digest)
    guard !panels.isEmpty else { return [StyledLine("  no reply yet", .quiet)] }
    let drawn = panels.map {
      CurveChart.lines(
        $0.name, $0.points, attempts: max(1, digest.attemptsMax), style, size: chart, top: $0.top,
        middle: $0.middle)
    }
    let beside = max(1, (columns - 1) / chart.width)
    return stride(from: 0, to: drawn.count, by: beside).flatMap { first in
      let row = drawn[first..<min(first + beside, drawn.count)]
      return (0..<chart.rows + 2).map { line in
        let text = row.map { panel in
          panel[line] + String(repeating: " ", count: max(0, chart.width - panel[line].count))
        }.joined()
        return StyledLine(" " + text, line == 0 ? .quiet : .text).fitted(to: columns)
      }
    }
  }

  private static func panels(_ digest: FrictionDigest) -> [Panel] {
    guard digest.attempts > 0 else { return [] }
    let tokens = digest.tokens.map {
      $0.map { ($0.prompt / $0.attempts, $0.evaluated / $0.attempts) }
    }
    let most = max(1, tokens.compactMap { $0?.0 }.max() ?? 1)
    let share = { (count: Int) in CurveChart.Point(Double(count) / Double(most)) }
    let shares = [
      Panel(name: "right by try k %", points: digest.right.map { CurveChart.Point($0) }),
      Panel(name: "said before %", points: digest.repeated.map { CurveChart.Point($0) }),
      Panel(name: "edits that stood %", points: digest.standingEdits.map { CurveChart.Point($0) }),
    ]
    return shares + [
      Panel(
        name: "tokens read a try", points: tokens.map { $0.map { share($0.1) } },
        top: short(most), middle: short(most / 2))
    ]
  }

  /// `840`, `12k`, `3M`: at most three characters up to 999 million.
  static func short(_ count: Int) -> String {
    switch count {
    case ..<1000: "\(count)"
    case ..<100_000: "\(count / 1000)k"
    case ..<1_000_000: "\(count / 1000)k".count > 3 ? ".\(count / 100_000)M" : "\(count / 1000)k"
    default: "\(count / 1_000_000)M"
    }
  }
}

// Numbers.
extension FrictionPane {
  private static func folderSentence(_ folder: FrictionSheet.Folder) -> String {
    sentence("The folder (\(covered(folder)))", folder.digest)
  }

  /// All that the curves say, in words.
  static func sentence(_ subject: String, _ digest: FrictionDigest) -> String {
    guard digest.attempts > 0 else { return "\(subject): no reply yet." }
    var parts = [
      "\(subject): \(counted(digest.questions, "question")), "
        + "\(counted(digest.attempts, "attempt"))."
    ]
    if let first = digest.right.first, let last = digest.right.last, first.total > 0 {
      var text = "Right at the first attempt: \(words(first))"
      if digest.right.count > 1 { text += "; by attempt \(digest.right.count): \(words(last))" }
      parts.append(text + ".")
    } else {
      parts.append("No checker judged a reply: right and wrong are unknown.")
    }
    if digest.allRepeated.total > 0 {
      parts.append("Answers said before: \(words(digest.allRepeated)).")
    }
    if digest.allStandingEdits.total > 0 {
      parts.append("Edits that stood: \(words(digest.allStandingEdits)).")
    }
    if let tokens = digest.allTokens {
      let saved = tokens.prompt - tokens.evaluated
      let share = tokens.prompt > 0 ? " (\(saved * 100 / tokens.prompt)%)" : ""
      parts.append(
        "Prompts had \(counted(tokens.prompt, "token")): \(tokens.evaluated) were read, "
          + "\(saved)\(share) saved by what was read before; \(tokens.generated) were written.")
    }
    return parts.joined(separator: " ")
  }

  private static func counted(_ count: Int, _ noun: String) -> String {
    count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
  }

  private static func words(_ proportion: Proportion) -> String {
    guard let share = proportion.share else { return "none" }
    return "\(proportion.count) of \(proportion.total) (\(Int((share * 100).rounded()))%)"
  }

  /// Most attempts that have a row; the last one stands for those left out before it.
  static let attemptsShown = 10

  /// Aligned columns, the session's rows first: counts, so that nothing is rounded away.
  static func table(_ sheet: FrictionSheet) -> [String] {
    ["session", "folder"].enumerated().flatMap { place, name -> [String] in
      let digest = place == 0 ? sheet.session : sheet.folder.digest
      guard digest.attempts > 0 else { return [] }
      let all = Array(1...max(1, digest.attemptsMax))
      let shown =
        all.count <= attemptsShown ? all : Array(all.prefix(attemptsShown - 1)) + all.suffix(1)
      return [row([name, "right", "before", "stood", "read", "saved"])]
        + shown.map { row(cells(digest, at: $0)) }
    }
  }

  private static func cells(_ digest: FrictionDigest, at attempt: Int) -> [String] {
    let fraction = { (counts: [Proportion]) in
      guard counts.indices.contains(attempt - 1), counts[attempt - 1].total > 0 else { return "-" }
      return "\(counts[attempt - 1].count)/\(counts[attempt - 1].total)"
    }
    let tokens = digest.tokens.indices.contains(attempt - 1) ? digest.tokens[attempt - 1] : nil
    return [
      "try \(attempt)", fraction(digest.right), fraction(digest.repeated),
      fraction(digest.standingEdits), tokens.map { "\($0.evaluated)" } ?? "-",
      tokens.map { "\($0.prompt - $0.evaluated)" } ?? "-",
    ]
  }

  private static func row(_ cells: [String]) -> String {
    let widths = [7, 6, 7, 6, 6, 6]
    return zip(cells, widths).enumerated().map { place, cell in
      let fill = String(repeating: " ", count: max(0, cell.1 - cell.0.count))
      return place == 0 ? cell.0 + fill : fill + (fill.isEmpty ? " " : "") + cell.0
    }.joined()
  }
}

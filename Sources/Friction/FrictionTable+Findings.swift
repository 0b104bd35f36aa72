extension FrictionTable {
  /// Arms side by side in one block of the table of families.
  private static let armsInBlock = 5

  /// First attempts by family, and what each arm made of them; empty where nobody named families.
  var families: String {
    guard !report.skills.isEmpty else { return "" }
    return firstAttempts
      + block("Of the wrong at first, right in the end (of n)") { $0.recovery }
      + block("Of the right at first, wrong in the end (of n)") { $0.modification }
  }

  private var firstAttempts: String {
    let columns = [
      Column("model", 20), Column("family", 26), Column("n", 6, .right), Column("", 1),
      Column("right at first", 16), Column("no answer", 9, .right),
    ]
    let cells = report.skills.map { skill in
      [
        Self.shown(skill.model, 19), Self.shown(Self.label(skill), 26), "\(skill.first.total)", "",
        Self.percent(skill.first), "\(skill.unanswered)",
      ]
    }
    return text(
      ["", heading("First attempts by family, in % [95 % interval]")] + Self.lay(columns, cells))
  }

  private func block(
    _ title: String, _ share: (Transitions) -> Proportion
  ) -> String {
    var seen: [String] = []
    for arm in report.skills.flatMap(\.arms) where share(arm.transitions).total > 0 {
      if !seen.contains(arm.arm) { seen.append(arm.arm) }
    }
    guard !seen.isEmpty else { return "" }
    var lines = ["", heading(title)]
    for start in stride(from: 0, to: seen.count, by: Self.armsInBlock) {
      let arms = Array(seen[start..<min(start + Self.armsInBlock, seen.count)])
      let columns = [Column("", 24)] + arms.map { Column(Self.shown($0, 10), 11) }
      let cells = report.skills.map { skill in
        [Self.shown(Self.label(skill), 23)]
          + arms.map { name in
            let found = skill.arms.first { $0.arm == name }.map { share($0.transitions) }
            guard let found, found.total > 0 else { return "-" }
            return "\(found.count) of \(found.total)"
          }
      }
      lines += Self.lay(columns, cells)
    }
    return text(lines)
  }

  private static func label(_ skill: Skill) -> String {
    [skill.family, skill.difficulty].compactMap(\.self).joined(separator: " ")
  }

  /// One plain sentence a finding; empty where nothing was found.
  var findings: String {
    let found = report.findings
    guard !found.isEmpty else { return "" }
    let drawn =
      "Tasks drawn again \(report.bootstrap.resamples) times for intervals of differences, seed "
      + "\(report.bootstrap.seed)."
    let names = report.rows.map(\.script)
    let severalScripts = names.contains { $0 != names.first }
    var lines = ["", heading("What it shows")]
    var script: String??
    for finding in found {
      if severalScripts, script != .some(finding.script) {
        lines.append("\(Self.shown(finding.script ?? "conversations", 60)):")
        script = .some(finding.script)
      }
      lines += Self.wrapped(Self.shown(finding.text, 400))
    }
    return text(lines + Self.wrapped(drawn, first: ""))
  }

  /// Lines of at most 80 characters, words kept whole where they fit.
  static func wrapped(_ text: String, first: String = "- ") -> [String] {
    let width = 80
    let indent = String(repeating: " ", count: first.count)
    var lines: [String] = []
    var line = first
    for word in text.split(separator: " ") {
      var word = word[...]
      if line.count > indent.count, line.count + 1 + word.count > width {
        lines.append(line)
        line = indent
      }
      if line.count > indent.count { line += " " }
      while line.count + word.count > width {
        let room = width - line.count
        lines.append(line + word.prefix(room))
        word = word.dropFirst(room)
        line = indent
      }
      line += word
    }
    return lines + [line]
  }

  private func text(_ lines: [String]) -> String { lines.joined(separator: "\n") + "\n" }
}

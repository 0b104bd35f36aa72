/// A text in which parts were replaced.
public struct RewrittenText: Equatable, Sendable {
  /// One replacement.
  public struct Cut: Equatable, Sendable {
    /// UTF-8 bytes of the old text that were taken out.
    public var range: Range<Int>
    /// UTF-8 bytes that stand there now.
    public var length: Int

    public init(_ range: Range<Int>, length: Int) {
      self.range = range
      self.length = length
    }
  }
  public var text: String
  /// In order, without overlaps.
  public var cuts: [Cut]

  public init(_ text: String, cuts: [Cut] = []) {
    self.text = text
    self.cuts = cuts
  }

  /// Where a byte of the old text is in the new one; inside a cut, where the cut ends.
  public func position(of old: Int) -> Int {
    var shift = 0
    for cut in cuts {
      if old <= cut.range.lowerBound { break }
      guard old >= cut.range.upperBound else { return cut.range.lowerBound + shift + cut.length }
      shift += cut.length - cut.range.count
    }
    return old + shift
  }
}

// For exports that must not say everything.
extension Session {
  /// The same tree with every text that a person, a script or a model wrote passed through
  /// `rewrite`: turns, notes, tags, answers, expectations, titles and names. Offsets into a text move
  /// with it. The tokens of a reply whose text changed would still tell what it said: they are
  /// dropped.
  public func rewritingTexts(_ rewrite: (String) -> RewrittenText) -> Session {
    var copy = self
    func plain(_ text: String) -> String { rewrite(text).text }
    let rewritten = turns.map { rewrite($0.text) }
    func other(_ id: TurnID) -> RewrittenText {
      rewritten.indices.contains(id.position) ? rewritten[id.position] : RewrittenText("")
    }
    let turns = zip(self.turns, rewritten).map { $0.rewritten($1, plain, other) }
    copy.replaceTexts(
      header: header.rewritten(plain), turns: turns,
      notes: notes.mapValues { $0.map(plain) }, tags: tags.mapValues { $0.map(plain) },
      verdicts: verdicts.mapValues {
        var verdict = $0
        verdict.answer = $0.answer.map(plain)
        return verdict
      }, settings: settings.rewritten(plain))
    return copy
  }
}

extension SessionHeader {
  fileprivate func rewritten(_ plain: (String) -> String) -> SessionHeader {
    var header = self
    header.title = plain(title)
    header.model = plain(model)
    header.provenance = provenance.map {
      Provenance(
        script: $0.script.map(plain), arm: $0.arm.map(plain), problem: $0.problem.map(plain),
        replayOf: $0.replayOf, forkedFrom: $0.forkedFrom)
    }
    return header
  }
}

extension Settings {
  fileprivate func rewritten(_ plain: (String) -> String) -> Settings {
    var settings = self
    settings.model = model.map(plain)
    // Words that nobody chose say nothing of anybody.
    guard wordings != Wordings() else { return settings }
    settings.wordings = Wordings(
      tryAgain: plain(wordings.tryAgain), critique: plain(wordings.critique))
    return settings
  }
}

extension Turn {
  /// - Parameter others: the new text of any turn.
  fileprivate func rewritten(
    _ new: RewrittenText, _ plain: (String) -> String, _ others: (TurnID) -> RewrittenText
  ) -> Turn {
    var turn = Turn(
      id: id, parent: parent, role: role,
      origin: origin.rewritten(new, plain, others), text: new.text, state: state,
      spans: spans, tokens: new.cuts.isEmpty ? tokens : [],
      keptTokens: new.cuts.isEmpty ? keptTokens : nil, recipe: recipe,
      statistics: statistics, time: time)
    turn.recipe?.model.name = plain(recipe?.model.name ?? "")
    turn.growth = growth.map {
      TextGrowth(time: $0.time, bytes: new.position(of: $0.bytes), tokens: $0.tokens)
    }
    turn.endTime = endTime
    var (old, start) = (0, 0)
    for index in turn.spans.indices {
      old += turn.spans[index].bytes
      let end = new.position(of: old)
      turn.spans[index].bytes = end - start
      start = end
    }
    return turn
  }
}

extension Turn.Origin {
  fileprivate func rewritten(
    _ own: RewrittenText, _ plain: (String) -> String, _ others: (TurnID) -> RewrittenText
  ) -> Turn.Origin {
    switch self {
    case .asked(let expectation): return .asked(expectation?.rewritten(plain))
    case .answered, .resampled: return self
    case .continued(let original, let keptBytes):
      return .continued(editOf: original, keptBytes: own.position(of: keptBytes))
    case .feedback(var feedback):
      let text = others(feedback.on)
      feedback.target = feedback.target.map {
        text.position(of: $0.lowerBound)..<text.position(of: $0.upperBound)
      }
      feedback.masked = feedback.masked.map(plain)
      if case .model(let name) = feedback.author { feedback.author = .model(plain(name)) }
      return .feedback(feedback)
    }
  }
}

extension Expectation {
  fileprivate func rewritten(_ plain: (String) -> String) -> Expectation {
    switch self {
    case .number(let text): .number(plain(text))
    case .exact(let text): .exact(plain(text))
    case .regex(let text): .regex(plain(text))
    case .numberWithin(let text, let tolerance): .numberWithin(plain(text), tolerance: tolerance)
    case .anyOf(let texts): .anyOf(texts.map(plain))
    case .boxed(let text): .boxed(plain(text))
    case .choice(let text): .choice(plain(text))
    case .cells(let texts): .cells(texts.map(plain))
    case .task(let key): .task(plain(key))
    case .command(let line): .command(plain(line))
    case .judge(let question, let reference):
      .judge(question: plain(question), reference: reference.map(plain))
    }
  }
}

import SessionCore

/// How turns are named above their text, the same in both fronts.
public struct TurnLabels: Sendable {
  let session: Session
  private let index: TurnIndex

  /// Goes through the whole session once.
  public init(_ session: Session) {
    self.session = session
    index = TurnIndex(session)
  }

  /// The same at no cost, where a screen or a shell keeps the index.
  public init(_ state: ScreenState) {
    session = state.session
    index = state.index
  }

  /// Who speaks: `you`, `system`, or the model's name.
  public func speaker(of turn: Turn) -> String {
    switch turn.role {
    case .system: "system"
    case .user:
      switch turn.feedback?.author {
      case .script, .template: "script"
      case .model(let name): name
      case .judge: "judge"
      case .person, nil: "you"
      }
    case .assistant: Self.shortName(turn.recipe?.model.name ?? session.header.model)
    }
  }

  /// The last part of a path, without the extension.
  static func shortName(_ model: String) -> String {
    let file = model.split(separator: "/").last.map(String.init) ?? model
    return file.hasSuffix(".gguf") ? String(file.dropLast(5)) : file
  }

  /// 1 for a first attempt, 0 for what is no reply.
  public func attemptNumber(of reply: Turn) -> Int { index.attempt(of: reply.id) }

  /// `attempt 2 of 3`, or nil when there is only one.
  func attempt(of reply: Turn) -> String? {
    guard reply.role == .assistant else { return nil }
    let total = index.attempts(at: reply.id)
    return total > 1 ? "attempt \(index.attempt(of: reply.id)) of \(total)" : nil
  }

  /// How the turn came to be, in a person's words: `try again`, `regenerated` …
  public func origin(of turn: Turn) -> String? {
    switch turn.origin {
    case .asked: return nil
    case .feedback(let feedback): return Self.word(for: feedback.kind)
    case .resampled: return "regenerated"
    case .continued(let original, let keptBytes):
      if let tokens = turn.keptTokens { return "branched at token \(tokens.identifiers.count)" }
      let old = session[original]?.text.utf8 ?? "".utf8
      let isWhole = !old.isEmpty && old.count <= keptBytes && turn.text.utf8.starts(with: old)
      return isWhole ? "continued" : "edited in place"
    case .answered:
      let asked = turn.parent.flatMap { session[$0] }
      return asked?.feedback.map { Self.word(for: $0.kind) }
    }
  }

  static func word(for kind: Feedback.Kind) -> String {
    switch kind {
    case .unary: "try again"
    case .critique: "critique"
    case .challenge: "challenge"
    }
  }

  /// `version 2 of 3` when the turn has siblings.
  func version(of turn: Turn) -> String? {
    let count = index.siblingCount(of: turn.id)
    return count > 1 ? "version \(index.siblingPlace(of: turn.id)) of \(count)" : nil
  }

  /// `2/5` when the turn has siblings: the short form, for the tree.
  func place(of turn: Turn) -> String? {
    let count = index.siblingCount(of: turn.id)
    return count > 1 ? "\(index.siblingPlace(of: turn.id))/\(count)" : nil
  }

  /// How much of a reply a person typed in place, by bytes; nil when nothing.
  func share(of reply: Turn) -> String? {
    let typed = reply.spans.reduce(0) { $0 + ($1.writer == .person ? $1.bytes : 0) }
    let all = max(reply.text.utf8.count, 1)
    let how = reply.keptTokens == nil ? "typed" : "chosen"
    return typed > 0 ? "\(max(1, min(100, 100 * typed / all))) % \(how) by you" : nil
  }

  /// Tokens and seconds; what is not known is left out.
  func cost(of reply: Turn) -> [String] {
    let tokens = reply.statistics?.generatedTokens ?? reply.tokens.count
    var cost: [String] = tokens > 0 ? [tokens == 1 ? "1 token" : "\(tokens) tokens"] : []
    if let decode = reply.statistics?.decodeMilliseconds {
      cost.append(seconds((reply.statistics?.prefillMilliseconds ?? 0) + decode))
    }
    return cost
  }

  /// Why a reply is not whole, or nil when it is (or is still growing).
  public func ending(of reply: Turn) -> String? {
    switch reply.state {
    case .open, .complete(.endOfTurn): nil
    case .complete(.length): "cut: the token limit of a reply was reached"
    case .complete(.contextFull): "cut: the model's context is full"
    case .stopped(.cancelled): "stopped; the text so far is kept"
    case .stopped(.interrupted): "interrupted: the program ended here; the text so far is kept"
    case .stopped(.failed(let code)): "failed: \(code)"
    }
  }

  /// Verdict, rating, bookmark, tags and notes of a turn, each in a few words.
  public func remarks(on turn: Turn) -> [String] {
    var remarks: [String] = []
    switch session.verdicts[turn.id]?.outcome {
    case .right: remarks.append("judged right")
    case .wrong: remarks.append("judged wrong")
    case .noAnswer: remarks.append("judged: no answer")
    case nil: break
    }
    if let rating = session.ratings[turn.id] { remarks.append("rated \(Self.word(for: rating))") }
    remarks += votes(on: turn.id)
    if session.bookmarks.contains(turn.id) { remarks.append("bookmarked") }
    if let tags = session.tags[turn.id] {
      remarks.append(tags.map { "#" + $0 }.joined(separator: " "))
    }
    return remarks + (session.notes[turn.id] ?? []).map { "note: \($0)" }
  }

  private func votes(on reply: TurnID) -> [String] {
    session.votes.filter { $0.a == reply || $0.b == reply }.map { vote in
      let other = vote.a == reply ? vote.b : vote.a
      return switch vote.choice {
      case .tie: "voted as good as \(other)"
      case .bothBad: "voted bad, like \(other)"
      case .a, .b: "voted \(vote.winner == reply ? "better" : "worse") than \(other)"
      }
    }
  }

  /// `good`, `bad`, `4 of 5`.
  public static func word(for rating: Rating) -> String {
    switch rating {
    case .up: "good"
    case .down: "bad"
    case .stars(let stars): "\(stars) of 5"
    }
  }
}

extension Turn {
  /// A bare "try again", which its label has said already.
  public var saysOnlyTryAgain: Bool { feedback?.kind == .unary && text == Feedback.unaryWording }
}

/// `0.4 s`, `12 s`, `3 min 5 s`.
func seconds(_ milliseconds: Double) -> String {
  guard milliseconds.isFinite, milliseconds >= 0 else { return "? s" }
  let tenths = Int((min(milliseconds, 1e12) / 100).rounded())
  if tenths < 100 { return "\(tenths / 10).\(tenths % 10) s" }
  let whole = (tenths + 5) / 10
  return whole < 60 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
}

/// One digit after the point.
func oneDecimal(_ value: Double) -> String {
  guard value.isFinite else { return "?" }
  let tenths = Int((min(max(value, 0), 1e12) * 10).rounded())
  return "\(tenths / 10).\(tenths % 10)"
}

import SessionCore

/// How turns are named above their text, the same in both fronts.
public struct TurnLabels: Sendable {
  let session: Session
  /// The conversation as it stands, walked once.
  private let current: [Turn]

  public init(_ session: Session) {
    self.session = session
    current = session.current
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

  /// `attempt 2 of 3`, or nil when there is only one.
  func attempt(of reply: Turn) -> String? {
    let number = session.attempts(upTo: reply.id).count
    let question = session.question(of: reply.id)?.id
    // What follows the question, up to the next one: asking each turn for its question would climb
    // all attempts again and again.
    let start = current.firstIndex { $0.id == question }.map { $0 + 1 } ?? current.endIndex
    let last = current[start...].prefix { $0.role == .assistant || $0.feedback != nil }
      .last { $0.role == .assistant }
    let total = max(number, last.map { session.attempts(upTo: $0.id).count } ?? 0)
    return total > 1 ? "attempt \(number) of \(total)" : nil
  }

  /// How the turn came to be, in a person's words: `try again`, `regenerated` …
  public func origin(of turn: Turn) -> String? {
    switch turn.origin {
    case .asked: return nil
    case .feedback(let feedback): return Self.word(for: feedback.kind)
    case .resampled: return "regenerated"
    case .continued: return "edited in place"
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
    let siblings = session.siblings(of: turn.id)
    guard siblings.count > 1, let place = siblings.firstIndex(where: { $0.id == turn.id }) else {
      return nil
    }
    return "version \(place + 1) of \(siblings.count)"
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

  /// Rating, verdict and notes of a turn, each in a few words.
  public func remarks(on turn: Turn) -> [String] {
    var remarks: [String] = []
    switch session.verdicts[turn.id]?.outcome {
    case .right: remarks.append("judged right")
    case .wrong: remarks.append("judged wrong")
    case .noAnswer: remarks.append("judged: no answer")
    case nil: break
    }
    if let rating = session.ratings[turn.id] { remarks.append("rated \(Self.word(for: rating))") }
    return remarks + (session.notes[turn.id] ?? []).map { "note: \($0)" }
  }

  static func word(for rating: Rating) -> String {
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
